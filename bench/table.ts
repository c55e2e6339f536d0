/** An aligned table: columns whose cells all begin with a digit or are empty stand to the right. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const isNumeric = head.map((_, i) => rows.length > 0 && rows.every((row) => /^(?:\d|$)/.test(row[i] ?? '')));
  const lineOf = (cells: readonly string[]): string =>
    widths
      .map((width, i) => (isNumeric[i] === true ? (cells[i] ?? '').padStart(width) : (cells[i] ?? '').padEnd(width)))
      .join('  ')
      .trimEnd();
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(lineOf).join('\n');
}
