import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bufferText } from '@strowger/node';
import { nearest } from '../server-config.ts';
import { lint, type Report } from './lint.ts';

/** RFC 3261 §24.2 F1, shortened. */
const INVITE = [
  'INVITE sip:bob@biloxi.example.com SIP/2.0',
  'Via: SIP/2.0/UDP pc33.atlanta.example.com;branch=z9hG4bKnashds8',
  'Max-Forwards: 70',
  'To: Bob <sip:bob@biloxi.example.com>',
  'From: Alice <sip:alice@atlanta.example.com>;tag=1928301774',
  'Call-ID: a84b4c76e66710',
  'CSeq: 314159 INVITE',
  'Contact: <sip:alice@pc33.atlanta.example.com>',
  'Supported: path',
  'Content-Length: 0',
];
const SDP = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n';

/** The message with lines replaced by those that begin with the same word; an empty text takes a line away. */
function edited(lines: readonly string[], changes: Readonly<Record<string, string>>): readonly string[] {
  return lines.flatMap((line) => {
    const change = Object.entries(changes).find(([start]) => line.startsWith(start))?.[1];
    if (change === '') return [];
    return change === undefined ? [line] : change.split('\n');
  });
}

const bytesOf = (lines: readonly string[], body = ''): Uint8Array =>
  Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'utf8');

const lintOf = (lines: readonly string[], body = ''): Report => lint(bytesOf(lines, body), bufferText, nearest);

/** `fault 4:8 the text`, without the RFC. */
function told(report: Report): readonly string[] {
  return report.findings.map(
    ({ severity, place, text }) => `${severity} ${place === undefined ? '-' : `${place.line}:${place.column}`} ${text}`,
  );
}

const changed = (changes: Readonly<Record<string, string>>, body = ''): readonly string[] =>
  told(lintOf(edited(INVITE, changes), body));

test('a message as in RFC 3261 has nothing to be told about', () => {
  assert.deepEqual(lintOf(INVITE), { kind: 'request', findings: [] });
  const sound = edited(INVITE, { 'Content-Length': `Content-Type: application/sdp\nContent-Length: ${SDP.length}` });
  assert.deepEqual(told(lintOf(sound, SDP)), []);
});

test('every finding names the section that it comes from', () => {
  const report = lintOf(
    edited(INVITE, { To: 'To: <sip:bob', Via: 'Via: SIP/2.0/UDP a', Contact: '', CSeq: 'CSeq: 1 BYE' }),
  );
  assert.ok(report.findings.length >= 4);
  for (const { rfc } of report.findings) assert.match(rfc, /^RFC \d{4} §\d/);
});

test('an empty input is no message', () => {
  for (const text of ['', '\r\n', ' \n'])
    assert.deepEqual(told(lint(Buffer.from(text), bufferText, nearest)), ['fault - there is no message']);
});

test('what is no start line is told, and nothing else (RFC 3261 §7.1, §7.2)', () => {
  const report = lintOf(['hello world', ...INVITE.slice(1)]);
  assert.equal(report.kind, 'none');
  assert.deepEqual(told(report), [
    'fault 1:1 the first line must be METHOD Request-URI SIP/2.0 with one space between them, or a status line',
  ]);
  assert.deepEqual(told(lintOf(['SIP/2.0 2000 OK'])), [
    'fault 1:1 a status line is SIP/2.0, a code of three digits and a reason phrase',
  ]);
});

test('faults of the request line stand at their place (RFC 3261 §7.1)', () => {
  const first = (line: string): readonly string[] => changed({ INVITE: line });
  assert.deepEqual(first('INVITE <sip:bob@b> SIP/2.0'), [
    'fault 1:8 a Request-URI has no blanks, control characters or angle brackets',
  ]);
  assert.deepEqual(first('INVITE sip:bob@b SIP/3.0'), ['fault 1:18 the version must be SIP/2.0']);
  assert.deepEqual(first('INVITE sip:bob@b:99999 SIP/2.0'), [
    'fault 1:18 the Request-URI: expected a port from 1 to 65535',
  ]);
  assert.deepEqual(first('INVITE sip:bob@b sip/2.0'), ['warning 1:18 SIP/2.0 is sent in capitals']);
  assert.deepEqual(first('INVITE sip:bob@b SIP/2.0 '), ['warning 1:25 a blank stands behind the request line']);
  assert.deepEqual(first('INVITE http://b SIP/2.0'), [
    'note 1:8 a server that does not know the scheme http: answers 416',
  ]);
  assert.deepEqual(first('INVITE sip:b?Subject=x SIP/2.0'), [
    'warning 1:8 headers and a method do not belong into a Request-URI',
  ]);
});

test('methods that differ in case, or by a slip, are told (RFC 3261 §7.1)', () => {
  const lines = (method: string): readonly string[] =>
    changed({ INVITE: `${method} sip:bob@b SIP/2.0`, CSeq: `CSeq: 1 ${method}`, Supported: '', Contact: '' });
  assert.deepEqual(lines('Invite'), ['warning 1:1 methods are compared by case, so Invite is not INVITE']);
  assert.deepEqual(lines('MESAGE'), ['note 1:1 MESAGE is a method that is not known here; did you mean MESSAGE?']);
  assert.deepEqual(lines('ZEBRA'), ['note 1:1 ZEBRA is a method that is not known here']);
});

test('several faulty lines are all told, and the sound ones are still checked', () => {
  const lines = edited(INVITE, {
    'Max-Forwards': 'no header\n: nameless\nMax-Forwards: many',
    Contact: 'Contact: \u0001<sip:a@b>',
  });
  assert.deepEqual(told(lintOf(lines)), [
    'fault 3:1 this is no header field: a name, a colon and a value are expected',
    'fault 4:1 this is no header field: a name, a colon and a value are expected',
    'fault 5:15 Max-Forwards: expected a number from 0 to 255',
    'fault 10:10 a control character stands in a header field',
  ]);
});

test('the missing end of the headers is told at the end (RFC 3261 §7)', () => {
  const report = lint(Buffer.from(`${INVITE.join('\r\n')}\r\n`), bufferText, nearest);
  assert.deepEqual(told(report), ['fault 10:18 the empty line that ends the headers is missing']);
});

test('each value of a list is checked at its own place (RFC 3261 §7.3.1)', () => {
  assert.deepEqual(changed({ Via: 'Via: SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/ b,SIP/2.0/UDP c:0;branch=z9hG4bK2' }), [
    'fault 2:45 Via: expected a transport such as UDP',
    'fault 2:62 Via: expected a port from 1 to 65535',
  ]);
});

test('the place in a folded line, and behind letters of several bytes, is that in the file (RFC 3261 §7.3.1)', () => {
  assert.deepEqual(changed({ To: 'To: Bob\n  <sip:bob@b>\n ;=x' }), ['fault 6:3 To: expected a parameter name']);
  assert.deepEqual(changed({ To: 'To: "Bób \u{1f4de}" <sip:bob@b>;=' }), ['fault 4:25 To: expected a parameter name']);
});

test('the address inside a value is checked too (RFC 3261 §19.1.1)', () => {
  assert.deepEqual(changed({ To: 'To: Bob <sip:bob@b c>' }), [
    'fault 4:19 To: expected parameters, headers or the end of the URI',
  ]);
  assert.deepEqual(changed({ To: 'To: Bob < sip:bob@b>' }), [
    'warning 4:11 To: blanks stand between the angle brackets and the address',
  ]);
});

test('an address without angle brackets loses its parameters to the header field (RFC 3261 §20)', () => {
  assert.deepEqual(changed({ Contact: 'Contact: sip:alice@b;transport=tcp' }), [
    'warning 8:10 without angle brackets ;transport belongs to Contact and not to the address',
  ]);
  assert.deepEqual(changed({ From: 'From: sip:alice@b;tag=1' }), []);
});

test('a header field that may stand once is told when it stands twice (RFC 3261 §7.3.1)', () => {
  assert.deepEqual(changed({ 'Max-Forwards': 'Max-Forwards: 70\nMax-Forwards: 70' }), [
    'fault 4:1 Max-Forwards stands here a second time and may stand once only',
  ]);
  assert.deepEqual(changed({ To: 'To: <sip:a@b>\nt: <sip:a@b>' }), [
    'fault 5:1 t stands here a second time and may stand once only',
  ]);
});

test('unknown header fields are notes, and slips of the pen are warnings', () => {
  assert.deepEqual(changed({ Supported: 'Supported: path\nX-Mood: good' }), [
    'note 10:1 X-Mood is no header field that is known here',
  ]);
  assert.deepEqual(changed({ Contact: 'Contakt: <sip:a@b>' }), [
    'warning 8:1 Contakt is no header field that is known here; did you mean Contact?',
    'warning - Contact is missing; INVITE must have it',
  ]);
});

test('without Via, From, To, Call-ID or CSeq a request is refused (RFC 3261 §8.1.1)', () => {
  for (const name of ['Via', 'From', 'To', 'Call-ID', 'CSeq'])
    assert.deepEqual(changed({ [name]: '' }), [`fault - ${name} is missing; INVITE must have it`]);
});

test('other header fields that a method needs are warnings where they are missing (RFC 3261 Tables 2 and 3)', () => {
  assert.deepEqual(changed({ 'Max-Forwards': '', Contact: '', Supported: '' }), [
    'warning - Contact is missing; INVITE must have it',
    'warning - Max-Forwards is missing; INVITE must have it',
    'note - Supported is missing; INVITE should have it',
  ]);
  const notify = { INVITE: 'NOTIFY sip:bob@b SIP/2.0', CSeq: 'CSeq: 1 NOTIFY' };
  assert.deepEqual(changed(notify), [
    'warning - Event is missing; NOTIFY must have it',
    'warning - Subscription-State is missing; NOTIFY must have it',
  ]);
});

test('header fields that mean nothing in a method are notes (RFC 3261 §20)', () => {
  const bye = { INVITE: 'BYE sip:bob@b SIP/2.0', CSeq: 'CSeq: 1 BYE' };
  assert.deepEqual(changed(bye), ['note 8:1 Contact means nothing in BYE and is ignored']);
});

test('CSeq must name the method of the request (RFC 3261 §8.1.1.5)', () => {
  assert.deepEqual(changed({ CSeq: 'CSeq: 314159 BYE' }), ['fault 7:14 CSeq says BYE and the start line INVITE']);
});

test('a branch without the cookie, or none, is a warning (RFC 3261 §8.1.1.7)', () => {
  assert.deepEqual(changed({ Via: 'Via: SIP/2.0/UDP a;branch=1' }), [
    'warning 2:27 the branch does not begin with z9hG4bK, as one of RFC 3261 does',
  ]);
  assert.deepEqual(changed({ Via: 'Via: SIP/2.0/UDP a' }), ['warning 2:6 Via has no branch']);
  assert.deepEqual(changed({ Via: 'Via: SIP/2.0/UDP a;branch=z9hG4bK' }), [
    'warning 2:27 the branch is the cookie alone',
  ]);
  assert.deepEqual(changed({ Via: 'Via: SIP/2.0/PIGEON a;branch=z9hG4bK1' }), [
    'note 2:14 PIGEON is a transport that is not known here',
  ]);
});

test('tags that must be there are warnings where they are not (RFC 3261 §8.1.1.3, §8.2.6.2)', () => {
  assert.deepEqual(changed({ From: 'From: <sip:a@b>' }), ['warning 5:1 From has no tag']);
  const response = (status: string): readonly string[] =>
    changed({ INVITE: `SIP/2.0 ${status}`, 'Max-Forwards': '', Supported: '', Contact: 'Contact: <sip:b@c>' });
  assert.deepEqual(response('180 Ringing'), ['warning 3:1 To has no tag']);
  assert.deepEqual(response('100 Trying'), []);
});

test('responses have what their status promises (RFC 3261 §21)', () => {
  const response = (status: string, method = 'INVITE'): readonly string[] =>
    changed({
      INVITE: `SIP/2.0 ${status}`,
      'Max-Forwards': '',
      To: 'To: <sip:b@c>;tag=2',
      Contact: '',
      CSeq: `CSeq: 1 ${method}`,
    });
  assert.deepEqual(response('401 Unauthorized'), ['warning - WWW-Authenticate is missing; 401 to INVITE must have it']);
  assert.deepEqual(response('423 Interval Too Brief', 'REGISTER'), [
    'warning - Min-Expires is missing; 423 to REGISTER must have it',
  ]);
  assert.deepEqual(response('200 OK', 'PUBLISH'), [
    'warning - SIP-ETag is missing; 200 to PUBLISH must have it',
    'warning - Expires is missing; 200 to PUBLISH must have it',
  ]);
  assert.deepEqual(response('200 OK'), [
    'warning - Contact is missing; 200 to INVITE must have it',
    'note - Allow is missing; 200 to INVITE should have it',
  ]);
  assert.deepEqual(response('486 Busy Here'), []);
});

test('the contact * belongs alone into a REGISTER with Expires: 0 (RFC 3261 §10.2.2)', () => {
  const register = { INVITE: 'REGISTER sip:b SIP/2.0', CSeq: 'CSeq: 1 REGISTER' };
  assert.deepEqual(changed({ ...register, Contact: 'Contact: *\nExpires: 0' }), []);
  assert.deepEqual(changed({ ...register, Contact: 'Contact: *' }), ['fault 8:10 the contact * needs Expires: 0']);
  assert.deepEqual(changed({ ...register, Contact: 'Contact: <sip:a@b>, *\nExpires: 0' }), [
    'fault 8:21 the contact * must stand alone',
  ]);
  assert.deepEqual(changed({ Contact: 'Contact: *' }), ['fault 8:10 the contact * belongs into a REGISTER']);
});

test('a REGISTER goes to a domain (RFC 3261 §10.2)', () => {
  assert.deepEqual(changed({ INVITE: 'REGISTER sip:bob@b SIP/2.0', CSeq: 'CSeq: 1 REGISTER' }), [
    'warning 1:10 the Request-URI of a REGISTER names a domain, without a user',
  ]);
});

test('the contact of a dialog is one SIP address, sips: where the call is (RFC 3261 §8.1.1.8)', () => {
  assert.deepEqual(changed({ Contact: 'Contact: <sip:a@b>, <sip:a@c>' }), ['warning 8:21 INVITE has one contact only']);
  assert.deepEqual(changed({ Contact: 'Contact: <tel:+123>' }), [
    'warning 8:10 the contact of a dialog is a sip: or sips: address',
  ]);
  assert.deepEqual(changed({ INVITE: 'INVITE sips:bob@b SIP/2.0' }), [
    'warning 8:10 a request to a sips: address needs a sips: contact',
  ]);
});

test('routes without lr are told (RFC 3261 §16.6, §19.1.1)', () => {
  assert.deepEqual(changed({ Supported: 'Supported: path\nRoute: <sip:a;lr>, <sip:b>\nRecord-Route: <sip:c>' }), [
    'note 10:20 a strict router of RFC 2543 is meant, or ;lr is missing',
    'warning 11:15 a Record-Route must have ;lr',
  ]);
});

test('odd numbers of hops are notes (RFC 3261 §8.1.1.6, §16.3)', () => {
  assert.deepEqual(changed({ 'Max-Forwards': 'Max-Forwards: 71' }), [
    'note 3:15 Max-Forwards is 71 where 70 is recommended',
  ]);
  assert.deepEqual(changed({ 'Max-Forwards': 'Max-Forwards: 0' }), [
    'note 3:15 Max-Forwards is 0: no proxy passes this on, the next one answers 483',
  ]);
});

test('Content-Length and the body are compared (RFC 3261 §18.3)', () => {
  const typed = (length: string): string => `Content-Type: text/plain\nContent-Length: ${length}`;
  assert.deepEqual(changed({ 'Content-Length': typed('5') }, 'hello'), []);
  assert.deepEqual(changed({ 'Content-Length': typed('6') }, 'hello'), [
    'fault 13:6 the body is shorter than Content-Length says',
  ]);
  assert.deepEqual(changed({ 'Content-Length': typed('2') }, 'hello'), [
    'warning 11:17 Content-Length is 2 and 3 bytes follow behind the body; they are discarded',
  ]);
  assert.deepEqual(changed({ 'Content-Length': typed('5') }, 'hello\r\n'), [
    'note 11:17 2 bytes follow behind the body: line ends, which are discarded',
  ]);
  assert.deepEqual(changed({ 'Content-Length': typed('five') }, 'hello'), [
    'fault 11:17 Content-Length: expected a number of bytes',
  ]);
});

test('a missing Content-Length is a fault on streams only (RFC 3261 §18.3)', () => {
  assert.deepEqual(changed({ 'Content-Length': '' }), [
    'note - Content-Length is missing: the body is all that follows in the datagram',
  ]);
  assert.deepEqual(changed({ 'Content-Length': '', Via: 'Via: SIP/2.0/TCP a;branch=z9hG4bK1' }), [
    'fault - Content-Length is missing, and on a stream nothing else says where the message ends',
  ]);
});

test('a body needs a type (RFC 3261 §20.15)', () => {
  assert.deepEqual(changed({ 'Content-Length': 'Content-Length: 5' }, 'hello'), [
    'fault - Content-Type is missing and there is a body',
  ]);
});

test('a session description is checked at its place in the message (RFC 8866)', () => {
  const withSdp = (sdp: string): readonly string[] =>
    changed({ 'Content-Length': `Content-Type: application/sdp\nContent-Length: ${sdp.length}` }, sdp);
  assert.deepEqual(withSdp(SDP), []);
  const [fault = ''] = withSdp(SDP.replace('o=- 1', 'o=-'));
  assert.match(fault, /^fault 14:\d+ the session description: expected /);
  const [warning = ''] = withSdp(SDP.replaceAll('\r\n', '\n'));
  assert.match(warning, /^warning 13:\d+ the session description: expected /);
});

test('a large request over UDP is told (RFC 3261 §18.1.1)', () => {
  const size = `${'x'.repeat(1300)}`;
  const [note = ''] = changed({ Supported: `Supported: path\nSubject: ${size}` });
  assert.match(note, /^note - this request has \d{4} bytes; above 1300 it should go by TCP$/);
  assert.deepEqual(
    changed({ Supported: `Supported: path\nSubject: ${size}`, Via: 'Via: SIP/2.0/TCP a;branch=z9hG4bK1' }),
    [],
  );
});

test('a file saved by an editor is read as it was meant, and told so', () => {
  const text = `${edited(INVITE, { 'Content-Length': `Content-Type: application/sdp\nContent-Length: ${SDP.length}` }).join('\n')}\n\n${SDP.replaceAll('\r\n', '\n')}`;
  assert.deepEqual(told(lint(Buffer.from(text), bufferText, nearest)), [
    'note - the lines of this file end with line feeds alone, as editors save them; it is read as if they were CRLF',
  ]);
});

test('empty lines before a message are ignored and told (RFC 3261 §7.5)', () => {
  const report = lint(Buffer.concat([Buffer.from('\r\n'), bytesOf(INVITE)]), bufferText, nearest);
  assert.deepEqual(told(report), ['note 1:1 empty lines before the start line are ignored']);
});
