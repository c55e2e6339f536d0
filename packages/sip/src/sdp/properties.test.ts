import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageFault } from '../text/faults.ts';
import { SDP_LIMITS } from './limits.ts';
import { parseSdp } from './parse.ts';
import { printSdp } from './print.ts';
import type { Media, Sdp } from './sdp.ts';

test('parse(print(x)) = x for every description that the grammar can say', () => {
  fc.assert(fc.property(sdps, (sdp) => assert.deepEqual(parseSdp(printSdp(sdp), { mode: 'lenient' }), sdp)));
});

test('what strict mode reads, lenient mode reads the same way', () => {
  fc.assert(
    fc.property(sdps, (sdp) => {
      const text = printSdp({ ...sdp, unknown: [], media: sdp.media.map((media) => ({ ...media, unknown: [] })) });
      const strict = parseSdp(text, { mode: 'strict' });
      if (strict.type === 'fault') assert.fail(`${strict.line}:${strict.column} ${strict.reason}: ${text}`);
      assert.deepEqual(strict, parseSdp(text));
    }),
  );
});

test('print(parse(s)) = s for every text that can be read, and no text makes the parser throw', () => {
  let readable = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const sdp = parseSdp(text);
      assert.ok(['sdp', 'fault'].includes(parseSdp(text, { mode: 'strict' }).type));
      if (sdp.type === 'sdp') {
        readable += 1;
        assert.equal(printSdp(sdp), text);
      } else {
        checkPlace(text, sdp.line, sdp.column, sdp.at);
      }
    }),
    { numRuns: 2_000 },
  );
  assert.ok(readable > 100, `only ${readable} of the texts could be read`);
});

test('an edited description prints what it says, whatever the spelling it was received in', () => {
  fc.assert(
    fc.property(texts, sdps, fc.integer({ min: 1, max: 4_095 }), (text, other, chosen) => {
      const received = parseSdp(text);
      fc.pre(received.type === 'sdp');
      const edited = mixed(received, other, chosen);
      const again = parseSdp(printSdp(edited));
      if (again.type === 'fault') assert.fail(`${again.line}:${again.column} ${again.reason}: ${printSdp(edited)}`);
      assert.deepEqual(saying(again), saying(edited));
    }),
    { numRuns: 1_000 },
  );
});

test('what another program makes of the data either prints and reads again or is a bug of the caller', () => {
  const nasty = fc.oneof(fc.string(), fc.constantFrom('\r\n', '\n', 'x\r\na=inactive', '\0', '', ' ', 'a b'));
  fc.assert(
    fc.property(sdps, nasty, nasty, (sdp, one, two) => {
      const broken = {
        ...sdp,
        sessionName: one,
        origin: { ...sdp.origin, username: two },
        attributes: [{ name: one, value: two }],
        unknown: [two],
      };
      try {
        const again = parseSdp(printSdp(broken));
        assert.equal(again.type === 'sdp' && again.sessionName, one);
      } catch (fault) {
        assert.ok(fault instanceof UsageFault, String(fault));
      }
    }),
  );
});

test('texts at the limits that are all of one thing are read or refused, printed and edited like any other', () => {
  const head = 'v=0\no=- 1 1 IN IP4 h\n';
  const room = SDP_LIMITS.textChars - head.length - 2;
  const long = SDP_LIMITS.lineChars - 2;
  for (const text of [
    '\n'.repeat(SDP_LIMITS.textChars),
    head + '\n'.repeat(SDP_LIMITS.lines - 2),
    head + 'x=\n'.repeat(SDP_LIMITS.lines - 2),
    head + 'a=x\n'.repeat(SDP_LIMITS.lines - 2),
    head + 'b=A:01\n'.repeat(SDP_LIMITS.lines - 2),
    `${head}t=0 0\n${'r=1 1 1\n'.repeat(SDP_LIMITS.lines - 3)}`,
    `${head}t=0 0\nr=1 1${' 1d'.repeat(5_000)}\n`,
    head + 'm=a 1 R 0\n'.repeat(SDP_LIMITS.media),
    `${head}s=${' '.repeat(long)}`,
    `${head}e=${'a '.repeat(long / 2)}`,
    `${head}p=${'1 '.repeat(long / 2)}`,
    `${head}k=base64:${'='.repeat(long - 7)}`,
    `${head}c=${' \t'.repeat(long / 2)}`,
    `${head}c=IN IP4 ${'/1'.repeat(long / 2 - 4)}`,
    `${head}m=a ${'1'.repeat(long - 3)}`,
    `${head}m=a 1 R${' 0'.repeat(long / 2 - 3)}`,
    `${head}a=${':'.repeat(long)}`,
    `${head}${' '.repeat(room)}`,
  ]) {
    parseSdp(text, { mode: 'strict' });
    const sdp = parseSdp(text);
    if (sdp.type === 'fault') continue;
    assert.equal(printSdp(sdp), text);
    const edited = { ...sdp, attributes: sdp.attributes.toReversed(), bandwidths: sdp.bandwidths.slice(1) };
    assert.notEqual(parseSdp(printSdp(edited)).type, 'fault');
  }
});

/** The fields that the bits of `chosen` name come from `other`. */
function mixed(received: Sdp, other: Sdp, chosen: number): Sdp {
  const take = <T>(bit: number, theirs: T, ours: T): T => ((chosen >> bit) & 1 ? theirs : ours);
  const media = received.media.map((one, i): Media => {
    const by = other.media[i % Math.max(other.media.length, 1)];
    if (by === undefined) return one;
    return {
      ...one,
      port: take(0, by.port === 0 ? one.port : by.port, one.port),
      connections: take(1, [...one.connections.slice(1), ...by.connections], one.connections),
      attributes: take(2, [...by.attributes, ...one.attributes.slice(0, -1)], one.attributes),
      unknown: take(3, by.unknown, one.unknown),
      title: take(4, by.title, one.title),
    };
  });
  return {
    ...received,
    origin: take(5, other.origin, received.origin),
    timings: take(6, [...received.timings.slice(1), ...other.timings], received.timings),
    bandwidths: take(7, [...other.bandwidths, ...received.bandwidths], received.bandwidths),
    attributes: take(8, received.attributes.slice(1), received.attributes),
    connection: take(9, other.connection, received.connection),
    information: take(10, other.information, received.information),
    media: take(
      11,
      [...media, ...other.media],
      media.filter(({ port, formats }) => port === 0 || formats.length > 0),
    ),
  };
}

/** Without the spelling, and with what may hold no formats left out. */
const saying = (sdp: Sdp): Sdp => ({
  ...sdp,
  source: undefined,
  media: sdp.media.map((media) => ({ ...media, source: undefined })),
});

function checkPlace(text: string, line: number, column: number, at: number): void {
  const lines = text.slice(0, at).split('\n');
  assert.deepEqual([lines.length, (lines.at(-1) ?? '').length + 1], [line, column]);
}

const plain = { noNullPrototype: true } as const;
const token = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,8}$/);
const word = fc.stringMatching(/^[!-~äß]{1,12}$/);
const text = fc.stringMatching(/^[ -~\té€]{1,20}$/);
const digits = fc.stringMatching(/^\d{1,25}$/);
const moment = fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{9,22}$/));
const seconds = fc.nat();
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const some = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 3 });

const connection = fc.record(
  { nettype: token, addrtype: fc.constantFrom('IP4', 'IP6', 'X'), address: fc.stringMatching(/^[a-z0-9.:]{1,12}$/) },
  plain,
);
const bandwidth = fc.record({ modifier: token, amount: fc.maxSafeNat() }, plain);
const attribute = fc.record({ name: token, value: maybe(text) }, plain);
const repeat = fc.record(
  {
    intervalSeconds: fc.integer({ min: 1, max: 9_999_999 }),
    durationSeconds: seconds,
    offsetsSeconds: fc.array(seconds, { minLength: 1, maxLength: 3 }),
  },
  plain,
);
const adjustment = fc.record({ at: moment, offsetSeconds: fc.integer().map((n) => n + 0) }, plain);
const timing = fc
  .record({ start: moment, stop: moment, repeats: some(repeat), adjustments: some(adjustment) }, plain)
  .map((one) => (one.repeats.length === 0 ? { ...one, adjustments: [] } : one));
const unknown = some(fc.oneof(fc.constant(''), fc.stringMatching(/^[XYdfw]=[ -~]{0,9}$/)));
const key = fc.constantFrom(undefined, 'prompt', 'clear:x');
const media: fc.Arbitrary<Media> = fc.record(
  {
    kind: token,
    port: fc.integer({ min: 0, max: 65_535 }),
    portCount: fc.integer({ min: 1, max: 65_535 }),
    proto: fc.array(token, { minLength: 1, maxLength: 3 }).map((tokens) => tokens.join('/')),
    formats: fc.array(token, { minLength: 1, maxLength: 4 }),
    title: maybe(text),
    connections: fc.array(connection, { minLength: 1, maxLength: 3 }),
    bandwidths: some(bandwidth),
    key,
    attributes: some(attribute),
    unknown,
    source: fc.constant(undefined),
  },
  plain,
);
const origin = fc.record(
  { username: word, sessionId: digits, sessionVersion: digits, nettype: token, addrtype: token, address: word },
  plain,
);
const sdps: fc.Arbitrary<Sdp> = fc.record(
  {
    type: fc.constant('sdp' as const),
    version: fc.constant(0 as const),
    origin,
    sessionName: text,
    information: maybe(text),
    uri: maybe(word),
    emails: some(fc.constantFrom('a@b.c', 'a@b.c (A B)', 'A <a@b.c>')),
    phones: some(fc.constantFrom('+1 2', '12 (A)')),
    connection: maybe(connection),
    bandwidths: some(bandwidth),
    timings: fc.array(timing, { minLength: 1, maxLength: 3 }),
    key,
    attributes: some(attribute),
    unknown,
    media: some(media),
    source: fc.constant(undefined),
  },
  plain,
);

/** Printed descriptions, as they are and then spelled worse and worse, and texts of SDP's characters. */
const texts = fc.oneof(
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'vosiuepcbtrzkamx=0123 :/.-\r\n\0aINP') }) },
  { weight: 1, arbitrary: fc.string() },
  {
    weight: 4,
    arbitrary: fc
      .tuple(sdps, fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 9 })), { maxLength: 4 }))
      .map(([sdp, changes]) => changes.reduce(mutated, printSdp(sdp))),
  },
);

function mutated(from: string, [first, second, how]: readonly [number, number, number]): string {
  const at = first % (from.length + 1);
  const lines = from.split('\r\n');
  const line = second % lines.length;
  switch (how) {
    case 0:
      return from.replaceAll('\r\n', '\n');
    case 1:
      return from.replaceAll(' ', '  ');
    case 2:
      return `${from}\n`;
    case 3:
      return from.slice(0, at);
    case 4:
      return lines.toSpliced(line, 1).join('\r\n');
    case 5:
      return lines.toSpliced(first % lines.length, 0, ...lines.slice(line, line + 1)).join('\r\n');
    case 6:
      return lines.toSpliced(line, 1, `${lines[line]} `).join('\r\n');
    case 7:
      return lines.toSpliced(line, 0, 'x=1').join('\r\n');
    case 8:
      return from.slice(0, at) + from.slice(at + 1);
    default:
      return from.slice(0, at) + String.fromCharCode(second % 128) + from.slice(at);
  }
}
