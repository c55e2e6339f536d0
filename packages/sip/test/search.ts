import assert from 'node:assert/strict';
import { DeadTargets } from '../src/resolve/dead-targets.ts';
import { type Goal, goalOf } from '../src/resolve/goal.ts';
import type { TraceLine } from '../src/resolve/inquiry.ts';
import type { LocatingFacts } from '../src/resolve/locate.ts';
import { printReasons } from '../src/resolve/reason.ts';
import type { Way } from '../src/resolve/target.ts';
import { TargetSearch } from '../src/resolve/target-search.ts';
import { parseSipUri } from '../src/uri/sip.ts';
import { resolverOf, type Zone } from './zone.ts';

export const sip = (text: string) => parseSipUri(text, text.indexOf(':') + 1, text.startsWith('sips'));

export const waysOf = (
  protocols: readonly Way['protocol'][],
  families: Way['families'] = ['ipv6', 'ipv4'],
): readonly Way[] => protocols.map((protocol) => ({ protocol, families }));

export interface SearchOptions extends Partial<LocatingFacts> {
  readonly trace?: TraceLine[];
}

/** A search in a zone, for a speaker of UDP, TCP and TLS over both families. */
export function searchFor(uri: string | Goal, zone: Zone, options: SearchOptions = {}) {
  const goal = typeof uri === 'string' ? goalOf(sip(uri)) : uri;
  assert.ok(typeof goal !== 'string', String(goal));
  const resolver = resolverOf(zone);
  const facts = { ways: waysOf(['udp', 'tcp', 'tls']), chance: undefined, ...options };
  return { goal, resolver, search: new TargetSearch(goal, { ...facts, resolver, dead: new DeadTargets() }) };
}

/** Every place of a search as text, the questions that were asked, and what stood in the way. */
export function targetsOf(goal: string | Goal, zone: Zone, options: SearchOptions = {}) {
  const { search, resolver } = searchFor(goal, zone, options);
  const targets: string[] = [];
  for (;;) {
    const found = search.next(0);
    assert.ok('type' in found, 'an answer that is at hand is used at once');
    if (found.type === 'none') return { targets, asked: resolver.asked, why: printReasons(found.reasons) };
    targets.push(`${found.target.protocol} ${found.target.host}:${found.target.port}`);
  }
}
