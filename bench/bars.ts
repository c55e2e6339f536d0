import { legend, picture, round, ruler, SERIES, scaleTo, seriesClass, writing } from './picture.ts';

export interface Bar {
  readonly subject: string;
  readonly value: number;
  /** Stands in brackets behind the number. */
  readonly note: string;
}

export interface BarGroup {
  readonly name: string;
  readonly bars: readonly Bar[];
}

/** Lying bars, a group for each name, all on one scale that begins at 0. */
export function drawBars(title: string, unit: string, groups: readonly BarGroup[]): string {
  const bars = groups.flatMap((group) => group.bars);
  const { top, step } = scaleTo(Math.max(...bars.map(({ value }) => value)));
  const across = (value: number): number => (value / top) * (RIGHT - LEFT);
  const subjects = SERIES.filter((subject) => bars.some((bar) => bar.subject === subject));
  const parts: string[] = [];
  let y = TOP;
  for (const { name, bars: own } of groups) {
    const height = own.length * ROW;
    parts.push(writing('name', { x: LEFT - 12, y: y + height / 2 + 3 }, name, 'end'));
    own.forEach(({ subject, value, note }, i) => {
      const at = y + i * ROW;
      const size = `x="${LEFT}" y="${at}" width="${round(across(value))}" height="${ROW - 2}"`;
      parts.push(`<rect class="bar ${seriesClass(subject)}" ${size} rx="2"/>`);
      const number = value.toFixed(value < 10 ? 1 : 0);
      parts.push(
        writing('value', { x: LEFT + across(value) + 6, y: at + 11 }, note === '' ? number : `${number} (${note})`),
      );
    });
    y += height + GAP;
  }
  const bottom = y - GAP + 6;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
  const grid = ticks.flatMap((tick) => {
    const x = LEFT + across(tick);
    return [
      ruler({ x, y: TOP - 6 }, { x, y: bottom }),
      writing('tick', { x, y: bottom + 14 }, tick.toLocaleString('en'), 'middle'),
    ];
  });
  const height = bottom + 28;
  return picture(title, WIDTH, height, [
    `<rect class="page" width="${WIDTH}" height="${height}" rx="8"/>`,
    writing('title', { x: 20, y: 30 }, title),
    writing('note', { x: 20, y: 50 }, unit),
    ...legend(subjects, { x: 20, y: 74 }),
    ...grid,
    ...parts,
  ]);
}

const WIDTH = 760;
const LEFT = 130;
/** What is right of it is for the numbers behind the longest bar. */
const RIGHT = 650;
const TOP = 98;
const ROW = 16;
const GAP = 14;
