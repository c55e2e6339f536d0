/** A broken rule: where, and a sentence that says what is wrong and what to do instead. */
export interface Finding {
  readonly path: string;
  /** Counted from 1; 0 where the whole file is meant. */
  readonly line: number;
  readonly sentence: string;
}

export const printFinding = ({ path, line, sentence }: Finding): string =>
  `${path}${line === 0 ? '' : `:${line}`}  ${sentence}`;
