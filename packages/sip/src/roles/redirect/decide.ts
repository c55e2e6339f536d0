import { line } from '../../message/index.ts';
import { type Decision, reply } from '../../routing/index.ts';

/** A place that a caller may be sent to. */
export interface Alternative {
  readonly contact: string;
  /** Thousandths; `undefined` where the phone gave none. */
  readonly q: number | undefined;
}

/**
 * The redirect server (RFC 3261 §8.3): 302 with every place where somebody can be reached, the preferred first; 480 when there
 * is none. A place that is the Request-URI itself is left out, since that would be a loop.
 */
export function redirect(requestUri: string, places: readonly Alternative[]): Decision {
  const others = places
    .filter((place) => place.contact !== requestUri)
    .toSorted((a, b) => (b.q ?? 1000) - (a.q ?? 1000));
  if (others.length === 0) return reply(480);
  return reply(
    302,
    undefined,
    others.map(({ contact, q }) =>
      line(
        'Contact',
        `<${contact}>${
          q === undefined
            ? ''
            : `;q=${(q / 1000)
                .toFixed(3)
                .replace(/0{1,3}$/, '')
                .replace(/\.$/, '')}`
        }`,
      ),
    ),
  );
}
