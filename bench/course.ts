import { legend, picture, round, ruler, SERIES, scaleTo, seriesClass, writing } from './picture.ts';

/** One measurement: where it stands on the way, and what each server needed. */
export interface Stage {
  readonly label: string;
  readonly values: ReadonlyMap<string, number>;
  /** Stands above the highest point. */
  readonly note: string;
}

/** A line for each server over the stages, which stand equally far apart. */
export function drawCourse(title: string, unit: string, stages: readonly Stage[]): string {
  const { top, step } = scaleTo(Math.max(...stages.flatMap(({ values }) => [...values.values()])));
  const across = (i: number): number => LEFT + ((i + 0.5) / stages.length) * (RIGHT - LEFT);
  const down = (value: number): number => BOTTOM - (value / top) * (BOTTOM - TOP);
  const subjects = SERIES.filter((subject) => stages.some(({ values }) => values.has(subject)));
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
  const grid = ticks.flatMap((tick) => [
    ruler({ x: LEFT, y: down(tick) }, { x: RIGHT, y: down(tick) }),
    writing('tick', { x: LEFT - 8, y: down(tick) + 4 }, tick.toLocaleString('en'), 'end'),
  ]);
  const lines = subjects.flatMap((subject) => {
    const points = stages.flatMap(({ values }, i) => {
      const value = values.get(subject);
      return value === undefined ? [] : [{ x: round(across(i)), y: round(down(value)) }];
    });
    const colour = seriesClass(subject);
    return [
      `<polyline class="line l${colour.slice(1)}" points="${points.map(({ x, y }) => `${x},${y}`).join(' ')}"/>`,
      ...points.map(({ x, y }) => `<circle class="dot ${colour}" cx="${x}" cy="${y}" r="5"/>`),
    ];
  });
  // where they are many, only some have room for words; the last always
  const every = Math.ceil(stages.length / MOST_LABELS);
  const labels = stages.flatMap(({ label, values, note }, i) => {
    if ((stages.length - 1 - i) % every !== 0) return [];
    const highest = Math.max(...values.values());
    return [
      writing('tick', { x: across(i), y: BOTTOM + 18 }, label, 'middle'),
      writing('value', { x: across(i), y: down(highest) - 12 }, note, 'middle'),
    ];
  });
  return picture(title, WIDTH, HEIGHT, [
    `<rect class="page" width="${WIDTH}" height="${HEIGHT}" rx="8"/>`,
    writing('title', { x: 20, y: 30 }, title),
    writing('note', { x: 20, y: 50 }, unit),
    ...legend(subjects, { x: 20, y: 74 }),
    ...grid,
    ...lines,
    ...labels,
  ]);
}

const WIDTH = 760;
const HEIGHT = 360;
const LEFT = 60;
const RIGHT = 720;
const TOP = 104;
const BOTTOM = 322;
const MOST_LABELS = 9;
