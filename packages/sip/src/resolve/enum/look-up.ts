import type { Ask, Inquiry } from '../inquiry.ts';
import type { Reason } from '../reason.ts';
import { inNaptrOrder, type NaptrRecord, type Question } from '../records.ts';
import { type E164, enumDomainOf } from './number.ts';
import { readEnumRule } from './rule.ts';

/** Where a number can be reached. */
export interface EnumUri {
  /** A sip: or sips: URI. */
  readonly uri: string;
  readonly service: string;
  readonly record: NaptrRecord;
  /** The name that the record stands at. */
  readonly name: string;
}

export interface EnumFound {
  /** The best first: by order, then preference, as they came where both are equal. */
  readonly uris: readonly EnumUri[];
  /** What stood in the way. */
  readonly reasons: readonly Reason[];
}

export const ENUM_LIMITS = {
  /** Names that lead to other names, one behind the other (RFC 6116 §5.2.1). */
  chain: 5,
  uris: 16,
} as const;

/** Asks where a number can be reached by SIP (RFC 6116). `suffix` is the domain that the numbers are in, such as `e164.arpa`. */
export function* lookUpEnum(number: E164, suffix: string, inquiry: Inquiry): Generator<Ask, EnumFound, void> {
  const uris: EnumUri[] = [];
  const reasons: Reason[] = [];
  const visited = new Set<string>();

  function* visit(name: string, depth: number): Generator<Ask, void, void> {
    visited.add(name);
    const question: Question = { type: 'NAPTR', name };
    const answer = yield* inquiry.ask('NAPTR', name, depth);
    if (answer.type === 'fault') return void reasons.push({ type: 'fault', question, fault: answer });
    if (answer.type === 'none') return void reasons.push({ type: 'none', question, why: answer.why });
    const before = uris.length;
    for (const record of inNaptrOrder(answer.records)) {
      if (uris.length >= ENUM_LIMITS.uris) return;
      const rule = readEnumRule(record, number);
      if (rule.type === 'uri') {
        uris.push({ uri: rule.uri, service: rule.service, record, name });
        inquiry.note(depth + 1, `"${record.services}" gives ${rule.uri}`);
      } else if (rule.type === 'passed over')
        inquiry.note(depth + 1, `"${record.services}" is passed over: ${rule.why}`);
      else if (visited.has(rule.name)) inquiry.note(depth + 1, `${rule.name} is passed over: it was asked before`);
      else if (depth >= ENUM_LIMITS.chain)
        inquiry.note(depth + 1, `${rule.name} is passed over: the chain is too long`);
      else yield* visit(rule.name, depth + 1);
    }
    if (uris.length === before) reasons.push({ type: 'none', question, why: 'unusable' });
  }

  yield* visit(enumDomainOf(number, suffix.toLowerCase().replace(/^\.|\.$/g, '')), 0);
  return { uris, reasons };
}
