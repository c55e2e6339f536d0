import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressRangeOf } from './connection.ts';
import { sameSession } from './origin.ts';
import { parseSdp } from './parse.ts';
import { connectionOf, type Sdp, type SdpFault } from './sdp.ts';
import { SECONDS_1900_TO_1970 } from './timing.ts';

test('every session-level line becomes a field (RFC 8866 §5)', () => {
  const sdp = read(WHOLE);
  assert.deepEqual(sdp.origin, {
    username: 'jdoe',
    sessionId: '18446744073709551615',
    sessionVersion: '3724394405',
    nettype: 'IN',
    addrtype: 'IP4',
    address: '198.51.100.1',
  });
  assert.equal(sdp.version, 0);
  assert.deepEqual([sdp.sessionName, sdp.information, sdp.uri], ['Call: to  John', 'an offer', 'http://example.com/']);
  assert.deepEqual(sdp.emails, ['j.doe@example.com (Jane Doe)', 'Jane Doe <j.doe@example.com>']);
  assert.deepEqual(sdp.phones, ['+1 617 555-6011']);
  assert.deepEqual(sdp.connection, { nettype: 'IN', addrtype: 'IP4', address: '233.252.0.1/127' });
  assert.deepEqual(sdp.bandwidths, [
    { modifier: 'CT', amount: 1000 },
    { modifier: 'X-YZ', amount: 128 },
  ]);
  assert.equal(sdp.key, 'prompt');
  assert.deepEqual(sdp.attributes, [
    { name: 'recvonly', value: undefined },
    { name: 'tool', value: 'foo: bar V3.2 ' },
  ]);
});

test('every line of a media section becomes a field (RFC 8866 §5.14)', () => {
  const [audio, video] = read(WHOLE).media;
  assert.deepEqual(
    [audio?.kind, audio?.port, audio?.portCount, audio?.proto, audio?.formats, audio?.title, audio?.key],
    ['audio', 49170, 1, 'RTP/AVP', ['0', '101'], 'speech', 'clear:hush'],
  );
  assert.deepEqual(audio?.bandwidths, [{ modifier: 'AS', amount: 64 }]);
  assert.deepEqual(audio?.attributes, [{ name: 'ptime', value: '20' }]);
  assert.deepEqual([video?.port, video?.portCount], [49180, 2]);
  assert.deepEqual(
    video?.connections.map(({ address }) => address),
    ['ff00::db8:0:101', 'ff00::db8:0:102'],
  );
});

test('times have their repeats and adjustments, units become seconds (RFC 8866 §5.9, §5.10, §5.11)', () => {
  assert.deepEqual(read(WHOLE).timings, [
    {
      start: '3724394400',
      stop: '3754123200',
      repeats: [
        { intervalSeconds: 604_800, durationSeconds: 3_600, offsetsSeconds: [0, 90_000] },
        { intervalSeconds: 120, durationSeconds: 5, offsetsSeconds: [1] },
      ],
      adjustments: [
        { at: '3730928400', offsetSeconds: -3_600 },
        { at: '3749680800', offsetSeconds: 0 },
      ],
    },
    { start: '0', stop: '99999999999999999999', repeats: [], adjustments: [] },
  ]);
  assert.equal(SECONDS_1900_TO_1970, 70 * 365 * 86_400 + 17 * 86_400);
});

test("a media section without a connection has the session's (RFC 8866 §5.7)", () => {
  const sdp = read(WHOLE);
  assert.deepEqual(
    sdp.media.map((media) => connectionOf(sdp, media)?.address),
    ['233.252.0.1/127', 'ff00::db8:0:101'],
  );
});

test('a connection address has a base, a time to live and a count (RFC 8866 §5.7)', () => {
  const range = (addrtype: string, address: string) => addressRangeOf({ nettype: 'IN', addrtype, address });
  assert.deepEqual(range('IP4', '233.252.0.1/127/3'), { base: '233.252.0.1', ttl: 127, count: 3 });
  assert.deepEqual(range('IP4', '233.252.0.1/0'), { base: '233.252.0.1', ttl: 0, count: 1 });
  assert.deepEqual(range('IP4', 'host.example.com'), { base: 'host.example.com', ttl: undefined, count: 1 });
  assert.deepEqual(range('IP6', 'ff00::db8:0:101/3'), { base: 'ff00::db8:0:101', ttl: undefined, count: 3 });
  assert.deepEqual(range('E164', '+15551234/x'), { base: '+15551234/x', ttl: undefined, count: 1 });
  for (const [addrtype, address] of [
    ['IP4', '233.252.0.1/256'],
    ['IP4', '233.252.0.1/1/0'],
    ['IP4', '233.252.0.1/1/65536'],
    ['IP4', '/1'],
    ['IP6', 'ff00::1/127/3'],
    ['IP6', 'ff00::1/'],
  ] as const)
    assert.equal(range(addrtype, address), undefined, address);
});

test('connection addresses of other types keep their further subfields (RFC 8866 §5.7)', () => {
  const sdp = read('v=0|o=- 1 1 ATM NSAP 47.00|s=-|c=ATM NSAP 47.0091 x y|t=0 0|');
  assert.deepEqual(sdp.connection, { nettype: 'ATM', addrtype: 'NSAP', address: '47.0091 x y' });
});

test('a session is the same whatever its version (RFC 8866 §5.2)', () => {
  const { origin } = read(WHOLE);
  assert.equal(sameSession(origin, { ...origin, sessionVersion: '1' }), true);
  for (const key of ['username', 'sessionId', 'nettype', 'addrtype', 'address'] as const)
    assert.equal(sameSession(origin, { ...origin, [key]: 'x' }), false);
});

test('a malformed description is a value that says line, column, offset and reason', () => {
  assert.deepEqual(parseSdp('v=0\r\no=a 1 1 IN IP4 h\r\nm=audio 70000 RTP/AVP 0\r\n'), {
    type: 'fault',
    code: 'SIP_E_SYNTAX',
    line: 3,
    column: 9,
    at: 31,
    reason: 'expected a port up to 65535',
  });
  assert.deepEqual(parseSdp(''), {
    type: 'fault',
    code: 'SIP_E_SYNTAX',
    line: 1,
    column: 1,
    at: 0,
    reason: 'expected a "v=" line',
  });
});

test('what cannot be understood is refused in lenient mode, too, with its place', () => {
  for (const [text, line, column] of MALFORMED) {
    const found = fault(text, 'lenient');
    assert.deepEqual([found.line, found.column], [line, column], `${text}: ${found.reason}`);
  }
});

test('strict mode refuses what leaves the grammar of RFC 8866 §9, with its place', () => {
  for (const [text, line, column] of NOT_STRICT) {
    assert.equal(read(text, 'lenient').type, 'sdp', text);
    const found = fault(text, 'strict');
    assert.deepEqual([found.line, found.column], [line, column], `${text}: ${found.reason}`);
  }
});

test('strict mode takes the forms of e=, p=, k= and a= that RFC 8866 §9 has', () => {
  assert.deepEqual(read(WHOLE, 'strict'), read(WHOLE));
  for (const lines of [
    'e=j@example.com',
    'e=j@example.com (J)',
    'e=J D <j@example.com>',
    'p=+1 6-1',
    'p=16(J)',
    'p=16 (J)',
    'p=J <16>',
  ])
    assert.equal(read(`${HEAD}${lines}|t=0 0|`, 'strict').type, 'sdp', lines);
  for (const lines of ['k=prompt', 'k=clear:x y', 'k=base64:YWI=', 'k=uri:http://a/', "a=!#$%&'*+-.^_`{|}~:\t:x"])
    assert.equal(
      parseSdp(`${HEAD}t=0 0|`.replaceAll('|', '\r\n').concat(lines, '\r\n'), { mode: 'strict' }).type,
      'sdp',
      lines,
    );
});

function read(text: string, mode: 'lenient' | 'strict' = 'lenient'): Sdp {
  const sdp = parseSdp(text.replaceAll('|', '\r\n'), { mode });
  if (sdp.type === 'fault') assert.fail(`${sdp.line}:${sdp.column} ${sdp.reason}`);
  return sdp;
}

function fault(text: string, mode: 'lenient' | 'strict'): SdpFault {
  const found = parseSdp(text.replaceAll('|', '\r\n'), { mode });
  if (found.type === 'sdp') assert.fail(`${mode} mode accepts ${text}`);
  return found;
}

/** Each bar is a line end. */
const WHOLE = [
  'v=0|o=jdoe 18446744073709551615 3724394405 IN IP4 198.51.100.1|s=Call: to  John|i=an offer|u=http://example.com/|',
  'e=j.doe@example.com (Jane Doe)|e=Jane Doe <j.doe@example.com>|p=+1 617 555-6011|c=IN IP4 233.252.0.1/127|b=CT:1000|',
  'b=X-YZ:128|t=3724394400 3754123200|r=7d 1h 0 25h|r=2m 5s 1|z=3730928400 -1h 3749680800 0|t=0 99999999999999999999|',
  'k=prompt|a=recvonly|a=tool:foo: bar V3.2 |m=audio 49170 RTP/AVP 0 101|i=speech|b=AS:64|k=clear:hush|a=ptime:20|',
  'm=video 49180/2 RTP/AVP 31|c=IN IP6 ff00::db8:0:101|c=IN IP6 ff00::db8:0:102|',
].join('');

const HEAD = 'v=0|o=- 1 1 IN IP4 h|s=-|';
const FULL = `${HEAD}c=IN IP4 h|t=0 0|`;

/** A text, and the line and column where it is refused. */
type Refused = readonly [text: string, line: number, column: number];

const MALFORMED: readonly Refused[] = [
  ['hello', 1, 1],
  [`${FULL}audio`, 6, 1],
  [`${FULL} a=x`, 6, 1],
  ['v=1|', 1, 3],
  ['v=|', 1, 3],
  ['o=- 1 1 IN IP4 h|', 2, 1],
  ['v=0|s=-|', 3, 1],
  ['v=0|s=-|m=audio 0 RTP/AVP 0|', 3, 1],
  ['v=0|v=0|', 2, 1],
  ['v=0|o=- 1 1 IN IP4|', 2, 15],
  ['v=0|o=- 1 1 IN IP4 h h|', 2, 18],
  ['v=0|o=- 1 1 I@ IP4 h|', 2, 9],
  [`${FULL}c=IN IP4 h|`, 6, 1],
  [`${HEAD}c=IN IP4|`, 4, 9],
  [`${HEAD}c=IN IP4 h x|`, 4, 12],
  [`${HEAD}b=64|`, 4, 3],
  [`${HEAD}b=AS|`, 4, 3],
  [`${HEAD}b=AS:|`, 4, 6],
  [`${HEAD}b=AS:-1|`, 4, 6],
  [`${HEAD}b=AS:9007199254740992|`, 4, 6],
  [`${HEAD}t=0|`, 4, 4],
  [`${HEAD}t=0 x|`, 4, 5],
  [`${HEAD}t=0 0 0|`, 4, 7],
  [`${HEAD}r=1 1 1|`, 4, 1],
  [`${FULL}r=0 1 1|`, 6, 3],
  [`${FULL}r=1 1|`, 6, 6],
  [`${FULL}r=1w 1 1|`, 6, 3],
  [`${FULL}r=1 1 9007199254740991d|`, 6, 7],
  [`${FULL}z=1|`, 6, 4],
  [`${FULL}z=1 +1|`, 6, 5],
  [`${FULL}z=1 1|z=1 1|`, 7, 1],
  [`${FULL}r=1 1 1|z=0 1|r=1 1 1|`, 8, 1],
  [`${FULL}m=|`, 6, 3],
  [`${FULL}m=au/dio 1 RTP/AVP 0|`, 6, 3],
  [`${FULL}m=audio x RTP/AVP 0|`, 6, 9],
  [`${FULL}m=audio -1 RTP/AVP 0|`, 6, 9],
  [`${FULL}m=audio 65536 RTP/AVP 0|`, 6, 9],
  [`${FULL}m=audio 1/0 RTP/AVP 0|`, 6, 11],
  [`${FULL}m=audio 1/65536 RTP/AVP 0|`, 6, 11],
  [`${FULL}m=audio 1/ RTP/AVP 0|`, 6, 11],
  [`${FULL}m=audio 1 RTP//AVP 0|`, 6, 11],
  [`${FULL}m=audio 1 RTP/AVP|`, 6, 18],
  [`${FULL}m=audio 1 RTP/AVP 0 <|`, 6, 21],
  [`${FULL}m=audio 1 RTP/AVP 0|i=x|i=x|`, 8, 1],
  [`${FULL}m=audio 1 RTP/AVP 0|t=0 0|`, 7, 1],
  [`${FULL}m=audio 1 RTP/AVP 0|v=0|`, 7, 1],
  [`${FULL}a=x\0y|`, 6, 4],
  [`${FULL}a=x\ry|`, 6, 4],
];

const NOT_STRICT: readonly Refused[] = [
  [`${HEAD}c=IN IP4 233.252.0.1/256|t=0 0|`, 4, 10],
  [`${HEAD}c=IN IP6 ff00::1/1/1|t=0 0|`, 4, 10],
  [`${HEAD}u=a b|t=0 0|`, 4, 3],
  [`${HEAD}e=a b|t=0 0|`, 4, 3],
  [`${HEAD}p=call me|t=0 0|`, 4, 3],
  [`${FULL}k=guess|`, 6, 3],
  [`${FULL}a=b c:d|`, 6, 3],
  [`${FULL}a=b:|`, 6, 5],
];
