import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bytesOf,
  plainText as latin1Text,
  messageText as message,
  requestOf as parsedRequest,
} from '@strowger/testkit/messages';
import fc from 'fast-check';
import { bodyOf, headersOf, parse, print, read, readAll, to, via } from './index.ts';
import { LIMITS } from './limits.ts';

const INVITE = [
  'INVITE sip:bob@biloxi.example SIP/2.0',
  'Via: SIP/2.0/UDP pc33.atlanta.example;branch=z9hG4bK776asdhds',
  'v: SIP/2.0/TCP [2001:db8::1]:5070;branch=z9hG4bKx, SIP/2.0/UDP c.example;branch=z9hG4bKy',
  'Max-Forwards: 70',
  'To: Bob <sip:bob@biloxi.example>',
  'From: Alice <sip:alice@atlanta.example>;tag=1928301774',
  'Call-ID: a84b4c76e66710@pc33.atlanta.example',
  'CSeq: 314159 INVITE',
  'X-Unknown:  kept   as it is ;\tincluding blanks',
  'Content-Length: 4',
];

test('a message that nobody edits is printed byte for byte as it came (RFC 3261 §7.3.1)', () => {
  const bytes = bytesOf(message(INVITE, 'abcd'));
  const parsed = parse(bytes, latin1Text);
  assert.equal(parsed.kind, 'request');
  if (parsed.kind === 'request') assert.deepEqual(print(parsed, latin1Text), bytes);
});

test('compact and long names are the same header, and commas the same as several lines (RFC 3261 §7.3.1, §7.3.3)', () => {
  const request = parsedRequest(message(INVITE, 'abcd'));
  assert.deepEqual(
    readAll(request, via).map((v) => v.host),
    ['pc33.atlanta.example', '[2001:db8::1]', 'c.example'],
  );
  assert.equal(read(request, via)?.branch, 'z9hG4bK776asdhds');
});

test('a folded value is one line with a space, and a value may begin on the next line (RFC 3261 §7.3.1)', () => {
  const folded = INVITE.map((line) =>
    line.replace('Alice <', 'Alice\r\n   <').replace('To: Bob', 'To:\r\n Bob').replace('INVITE', 'INVITE\r\n \r\n\t'),
  ).with(0, INVITE[0] ?? '');
  const headers = new Map(headersOf(parsedRequest(message(folded, 'abcd'))));
  assert.equal(headers.get('From'), 'Alice <sip:alice@atlanta.example>;tag=1928301774');
  assert.equal(headers.get('To'), 'Bob <sip:bob@biloxi.example>');
  assert.equal(headers.get('CSeq'), '314159 INVITE');
});

test('values with bytes from 0x80 up are UTF-8 and pass through untouched (RFC 3261 §7.3.1)', () => {
  const bytes = Buffer.from(
    message(
      INVITE.map((line) => line.replace('Bob', '"Bøb"')),
      'abcd',
    ),
    'utf8',
  );
  const parsed = parse(bytes, latin1Text);
  assert.equal(parsed.kind, 'request');
  if (parsed.kind !== 'request') return;
  assert.equal(new Map(headersOf(parsed)).get('To'), '"Bøb" <sip:bob@biloxi.example>');
  assert.deepEqual(Buffer.from(print(parsed, latin1Text)), bytes);
});

test('what follows the body in a datagram is discarded, a body that is too short is a fault (RFC 3261 §18.3)', () => {
  assert.equal(Buffer.from(bodyOf(parsedRequest(message(INVITE, 'abcdefgh')))).toString(), 'abcd');
  const short = parse(bytesOf(message(INVITE, 'abc')), latin1Text);
  assert.equal(short.kind, 'malformed');
  if (short.kind === 'malformed')
    assert.deepEqual([short.status, short.reason], [400, 'Body Shorter Than Content-Length']);
});

test('a message without any header line is printed with its start line once', () => {
  const request = parsedRequest('OPTIONS sip:a SIP/2.0\r\n\r\n');
  assert.equal(
    Buffer.from(print(request, latin1Text)).toString(),
    'OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n',
  );
});

test('folds that are long cost no more than their length (RFC 3261 §7.3.1)', () => {
  const blanks = ' '.repeat(LIMITS.lineBytes - 100);
  const request = parsedRequest(message([...INVITE, `X-Long: a${blanks}b\r\n c \t\r\n \t d`], 'abcd'));
  assert.equal(new Map(headersOf(request)).get('X-Long'), `a${blanks}b c d`);
});

test('a reason phrase may end with a byte that is half a character (RFC 3261 §7.2)', () => {
  const response = parse(Buffer.from('SIP/2.0 200 voil\u00e0 \r\nCSeq: 1 A\r\n\r\n'), latin1Text);
  assert.equal(response.kind === 'response' ? response.reason : '', 'voil\u00e0');
});

test('lines that ended with a line feed alone go on with CRLF (RFC 3261 §7)', () => {
  const request = parsedRequest('OPTIONS sip:a SIP/2.0\nX-a: b\n c\r\nVia: SIP/2.0/UDP a.example\nCall-ID : x\n\n');
  assert.equal(
    Buffer.from(print(request, latin1Text)).toString(),
    'OPTIONS sip:a SIP/2.0\r\nX-a: b c\r\nVia: SIP/2.0/UDP a.example\r\nCall-ID: x\r\nContent-Length: 0\r\n\r\n',
  );
  assert.equal(read(request, via)?.host, 'a.example');
});

test('empty lines before the start line are passed over (RFC 3261 §7.5)', () => {
  assert.equal(parsedRequest(`\r\n\r\n${message(INVITE, 'abcd')}`).method, 'INVITE');
});

for (const [what, text, status, reason] of [
  ['another version', message(INVITE).replace('SIP/2.0\r\nVia', 'SIP/7.0\r\nVia'), 505, 'Version Not Supported'],
  ['a header line without a colon', message([...INVITE, 'no colon here']), 400, 'Bad Header Line'],
  ['a control character in a value', message([...INVITE, 'Subject: a\u0001b']), 400, 'Control Character In Header'],
  ['no empty line at the end', INVITE.join('\r\n'), 400, 'Missing Empty Line After The Headers'],
  [
    'a Content-Length that is no number',
    message(INVITE).replace('Length: 4', 'Length: -4'),
    400,
    'Bad Content-Length Header',
  ],
  ['several Content-Lengths', message([...INVITE, 'l: 5'], 'abcd'), 400, 'Multiple Content-Length Headers'],
  [
    'a body larger than any',
    message(INVITE).replace('Length: 4', `Length: ${LIMITS.bodyBytes + 1}`),
    413,
    'Message Body Too Large',
  ],
  ['an escaped line break', message([...INVITE, 'Subject: "a\\\rb"']), 400, 'Control Character In Header'],
  [
    'white space in the Request-URI',
    message(INVITE).replace('sip:bob@biloxi.example SIP', 'sip:bob@biloxi.example; lr SIP'),
    400,
    'Bad Request-URI',
  ],
  [
    'angle brackets around the Request-URI',
    message(INVITE).replace('sip:bob@biloxi.example SIP', '<sip:bob@biloxi.example> SIP'),
    400,
    'Bad Request-URI',
  ],
  [
    'too many header lines',
    message([...INVITE, ...Array.from({ length: LIMITS.headerLines }, () => 'X: y')]),
    400,
    'Too Many Headers',
  ],
  [
    'a header line that is too long',
    message([...INVITE, `X: ${'y'.repeat(LIMITS.lineBytes)}`]),
    400,
    'Header Line Too Long',
  ],
  [
    'a header part that is too large',
    message([...INVITE, ...Array.from({ length: 60 }, () => `X: ${'y'.repeat(1200)}`)]),
    513,
    'Message Header Too Large',
  ],
] as const) {
  test(`${what} is a value with position, reason and ${status}, and what was read can be answered (RFC 3261 §8.2, §16.3)`, () => {
    const parsed = parse(bytesOf(text), latin1Text);
    assert.equal(parsed.kind, 'malformed');
    if (parsed.kind !== 'malformed') return;
    assert.deepEqual([parsed.status, parsed.reason], [status, reason]);
    assert.ok(parsed.position > 0 && parsed.position <= text.length);
    assert.equal(parsed.message?.kind, 'request');
  });
}

test('bytes that are no SIP message are malformed without anything to answer', () => {
  for (const text of ['', 'hello', 'GET / HTTP/1.1\r\n\r\n', '\u0000\u0000', 'SIP/2.0 99 Odd\r\n\r\n']) {
    const parsed = parse(bytesOf(text), latin1Text);
    assert.equal(parsed.kind, 'malformed', text);
    if (parsed.kind === 'malformed') assert.equal(parsed.message?.content.count ?? 0, 0, text);
  }
});

test('a header name with blanks before the colon is that header (RFC 3261 §7.3.1)', () => {
  const request = parsedRequest(
    message(
      INVITE.map((line) => line.replace('Call-ID:', 'Call-ID \t:')),
      'abcd',
    ),
  );
  assert.equal(new Map(headersOf(request)).get('Call-ID'), 'a84b4c76e66710@pc33.atlanta.example');
});

test('behind a backslash any control character may stand but CR and LF (RFC 3261 §25.1, RFC 4475 §3.1.1.2)', () => {
  const request = parsedRequest(
    message(
      INVITE.map((line) => line.replace('To: Bob', 'To: "\\\u0000\\\u0007\\\u007f"')),
      'abcd',
    ),
  );
  assert.equal(read(request, to)?.display, '\u0000\u0007\u007f');
});

test('whatever the bytes are, parsing ends with a value and never throws', () => {
  const piece = fc.oneof(
    fc.constantFrom(...INVITE, '\r\n', '\r', '\n', ' ', ':', ',', '"', '<', '\u0000', 'Content-Length: 99999999999'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const parsed = parse(bytesOf(pieces.join('')), latin1Text);
      assert.ok(['request', 'response', 'malformed'].includes(parsed.kind));
      if (parsed.kind !== 'malformed') assert.equal(parse(print(parsed, latin1Text), latin1Text).kind, parsed.kind);
    }),
  );
});
