import { bufferText } from '@strowger/node';
import {
  contact,
  cseq,
  defineExtensionHeader,
  edit,
  from,
  type Message,
  NameAddr,
  need,
  parse,
  print,
  readAll,
  to,
  via,
} from '@strowger/sip/message';

/** The bytes of one datagram, or of one message cut from a stream, as a message. @throws Error where they are none */
export function messageOf(bytes: Uint8Array): Message {
  const parsed = parse(bytes, bufferText);
  if (parsed.kind === 'malformed') throw new Error(`${parsed.reason} at byte ${parsed.position}`);
  return parsed;
}

/** A line about a message. Headers are read when they are asked for: `need` wants one to be there, `readAll` gives every value. */
export function describe(message: Message): string {
  const { seq, method } = need(message, cseq);
  const what = message.kind === 'request' ? method : `${message.status} to ${method}`;
  const caller = need(message, from);
  const hops = readAll(message, via).map(({ transport, host }) => `${transport} ${host}`);
  return `${what} ${seq} from ${caller.display} at ${caller.uriText} over ${hops.join(', ')}`;
}

/** The same message without the names of people. The one that was given stays as it is; untouched lines are shared. */
export function withoutNames(message: Message): Message {
  const changed = edit(message);
  for (const header of [from, to]) changed.set(header, nameless(need(message, header)));
  changed.set(contact, ...readAll(message, contact).map((value) => (value === '*' ? value : nameless(value))));
  changed.set(redacted, 'From', 'To', 'Contact');
  return message.kind === 'request'
    ? changed.request(message.method, message.uri)
    : changed.response(message.status, message.reason);
}

/** What is sent: lines that nobody edited are the bytes that came. */
export const bytesOf = (message: Message): Uint8Array => print(message, bufferText);

const nameless = ({ uriText, params }: NameAddr): NameAddr => new NameAddr('', uriText, params);

/** A header of our own, which no table knows: a list of names, so commas or lines separate them. */
export const redacted = defineExtensionHeader({
  name: 'X-Redacted',
  arity: 'list',
  rfc: 'none',
  decode: (text: string) => text,
  encode: (name) => name,
});
