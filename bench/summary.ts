import { type Figure, medianOf } from './history.ts';
import type { Rate, Sample } from './measuring.ts';
import { PEER } from './subjects.ts';

/** A median and the range that it comes from. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** The rounds of one server under one mix at one rate. */
export interface Summary {
  readonly mix: string;
  readonly asked: Rate;
  readonly rate: Rate;
  readonly subject: string;
  readonly cpuMsPer1000: Spread;
  /** Of the ratios to the peer's CPU in the same round, so that a slow minute of the machine strikes both sides of each. */
  readonly ratio: Spread | undefined;
  readonly perSecond: Spread;
  readonly megabytes: Spread;
  readonly failed: number;
  readonly retransmissions: number;
}

/** In the order in which the samples came, the rates of a mix together. */
export function summariesOf(samples: readonly Sample[]): readonly Summary[] {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = `${sample.mix} ${sample.asked} ${sample.subject}`;
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  const order = [...new Set(samples.map(({ mix, asked }) => `${mix} ${asked}`))];
  return [...groups.values()]
    .map((group) => summaryOf(group, samples))
    .toSorted((a, b) => order.indexOf(`${a.mix} ${a.asked}`) - order.indexOf(`${b.mix} ${b.asked}`));
}

/** For the history: CPU with its ratio, memory, and what a server carries at most. */
export function figuresOf(summary: Summary): readonly Figure[] {
  const { mix, asked, rate, subject, ratio } = summary;
  const figure = (unit: string, { median, lowest, highest }: Spread, of: number | undefined): Figure => ({
    benchmark: asked === 'saturation' ? mix : `${mix} at ${rate}/s`,
    subject,
    value: median,
    unit,
    ratio: of,
    range: [lowest, highest],
  });
  return [
    figure('ms CPU per 1000', summary.cpuMsPer1000, ratio?.median),
    figure('MB', summary.megabytes, undefined),
    ...(asked === 'saturation' ? [figure('a second', summary.perSecond, undefined)] : []),
  ];
}

/** The cells of a line of the table. */
export const cellsOf = (summary: Summary): readonly string[] => [
  summary.mix,
  summary.rate === 'saturation' ? summary.rate : `${summary.rate}/s`,
  summary.subject,
  spreadText(summary.cpuMsPer1000, 1),
  summary.ratio === undefined ? '' : spreadText(summary.ratio, 2),
  spreadText(summary.perSecond, 0),
  spreadText(summary.megabytes, 0),
  String(summary.failed),
  String(summary.retransmissions),
];

export const HEAD: readonly string[] = [
  'mix',
  'mode',
  'server',
  'CPU ms per 1,000',
  'of Kamailio',
  'a second',
  'MB',
  'failed',
  'sent again',
];

function summaryOf(group: readonly Sample[], all: readonly Sample[]): Summary {
  const [first] = group;
  if (first === undefined) throw new Error('a group without a sample');
  const ratios = group.flatMap((mine) => {
    const peer = all.find(
      ({ mix, asked, round, subject }) =>
        mix === mine.mix && asked === mine.asked && round === mine.round && subject === PEER,
    );
    return peer === undefined ? [] : [mine.cpuMsPer1000 / peer.cpuMsPer1000];
  });
  const { mix, asked, rate, subject } = first;
  return {
    mix,
    asked,
    rate,
    subject,
    cpuMsPer1000: spreadOf(group.map((sample) => sample.cpuMsPer1000)),
    ratio: ratios.length === 0 ? undefined : spreadOf(ratios),
    perSecond: spreadOf(group.map((sample) => sample.perSecond)),
    megabytes: spreadOf(group.map((sample) => sample.megabytes)),
    failed: group.reduce((sum, sample) => sum + sample.failed, 0),
    retransmissions: group.reduce((sum, sample) => sum + sample.retransmissions, 0),
  };
}

const spreadOf = (numbers: readonly number[]): Spread => ({
  median: medianOf(numbers),
  lowest: Math.min(...numbers),
  highest: Math.max(...numbers),
});

const spreadText = ({ median, lowest, highest }: Spread, digits: number): string => {
  const middle = numberText(median, digits);
  return lowest === highest ? middle : `${middle} (${numberText(lowest, digits)}–${numberText(highest, digits)})`;
};

const numberText = (value: number, digits: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
