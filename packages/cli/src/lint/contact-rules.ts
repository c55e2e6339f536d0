import { type Message, NameAddr } from '@strowger/sip/message';
import { SyntaxFault } from '@strowger/sip/text';
import type { Uri } from '@strowger/sip/uri';
import type { Facts } from './facts.ts';
import { type Finding, fault, warning } from './finding.ts';
import { canonicalName, type Field, type Item } from './header-fields.ts';

/** Checks Contact: how many there may be, where the asterisk may stand, and which scheme a dialog needs. */
export function checkContacts(message: Message, { fields, method }: Facts): readonly Finding[] {
  const all = fields
    .filter((field) => canonicalName(field) === 'Contact')
    .flatMap((field) => field.items.map((item) => ({ field, item })));
  const stars = all.filter(({ item }) => item.text === '*');
  return [
    ...checkStars(stars, all.length, message, fields),
    ...checkCount(all, message, method),
    ...checkScheme(all, message, method),
  ];
}

interface Contact {
  readonly field: Field;
  readonly item: Item;
}

/** RFC 3261 §10.2.2: `*` is for a REGISTER that removes everything: alone, and with Expires: 0. */
function checkStars(
  stars: readonly Contact[],
  count: number,
  message: Message,
  fields: readonly Field[],
): readonly Finding[] {
  const expires = fields.find((field) => canonicalName(field) === 'Expires')?.value;
  const isRegister = message.kind === 'request' && message.method === 'REGISTER';
  const text = !isRegister
    ? 'the contact * belongs into a REGISTER'
    : count > 1
      ? 'the contact * must stand alone'
      : expires === undefined || Number(expires) !== 0
        ? 'the contact * needs Expires: 0'
        : undefined;
  if (text === undefined) return [];
  return stars.map(({ field, item }) => fault(field.spanOf(item.at, item.text.length), text, 'RFC 3261 §10.2.2'));
}

/** RFC 3261 §8.1.1.8: what makes a dialog has exactly one contact. */
function checkCount(all: readonly Contact[], message: Message, method: string): readonly Finding[] {
  const second = all[1];
  const isDialog = DIALOG_METHODS.has(method) && (message.kind === 'request' || Math.floor(message.status / 100) === 2);
  if (!isDialog || second === undefined) return [];
  const { field, item } = second;
  return [warning(field.spanOf(item.at, item.text.length), `${method} has one contact only`, 'RFC 3261 §8.1.1.8')];
}

/** RFC 3261 §8.1.1.8: a SIP address, and sips: where the request goes to a sips: address. */
function checkScheme(all: readonly Contact[], message: Message, method: string): readonly Finding[] {
  if (!DIALOG_METHODS.has(method)) return [];
  const isSecure = message.kind === 'request' && /^sips:/i.test(message.uri);
  return all.flatMap(({ field, item }): Finding[] => {
    const uri = uriOf(field, item);
    if (uri === undefined) return [];
    const span = field.spanOf(item.at, item.text.length);
    if (uri.type !== 'sip' && message.kind === 'request')
      return [warning(span, 'the contact of a dialog is a sip: or sips: address', 'RFC 3261 §8.1.1.8')];
    return isSecure && uri.type === 'sip' && !uri.secure
      ? [warning(span, 'a request to a sips: address needs a sips: contact', 'RFC 3261 §8.1.1.8')]
      : [];
  });
}

function uriOf(field: Field, item: Item): Uri | undefined {
  try {
    const value = field.def?.decode(item.text);
    return value instanceof NameAddr ? value.uri : undefined;
  } catch (error) {
    if (error instanceof SyntaxFault) return undefined;
    throw error;
  }
}

const DIALOG_METHODS: ReadonlySet<string> = new Set(['INVITE', 'SUBSCRIBE', 'REFER', 'UPDATE', 'NOTIFY']);
