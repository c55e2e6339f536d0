/** Pieces that the drawings share: SVG that reads well on a light and on a dark page. */

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The classes of the style; what kind of writing it is. */
export type Ink = 'title' | 'note' | 'name' | 'value' | 'tick';

export function picture(title: string, width: number, height: number, parts: readonly string[]): string {
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`;
  return `${[frame, `<title>${escaped(title)}</title>`, STYLE, ...parts, '</svg>'].join('\n')}\n`;
}

export const writing = (
  ink: Ink,
  { x, y }: Place,
  text: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): string => `<text class="${ink}" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(text)}</text>`;

export const ruler = (from: Place, to: Place): string =>
  `<line class="rule" x1="${round(from.x)}" y1="${round(from.y)}" x2="${round(to.x)}" y2="${round(to.y)}"/>`;

/** A row of colours and what they stand for. */
export function legend(subjects: readonly string[], { x, y }: Place): readonly string[] {
  let left = x;
  return subjects.flatMap((subject) => {
    const at = left;
    left += 34 + subject.length * 7;
    return [
      `<rect class="${seriesClass(subject)}" x="${at}" y="${y - 9}" width="10" height="10" rx="2"/>`,
      writing('note', { x: at + 15, y }, subject),
    ];
  });
}

/** Each server keeps its colour in all drawings. */
export const seriesClass = (subject: string): string => `s${Math.max(0, SERIES.indexOf(subject))}`;

export const SERIES: readonly string[] = [
  'other',
  'strowger',
  'strowger (disk)',
  'strowger dgram',
  'kamailio',
  'kamailio (sqlite)',
  'npm sip',
];

/** A round number above, and steps to it that a reader can count with. */
export function scaleTo(most: number): { readonly top: number; readonly step: number } {
  const power = 10 ** Math.floor(Math.log10(most / 5));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((size) => size * 5 >= most) ?? power * 10;
  return { top: Math.ceil(most / step) * step, step };
}

export const round = (n: number): number => Math.round(n * 10) / 10;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const LIGHT = ['#8a8984', '#2a78d6', '#86b6ef', '#1baf7a', '#eb6834', '#f2ab8b', '#8a8984'];
const DARK = ['#8a8984', '#3987e5', '#1c5cab', '#199e70', '#d95926', '#8f3f1e', '#8a8984'];
const colours = (list: readonly string[]): string =>
  list.map((colour, i) => `.s${i}{fill:${colour}} .l${i}{stroke:${colour}}`).join(' ');

const STYLE = `<style>
text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#0b0b0b}
.title{font-size:16px;font-weight:600} .name{font-weight:600}
.note,.tick{fill:#52514e} .note,.value{font-size:12px} .tick{font-size:11px} .value{font-variant-numeric:tabular-nums;paint-order:stroke;stroke:#fcfcfb;stroke-width:2px}
.page{fill:#fcfcfb} .rule{stroke:#e3e2de;stroke-width:1} .line{fill:none;stroke-width:2;stroke-linejoin:round} .dot{stroke:#fcfcfb;stroke-width:2}
${colours(LIGHT)}
@media (prefers-color-scheme:dark){
text{fill:#ffffff} .note,.tick{fill:#c3c2b7} .page{fill:#1a1a19} .rule{stroke:#383835} .dot,.value{stroke:#1a1a19}
${colours(DARK)}
}
</style>`;
