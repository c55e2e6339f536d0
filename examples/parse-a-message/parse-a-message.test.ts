import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAll } from '@strowger/sip/message';
import { bytesOf, describe, messageOf, redacted, withoutNames } from './parse-a-message.ts';

const INVITE = messageBytes(
  'INVITE sip:bob@example.com SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-2, SIP/2.0/TCP phone.example.com;branch=z9hG4bK-1',
  'f: "Alice Adams" <sip:alice@example.com>;tag=1928301774',
  'To:   Bob <sip:bob@example.com>',
  'Call-ID: a84b4c76e66710',
  'CSEQ: 314159   INVITE',
  'm: "Alice Adams" <sip:alice@192.0.2.4>;q=0.5',
  'X-Unheard-Of: stays   as it is',
  'l: 4',
);

test('headers are read with their types, compact forms and lists included', () => {
  assert.equal(
    describe(messageOf(INVITE)),
    'INVITE 314159 from Alice Adams at sip:alice@example.com over UDP 192.0.2.1, TCP phone.example.com',
  );
});

test('an edit makes a new message; every line that it does not name is printed byte for byte', () => {
  const message = messageOf(INVITE);
  const printed = Buffer.from(bytesOf(withoutNames(message))).toString();
  assert.equal(
    printed,
    messageBytes(
      'INVITE sip:bob@example.com SIP/2.0',
      'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-2, SIP/2.0/TCP phone.example.com;branch=z9hG4bK-1',
      'From: <sip:alice@example.com>;tag=1928301774',
      'To: <sip:bob@example.com>',
      'Call-ID: a84b4c76e66710',
      'CSEQ: 314159   INVITE',
      'Contact: <sip:alice@192.0.2.4>;q=0.5',
      'X-Unheard-Of: stays   as it is',
      'l: 4',
      'X-Redacted: From',
      'X-Redacted: To',
      'X-Redacted: Contact',
    ).toString(),
  );
  assert.deepEqual(bytesOf(message), INVITE, 'the message that was edited');
});

test('a header of our own is read and written like any other', () => {
  const bytes = bytesOf(withoutNames(messageOf(INVITE)));
  assert.deepEqual(readAll(messageOf(bytes), redacted), ['From', 'To', 'Contact']);
});

test('bytes that are no message are a value that says where, and a value that cannot be read names its header', () => {
  assert.throws(() => messageOf(Buffer.from('HELO example.com\r\n\r\n')), /at byte \d+/);
  const broken = messageOf(Buffer.from(INVITE.toString().replace('314159   INVITE', 'many INVITE')));
  assert.throws(() => describe(broken), { name: 'RemoteFault', status: 400, reason: 'Bad CSeq Header' });
});

function messageBytes(...lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\nbody`);
}
