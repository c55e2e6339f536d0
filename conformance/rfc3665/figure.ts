import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import {
  bodyOf,
  cseq,
  type Message,
  maxForwards,
  need,
  parse,
  read,
  readAll,
  recordRoute,
  route,
  via,
} from '@strowger/sip/message';
import { nodeText, type Traffic, type World } from '@strowger/testkit';
import type { Flow, Step } from './flow.ts';

/** Where our run is not what the figure shows, and why that is right. */
export type Deviation =
  /** Another message takes the place of this one. */
  | { readonly n: number; readonly instead: string; readonly why: string }
  /** The message is the same, but for these of its traits. */
  | { readonly n: readonly number[] | 'all'; readonly but: readonly Trait[]; readonly why: string }
  /** A message that the figure does not have. */
  | { readonly extra: string; readonly from: string; readonly to: string; readonly why: string };

export interface Run {
  readonly world: World;
  /** How many messages were exchanged before the flow began. */
  readonly start: number;
  /** The names of the hosts that our servers stand for: what they send is compared trait by trait. */
  readonly servers: readonly string[];
  /** The host name of each address. */
  readonly names: Readonly<Record<string, string>>;
  readonly deviations?: readonly Deviation[];
}

/**
 * Compares a run with its figure. Between each two hosts the same messages go each way in the same order (which of several
 * hops is first, the figure does not mean to say), and what our servers send has the traits of what the RFC prints. Then
 * the ladder is compared with the one that was committed; `LADDERS=write` writes it.
 */
export function assertLikeFigure(flow: Flow, run: Run): void {
  const { world, deviations = [] } = run;
  const sent = world.traffic.slice(run.start).filter(({ label }) => label !== 'ping' && label !== 'pong');
  const ours = byWay(sent.map((one) => ({ way: wayOf(world, one), label: one.label, value: one })));
  const wanted = byWay(figureOf(flow, deviations));
  assert.deepEqual(labelsOf(ours), labelsOf(wanted), `the messages of RFC 3665 §${flow.section}`);
  for (const [way, steps] of wanted) {
    if (!run.servers.includes(way.split(' -> ')[0] ?? '')) continue;
    for (const [i, { value: step }] of steps.entries()) {
      const one = ours.get(way)?.[i]?.value;
      if (step !== undefined && one !== undefined) assertTraits(step, one, run);
    }
  }
  assertLadder(flow, world, sent.length);
}

interface Arrow<T> {
  readonly way: string;
  readonly label: string;
  readonly value: T;
}

function figureOf({ steps }: Flow, deviations: readonly Deviation[]): readonly Arrow<Step | undefined>[] {
  const arrows = steps.map((step): Arrow<Step | undefined> => {
    const change = deviations.find((one) => 'instead' in one && one.n === step.n);
    const label = change !== undefined && 'instead' in change ? change.instead : step.label;
    return { way: `${step.from} -> ${step.to}`, label, value: label === step.label ? step : undefined };
  });
  const extras = deviations.flatMap((one): Arrow<undefined>[] =>
    'extra' in one ? [{ way: `${one.from} -> ${one.to}`, label: one.extra, value: undefined }] : [],
  );
  return [...arrows, ...extras];
}

function byWay<T>(arrows: readonly Arrow<T>[]): ReadonlyMap<string, readonly Arrow<T>[]> {
  const ways = new Map<string, Arrow<T>[]>();
  for (const arrow of arrows) ways.set(arrow.way, [...(ways.get(arrow.way) ?? []), arrow]);
  return ways;
}

const labelsOf = <T>(ways: ReadonlyMap<string, readonly Arrow<T>[]>): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries([...ways].map(([way, arrows]) => [way, arrows.map(({ label }) => label)]));

const wayOf = (world: World, { from, to }: Traffic): string =>
  `${world.host(from.host).name} -> ${world.host(to.host).name}`;

/** What is compared of a message that one of our servers sends. */
export type Trait = 'uri' | 'vias' | 'maxForwards' | 'routes' | 'recordRoutes' | 'cseq' | 'body';

function traitsOf(message: Message, names: Run['names']): Readonly<Record<Trait, unknown>> {
  const hosts = (uris: readonly string[]): readonly string[] => uris.map((uri) => plain(uri, names));
  return {
    uri: message.kind === 'request' ? plain(message.uri, names) : message.status,
    vias: hosts(readAll(message, via).map(({ host }) => host)),
    maxForwards: message.kind === 'request' ? read(message, maxForwards) : undefined,
    routes: hosts(readAll(message, route).map(({ uriText }) => uriText)),
    recordRoutes: hosts(readAll(message, recordRoute).map(({ uriText }) => uriText)),
    cseq: need(message, cseq),
    body: bodyOf(message).length > 0,
  };
}

function assertTraits(step: Step, sent: Traffic, { names, deviations = [] }: Run): void {
  const message = parse(sent.bytes, nodeText);
  assert.ok(message.kind !== 'malformed');
  const [theirs, ours] = [traitsOf(step.message, names), traitsOf(message, names)];
  const spared = deviations.flatMap((one) =>
    'but' in one && (one.n === 'all' || one.n.includes(step.n)) ? one.but : [],
  );
  const kept = Object.entries(theirs).filter(([trait]) => !(spared as readonly string[]).includes(trait));
  const compared = Object.fromEntries(Object.entries(ours).filter(([trait]) => kept.some(([name]) => name === trait)));
  assert.deepEqual(compared, Object.fromEntries(kept), `F${step.n} ${step.label} ${step.from} -> ${step.to}`);
}

/** Addresses by their names, and without what means the same when it is left out. */
function plain(text: string, names: Run['names']): string {
  let out = text;
  for (const [address, name] of Object.entries(names)) out = out.replaceAll(address, name);
  return out
    .replace(/:5060/, '')
    .replace(/;t=[^;>]+/, '')
    .replace(/;transport=\w+/, '');
}

function assertLadder({ section, title }: Flow, world: World, count: number): void {
  const file = new URL(`ladders/${section}.ladder.txt`, import.meta.url);
  const ladder = world.ladder({ form: 'columns', times: 'hidden', last: count });
  const text = `RFC 3665 §${section}: ${title}\n\n${ladder}\n`;
  if (process.env.LADDERS === 'write') writeFileSync(file, text);
  assert.equal(readFileSync(file, 'utf8'), text, `the ladder of §${section} has changed; LADDERS=write accepts it`);
}
