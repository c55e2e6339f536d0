import { tryParseUri } from '../../uri/uri.ts';
import { isName } from '../name.ts';
import type { NaptrRecord } from '../records.ts';
import type { E164 } from './number.ts';
import { parseSubstitution, substitute } from './substitution.ts';

/** What one NAPTR record says about a number. */
export type EnumRule =
  | { readonly type: 'uri'; readonly uri: string; readonly service: string }
  /** Another name has the records (RFC 6116 §5.2.1). */
  | { readonly type: 'elsewhere'; readonly name: string }
  /** A sentence without a full stop. */
  | { readonly type: 'passed over'; readonly why: string };

/** Reads one record for a number (RFC 6116 §3.4, §5.2). */
export function readEnumRule(record: NaptrRecord, number: E164): EnumRule {
  const flags = record.flags.toLowerCase();
  if (flags === '') return elsewhere(record.replacement);
  if (flags !== 'u') return passedOver(`its flags "${record.flags}" are unknown`);
  const service = sipServiceOf(record.services);
  if (service === undefined) return passedOver(`"${record.services}" is no service of SIP`);
  const substitution = parseSubstitution(record.regexp);
  if (typeof substitution === 'string') return passedOver(substitution);
  const uri = substitute(substitution, number);
  if (uri === undefined) return passedOver(`the regexp does not match ${number}`);
  if (tryParseUri(uri)?.type !== 'sip') return passedOver(`${JSON.stringify(uri)} is no SIP address`);
  return { type: 'uri', uri, service };
}

/**
 * The first service of a record that SIP can serve: `E2U+sip` (RFC 3764), the old form `sip+E2U` (RFC 2916, which RFC 6116
 * §5.2 wants to be read). Services that are unknown stand beside it without harm.
 */
function sipServiceOf(field: string): string | undefined {
  const words = field.toLowerCase().split('+');
  const isOld = words.length > 1 && words.at(-1) === 'e2u';
  if (!isOld && words[0] !== 'e2u') return undefined;
  return (isOld ? words.slice(0, -1) : words.slice(1)).find((word) => SERVICES.has(word));
}

function elsewhere(replacement: string): EnumRule {
  const name = replacement.toLowerCase().replace(/\.$/, '');
  return isName(name) ? { type: 'elsewhere', name } : passedOver('it leads on to no name');
}

const passedOver = (why: string): EnumRule => ({ type: 'passed over', why });

/** LENIENT: zones that say `sips` for the sips: addresses which the service `sip` covers (RFC 3764 §4). */
const SERVICES: ReadonlySet<string> = new Set(['sip', 'sips']);
