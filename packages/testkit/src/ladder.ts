import type { Traffic } from './traffic.ts';

export interface LadderOptions {
  /** `pairs`: one arrow a line between two names. `columns`: a lane for each host, as in RFC 3665. */
  readonly form?: 'pairs' | 'columns';
  /** Hidden times keep a ladder the same when delays change. */
  readonly times?: 'shown' | 'hidden';
  readonly only?: (traffic: Traffic) => boolean;
  /** Only so many of the last messages. */
  readonly last?: number;
}

/** What a ladder needs to know about the hosts. */
export interface Lanes {
  /** Every host, from left to right. */
  readonly names: readonly string[];
  nameOf(address: string): string;
}

/** The messages as a ladder diagram, in the order in which they were sent. */
export function printLadder(traffic: readonly Traffic[], lanes: Lanes, options: LadderOptions = {}): string {
  const { form = 'pairs', times = 'shown', only = () => true, last = Number.POSITIVE_INFINITY } = options;
  const chosen = traffic.filter(only).slice(-last);
  const seen = new Set(chosen.flatMap(({ from, to }) => [lanes.nameOf(from.host), lanes.nameOf(to.host)]));
  const names = [...new Set([...lanes.names, ...seen])].filter((name) => seen.has(name));
  const rungs = chosen.map((message): Rung => {
    const [from, to] = [names.indexOf(lanes.nameOf(message.from.host)), names.indexOf(lanes.nameOf(message.to.host))];
    const time = times === 'shown' ? `${String(Math.round(message.at)).padStart(6)}  ` : '';
    const label = message.copies > 1 ? `${message.label} ×${message.copies}` : message.label;
    return { time, from, to, label, isLost: message.copies === 0 };
  });
  return (form === 'pairs' ? pairs(rungs, names) : columns(rungs, names)).join('\n');
}

interface Rung {
  readonly time: string;
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly isLost: boolean;
}

/** The host further left is always named first, so that the direction is seen from the arrow. */
function pairs(rungs: readonly Rung[], names: readonly string[]): string[] {
  const sides = rungs.map(
    ({ from, to }) => [names[Math.min(from, to)] ?? '', names[Math.max(from, to)] ?? ''] as const,
  );
  const leftWidth = Math.max(0, ...sides.map(([left]) => left.length));
  const rightWidth = Math.max(0, ...sides.map(([, right]) => right.length));
  return rungs.map(({ time, from, to, label, isLost }, i) => {
    const [left, right] = sides[i] ?? ['', ''];
    const arrow = from <= to ? (isLost ? '──✕  ' : '────▶') : isLost ? '  ✕──' : '◀────';
    return `${time}${left.padEnd(leftWidth)} ${arrow} ${right.padEnd(rightWidth)}  ${label}`;
  });
}

function columns(rungs: readonly Rung[], names: readonly string[]): string[] {
  if (rungs.length === 0) return [];
  const inner = Math.max(
    MIN_LANE,
    ...rungs.map(({ label }) => label.length + 7),
    ...names.map((name) => name.length + 1),
  );
  const indent = rungs[0]?.time.length ?? 0;
  const edge = Math.floor((names[0] ?? '').length / 2);
  const header = names.reduce((line, name, i) => {
    const start = indent + edge + i * (inner + 1) - Math.floor(name.length / 2);
    return line.padEnd(start) + name;
  }, '');
  const lines = rungs.map(({ time, from, to, label, isLost }) => {
    const cells = Array.from(names, () => ' '.repeat(inner));
    const [left, right] = [Math.min(from, to), Math.max(from, to)];
    const span = Math.max(1, right - left) * (inner + 1) - 1;
    const head = from === to ? '↩' : from < to ? '▶' : '◀';
    const arrow =
      from <= to ? rightward(label, span, isLost ? '✕  ' : head) : leftward(label, span, isLost ? '  ✕' : head);
    const before = cells.slice(0, left).map((cell) => `│${cell}`);
    const after = cells.slice(Math.max(right, left + 1)).map((cell) => `│${cell}`);
    return `${time}${' '.repeat(edge)}${before.join('')}│${arrow}${after.join('')}`.trimEnd();
  });
  return [header, ...lines];
}

const rightward = (label: string, width: number, head: string): string =>
  `${centred(label, width - head.length)}${head}`;
const leftward = (label: string, width: number, head: string): string =>
  `${head}${centred(label, width - head.length)}`;

function centred(label: string, width: number): string {
  const text = ` ${label} `;
  const left = Math.floor((width - text.length) / 2);
  return `${'─'.repeat(left)}${text}${'─'.repeat(width - text.length - left)}`;
}

const MIN_LANE = 14;
