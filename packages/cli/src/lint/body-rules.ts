import { bodyOf, type Message } from '@strowger/sip/message';
import { parseSdp } from '@strowger/sip/sdp';
import type { Text } from '@strowger/sip/text';
import { type Finding, fault, note, warning } from './finding.ts';
import { canonicalName, type Field } from './header-fields.ts';
import type { Source } from './source.ts';

/** Checks the body: its length, its type, and what is in it where that is a session description. */
export function checkBody(message: Message, fields: readonly Field[], source: Source, text: Text): readonly Finding[] {
  const fieldNamed = (name: string): Field | undefined => fields.find((field) => canonicalName(field) === name);
  const type = fieldNamed('Content-Type');
  const body = bodyOf(message);
  const findings = [...checkLength(message, fieldNamed('Content-Length'), fieldNamed('Via'), source)];
  if (body.length === 0) return findings;
  if (type === undefined)
    findings.push(fault(undefined, 'Content-Type is missing and there is a body', 'RFC 3261 §20.15'));
  else if (/^application\s*\/\s*sdp\s*(?:;|$)/i.test(type.value) && fieldNamed('Content-Encoding') === undefined)
    findings.push(...checkSdp(message, text));
  return findings;
}

/** RFC 3261 §20.14: streams are cut into messages by this number; a datagram may do without it. */
function checkLength(
  { content }: Message,
  field: Field | undefined,
  via: Field | undefined,
  source: Source,
): readonly Finding[] {
  const isStream = /^SIP\s*\/\s*2\.0\s*\/\s*(?:TCP|TLS|SCTP)/i.test(via?.value ?? '');
  if (field === undefined) {
    const text = 'Content-Length is missing';
    return isStream
      ? [fault(undefined, `${text}, and on a stream nothing else says where the message ends`, 'RFC 3261 §18.3')]
      : [note(undefined, `${text}: the body is all that follows in the datagram`, 'RFC 3261 §18.3')];
  }
  const extra = source.bytes.length - content.bodyEnd;
  if (extra <= 0 || !/^\d+$/.test(field.value)) return [];
  const rest = source.bytes.subarray(content.bodyEnd);
  const bytes = extra === 1 ? '1 byte follows' : `${extra} bytes follow`;
  const span = field.spanOf(0, field.value.length);
  if (rest.every((byte) => byte === 10 || byte === 13))
    return [note(span, `${bytes} behind the body: line ends, which are discarded`, 'RFC 3261 §18.3')];
  return [
    warning(
      span,
      `Content-Length is ${field.value} and ${bytes} behind the body; they are discarded`,
      'RFC 3261 §18.3',
    ),
  ];
}

/** What every phone refuses is a fault; what only the grammar refuses is a warning. */
function checkSdp({ content }: Message, text: Text): readonly Finding[] {
  const body = text.utf8(content.bytes, content.bodyStart, content.bodyEnd);
  const [lenient, strict] = [parseSdp(body), parseSdp(body, { mode: 'strict' })];
  const found = lenient.type === 'fault' ? lenient : strict.type === 'fault' ? strict : undefined;
  if (found === undefined) return [];
  const before = text.encode(body.slice(0, found.at)).length;
  const at = content.bodyStart + before;
  const say = lenient.type === 'fault' ? fault : warning;
  return [say({ at, length: 1 }, `the session description: expected ${found.reason}`, 'RFC 8866 §9')];
}
