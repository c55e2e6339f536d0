import { type Message, NameAddr, via } from '@strowger/sip/message';
import { SyntaxFault } from '@strowger/sip/text';
import type { Facts } from './facts.ts';
import { type Finding, note, warning } from './finding.ts';
import { canonicalName, type Field } from './header-fields.ts';

/** Checks what takes a message to its place and the responses back: Via, Route, Record-Route, Max-Forwards. */
export function checkRouting(message: Message, { fields }: Pick<Facts, 'fields'>): readonly Finding[] {
  return fields.flatMap((field) => {
    switch (canonicalName(field)) {
      case 'Via':
        return checkVia(field);
      case 'Route':
        return checkLooseRouter(field, 'a strict router of RFC 2543 is meant, or ;lr is missing', 'RFC 3261 §19.1.1');
      case 'Record-Route':
        return checkLooseRouter(field, 'a Record-Route must have ;lr', 'RFC 3261 §16.6');
      case 'Max-Forwards':
        return message.kind === 'request' ? checkHops(field) : [];
      default:
        return [];
    }
  });
}

/** RFC 3261 §8.1.1.7: the branch names the transaction, and the cookie says that it does so for sure. */
function checkVia(field: Field): readonly Finding[] {
  return field.items.flatMap(({ text, at }): Finding[] => {
    const value = decoded(() => via.decode(text));
    if (value === undefined) return [];
    const { branch, transport } = value;
    const findings: Finding[] = [];
    if (branch === undefined) findings.push(warning(field.spanOf(at, text.length), 'Via has no branch', BRANCH_RFC));
    else if (!branch.toLowerCase().startsWith(COOKIE))
      findings.push(
        warning(
          field.spanOf(at + text.indexOf(branch), branch.length),
          `the branch does not begin with ${COOKIE_TEXT}, as one of RFC 3261 does`,
          BRANCH_RFC,
        ),
      );
    else if (branch.length === COOKIE.length)
      findings.push(
        warning(field.spanOf(at + text.indexOf(branch), branch.length), 'the branch is the cookie alone', BRANCH_RFC),
      );
    if (!TRANSPORTS.has(transport.toUpperCase()))
      findings.push(
        note(
          field.spanOf(at + text.indexOf(transport), transport.length),
          `${transport} is a transport that is not known here`,
          'RFC 3261 §20.42',
        ),
      );
    return findings;
  });
}

function checkLooseRouter(field: Field, text: string, rfc: string): readonly Finding[] {
  return field.items.flatMap((item): Finding[] => {
    const value = decoded(() => field.def?.decode(item.text));
    const uri = decoded(() => (value instanceof NameAddr ? value.uri : undefined));
    if (uri?.type !== 'sip' || uri.params.has('lr')) return [];
    return [(canonicalName(field) === 'Route' ? note : warning)(field.spanOf(item.at, item.text.length), text, rfc)];
  });
}

function checkHops(field: Field): readonly Finding[] {
  const hops = Number(field.value);
  const span = field.spanOf(0, field.value.length);
  if (hops === 0)
    return [note(span, 'Max-Forwards is 0: no proxy passes this on, the next one answers 483', 'RFC 3261 §16.3')];
  return hops > 70 ? [note(span, `Max-Forwards is ${hops} where 70 is recommended`, 'RFC 3261 §8.1.1.6')] : [];
}

/** What a decoder gives; `undefined` for a fault, which is told where all values are checked. */
function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof SyntaxFault) return undefined;
    throw error;
  }
}

const BRANCH_RFC = 'RFC 3261 §8.1.1.7';
const COOKIE_TEXT = 'z9hG4bK';
const COOKIE = COOKIE_TEXT.toLowerCase();
const TRANSPORTS: ReadonlySet<string> = new Set(['UDP', 'TCP', 'TLS', 'SCTP', 'TLS-SCTP', 'WS', 'WSS', 'DTLS-UDP']);
