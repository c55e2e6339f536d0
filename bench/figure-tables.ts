import type { HistoryRow } from './history.ts';

/** The newest row of each figure of each subject. */
export function newestOf(history: readonly HistoryRow[]): readonly HistoryRow[] {
  const newest = new Map<string, HistoryRow>();
  for (const row of history) newest.set(`${row.benchmark}\n${row.unit}\n${row.subject}`, row);
  return [...newest.values()];
}

export interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
}

/** A table of Markdown. */
export const markdownTable = (columns: readonly Column[], rows: readonly (readonly string[])[]): string =>
  [
    `| ${columns.map(({ head }) => head).join(' | ')} |`,
    `|${columns.map(({ align }) => (align === 'left' ? ' --- ' : ' ---: ')).join('|')}|`,
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');

/** A line for each server under each of these mixes: CPU with its range, the ratio, calls a second, memory. */
export function loadTable(newest: readonly HistoryRow[], benchmarks: readonly string[]): string {
  const rows = benchmarks.flatMap((benchmark) =>
    newest
      .filter((row) => row.benchmark === benchmark && row.unit === CPU_UNIT)
      .map((row) => {
        const also = (unit: string): string => {
          const other = newest.find(
            (one) => one.benchmark === benchmark && one.subject === row.subject && one.unit === unit,
          );
          return other === undefined ? '' : withRange(other, 0);
        };
        return [
          benchmark,
          row.subject,
          withRange(row, 1),
          row.ratio?.toFixed(2) ?? '',
          also('a second'),
          also('MB'),
          row.commit,
        ];
      }),
  );
  return markdownTable(
    [...left('mix', 'server'), ...right('CPU ms per 1,000', 'of Kamailio', 'a second', 'MB'), ...left('commit')],
    rows,
  );
}

/** A line for each of these figures, a column for each subject. */
export function figureTable(newest: readonly HistoryRow[], takes: (row: HistoryRow) => boolean): string {
  const rows = newest.filter(takes);
  const subjects = [...new Set(rows.map(({ subject }) => subject))];
  const lines = [...new Set(rows.map(({ benchmark, unit }) => `${benchmark}\n${unit}`))].map((key) => {
    const [benchmark = '', unit = ''] = key.split('\n');
    const own = rows.filter((row) => row.benchmark === benchmark && row.unit === unit);
    const cells = subjects.map((subject) => {
      const row = own.find((one) => one.subject === subject);
      return row === undefined ? '' : withRange(row, row.value < 100 ? 2 : 0);
    });
    return [benchmark, unit, ...cells, own.at(-1)?.commit ?? ''];
  });
  return markdownTable([...left('figure', 'unit'), ...right(...subjects), ...left('commit')], lines);
}

export const CPU_UNIT = 'ms CPU per 1000';

const left = (...heads: readonly string[]): readonly Column[] => heads.map((head) => ({ head, align: 'left' }));
const right = (...heads: readonly string[]): readonly Column[] => heads.map((head) => ({ head, align: 'right' }));

function withRange({ value, range }: HistoryRow, digits: number): string {
  const text = (n: number): string =>
    n.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return range === undefined ? text(value) : `${text(value)} (${text(range[0])}–${text(range[1])})`;
}
