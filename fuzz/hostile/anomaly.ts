/** One thing that can be wrong with an element. */
export interface Anomaly {
  readonly family: string;
  readonly name: string;
  /** The element with this wrong, from its valid text; `undefined` where that would be no case of its own. */
  readonly apply: (valid: string) => string | undefined;
}

/** Something else in its place. */
export const replacing = (family: string, name: string, text: string): Anomaly => ({ family, name, apply: () => text });

/** The valid text with something done to it. */
export const put = (family: string, name: string, change: (valid: string) => string): Anomaly => ({
  family,
  name,
  apply: change,
});

/** The valid text so many times, as long as a datagram can hold it. */
export const times = (count: number): Anomaly => ({
  family: 'repeated',
  name: `${count} times`,
  apply: (valid) => (valid.length * count > MAX_REPEATED ? undefined : valid.repeat(count)),
});

const MAX_REPEATED = 60_000;
