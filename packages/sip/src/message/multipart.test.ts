import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, messageText, plainText, requestOf } from '@strowger/testkit/messages';
import fc from 'fast-check';
import { Params } from '../text/params.ts';
import { type Body, contentType, partsToProcess, printMultipart, readBody } from './index.ts';

const bodyIn = (type: string, lines: readonly string[], ...more: readonly string[]): Body => {
  const request = requestOf(
    messageText(['MESSAGE sip:a SIP/2.0', `Content-Type: ${type}`, ...more], lines.join('\r\n')),
  );
  const body = readBody(request, plainText);
  assert.ok(body !== undefined);
  return body;
};
const textOf = (part: Body | undefined): string => (part === undefined ? '' : Buffer.from(part.bytes).toString());

test('each part has its own type, disposition and bytes; preamble and epilogue are passed over (RFC 5621 §3.1, RFC 2046 §5.1.1)', () => {
  const { parts } = bodyIn('multipart/mixed;boundary="boundary1"', [
    'nobody reads this',
    '--boundary1',
    'Content-Type: application/sdp',
    '',
    'v=0',
    '--boundary1  ',
    'content-type: application/resource-lists+xml',
    'Content-Disposition: recipient-list;',
    '  handling=optional',
    'Content-ID: <list@example.com>',
    'Content-Transfer-Encoding: Binary',
    '',
    '<resource-lists/>',
    '',
    '--boundary1--',
    'nor this',
  ]);
  assert.deepEqual(
    parts.map(({ type, disposition, handling, id, encoding }) => [
      type.media,
      disposition.type,
      handling,
      id,
      encoding,
    ]),
    [
      ['application/sdp', 'session', 'required', undefined, 'binary'],
      ['application/resource-lists+xml', 'recipient-list', 'optional', 'list@example.com', 'binary'],
    ],
  );
  assert.deepEqual(parts.map(textOf), ['v=0', '<resource-lists/>\r\n']);
});

test('a part without headers is plain text, in a digest a message (RFC 2046 §5.1)', () => {
  const lines = ['--b', '', 'hello', '--b--'];
  assert.equal(bodyIn('multipart/mixed;boundary=b', lines).parts[0]?.type.media, 'text/plain');
  assert.equal(bodyIn('multipart/digest;boundary=b', lines).parts[0]?.type.media, 'message/rfc822');
});

test('the body of a message that is no multipart is one body without parts', () => {
  const body = bodyIn('application/sdp', ['v=0'], 'Content-Disposition: early-session;handling=optional');
  assert.deepEqual(
    [body.type.media, body.disposition.type, body.handling, body.parts, textOf(body)],
    ['application/sdp', 'early-session', 'optional', [], 'v=0'],
  );
  assert.equal(readBody(requestOf(messageText(['MESSAGE sip:a SIP/2.0'])), plainText), undefined);
});

test('a line that only begins like the boundary belongs to the part, and boundaries of inner bodies may begin like the outer one (RFC 2046 §5.1.2)', () => {
  const { parts } = bodyIn('multipart/mixed;boundary=b', [
    '--b',
    'Content-Type: multipart/alternative;boundary=b1',
    '',
    '--b1',
    '',
    '--bx',
    '--b1',
    '',
    'second',
    // the inner body never ends
    '--b',
    '',
    'third',
    '--b--',
  ]);
  assert.deepEqual(
    parts.map((part) => part.parts.map(textOf)),
    [['--bx', 'second'], []],
  );
  assert.equal(textOf(parts[1]), 'third');
});

test('bytes of any value stand in a part, and no part may be empty of bytes by mistake (RFC 5621 §3.2)', () => {
  const binary = Uint8Array.from({ length: 256 }, (_, i) => i);
  const bytes = printMultipart([{ type: { media: 'application/octet-stream' }, bytes: binary }], 'b', plainText);
  const head = bytesOf(messageText(['MESSAGE sip:a SIP/2.0', 'Content-Type: multipart/mixed;boundary=b']));
  const request = requestOf(Buffer.from(head).toString('latin1'));
  const whole = {
    ...request,
    content: Object.assign(Object.create(request.content), { bytes, bodyStart: 0, bodyEnd: bytes.length }),
  };
  assert.deepEqual(readBody(whole, plainText)?.parts[0]?.bytes, binary);
});

for (const [what, type, lines] of [
  ['without a boundary', 'multipart/mixed', ['--b', '', 'x', '--b--']],
  ['with a boundary that is too long', `multipart/mixed;boundary=${'b'.repeat(71)}`, ['--b', '', 'x', '--b--']],
  ['without a part', 'multipart/mixed;boundary=b', ['hello', '--b--']],
  ['with a part whose header line is none', 'multipart/mixed;boundary=b', ['--b', 'hello', '', 'x', '--b--']],
  ['with a part whose type is none', 'multipart/mixed;boundary=b', ['--b', 'Content-Type: x', '', 'x', '--b--']],
] as const) {
  test(`a multipart body ${what} is the fault of the peer, answered 400 (RFC 2046 §5.1.1)`, () => {
    assert.throws(() => bodyIn(type, lines), { name: 'RemoteFault', status: 400, reason: 'Bad Multipart Body' });
  });
}

const part = (media: string, handling: string): readonly string[] => [
  '--b',
  `Content-Type: ${media}`,
  `Content-Disposition: render;handling=${handling}`,
  '',
  media,
];
const chosen = (
  type: string,
  parts: readonly (readonly string[])[],
  ...more: readonly string[]
): readonly string[] | undefined =>
  partsToProcess(bodyIn(`multipart/${type};boundary=b`, [...parts.flat(), '--b--'], ...more), ({ type: { media } }) =>
    media.startsWith('text/'),
  )?.map(textOf);

test('parts that nobody understands are left out where their handling is optional, and refused where it is required (RFC 5621 §8.4)', () => {
  assert.deepEqual(chosen('mixed', [part('text/a', 'required'), part('image/a', 'optional')]), ['text/a']);
  assert.equal(chosen('mixed', [part('text/a', 'optional'), part('image/a', 'required')]), undefined);
  assert.equal(chosen('unheard-of', [part('image/a', 'required')]), undefined);
  const optional = 'Content-Disposition: render;handling=optional';
  assert.deepEqual(chosen('mixed', [part('image/a', 'required')], optional), []);
});

test('the last alternative that is understood is taken, whatever the handling of each says (RFC 5621 §6.1, §8.3)', () => {
  const three = [part('text/a', 'optional'), part('text/b', 'optional'), part('image/c', 'required')];
  assert.deepEqual(chosen('alternative', three), ['text/b']);
  assert.equal(chosen('alternative', [part('image/a', 'optional')]), undefined);
  const optional = 'Content-Disposition: render;handling=optional';
  assert.deepEqual(chosen('alternative', [part('image/a', 'required')], optional), []);
});

test('a handling that is neither of the two words counts as required (RFC 3261 §20.11)', () => {
  assert.equal(chosen('mixed', [part('image/a', 'perhaps')]), undefined);
});

test('a boundary that stands in a part, or is none, is the mistake of the caller (RFC 2046 §5.1)', () => {
  const of = (boundary: string, text: string) => () =>
    printMultipart([{ type: { media: 'text/plain' }, bytes: bytesOf(text) }], boundary, plainText);
  assert.throws(of('b', 'x\r\n--bc'), { name: 'UsageFault' });
  assert.throws(of('b', '--b'), { name: 'UsageFault' });
  assert.doesNotThrow(of('b', 'x --b'));
  for (const boundary of ['', 'b ', 'b\r\n', 'ü', 'b'.repeat(71)])
    assert.throws(of(boundary, 'x'), { name: 'UsageFault' });
  assert.throws(() => printMultipart([], 'b', plainText), { name: 'UsageFault' });
});

test('what is printed is read again, nested too (RFC 5621 §4.2)', () => {
  const media = fc.constantFrom('text/plain', 'application/sdp', 'image/png');
  const leaf = fc.record({ media, text: fc.stringMatching(/^[ -~\r\n-]*$/) });
  fc.assert(
    fc.property(fc.array(fc.array(leaf, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), (groups) => {
      const inner = groups.map((group) => ({
        type: { media: 'multipart/mixed', params: new Params(';boundary="in ner"') },
        disposition: { type: 'render', handling: 'optional' },
        id: 'a@b',
        bytes: printMultipart(
          group.map(({ media, text }) => ({ type: { media }, bytes: bytesOf(text) })),
          'in ner',
          plainText,
        ),
      }));
      const bytes = printMultipart(inner, 'out:er', plainText);
      const type = contentType.encode({ media: 'multipart/mixed', params: new Params(';boundary="out:er"') });
      const body = bodyIn(type, [Buffer.from(bytes).toString()]);
      assert.deepEqual(
        body.parts.map(({ id, handling, parts }) => [id, handling, parts.map((p) => [p.type.media, textOf(p)])]),
        groups.map((group) => ['a@b', 'optional', group.map(({ media, text }) => [media, text])]),
      );
    }),
  );
});
