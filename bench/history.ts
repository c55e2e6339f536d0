import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';

/** One measured figure. */
export interface Figure {
  readonly benchmark: string;
  readonly subject: string;
  readonly value: number;
  readonly unit: string;
  /** To the peer measured in the same run; `undefined` where there was none. */
  readonly ratio: number | undefined;
  /** The lowest and the highest of the rounds, where there were several. */
  readonly range?: readonly [lowest: number, highest: number];
}

/** A figure with when and about what it was measured. */
export interface HistoryRow extends Figure {
  readonly date: string;
  readonly commit: string;
}

/** Appends figures to `history.csv`, with the date and the commit that they are about. */
export function remember(figures: readonly Figure[]): void {
  const file = new URL('./history.csv', import.meta.url);
  if (!existsSync(file))
    appendFileSync(file, 'date,commit,benchmark,subject,value,unit,ratio to peer,lowest,highest\n');
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const date = new Date().toISOString().slice(0, 10);
  for (const { benchmark, subject, value, unit, ratio, range } of figures) {
    const cells = [date, commit, benchmark, subject, value.toFixed(2), unit, ratio?.toFixed(3) ?? ''];
    if (range !== undefined) cells.push(...range.map((end) => end.toFixed(2)));
    appendFileSync(file, `${cells.join(',')}\n`);
  }
}

/** The rows of the text of `history.csv`, oldest first. Older ones say no range. */
export function parseHistory(text: string): readonly HistoryRow[] {
  const [, ...lines] = text.trim().split('\n');
  return lines.map((line) => {
    const [date = '', commit = '', benchmark = '', subject = '', value, unit = '', ratio, lowest, highest] =
      line.split(',');
    return {
      date,
      commit,
      benchmark,
      subject,
      value: Number(value),
      unit,
      ratio: ratio === undefined || ratio === '' ? undefined : Number(ratio),
      ...(lowest === undefined || highest === undefined ? {} : { range: [Number(lowest), Number(highest)] as const }),
    };
  });
}

/** The middle one, of an even number the upper of the two in the middle. */
export const medianOf = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
