import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  fmtpOf,
  fmtpParam,
  fmtpsOf,
  maxptimeMsOf,
  parseFmtp,
  parseRtpmap,
  printFmtp,
  printRtpmap,
  ptimeMsOf,
  rtpmapOf,
  rtpmapsOf,
} from './format.ts';
import { createMedia, type Media } from './sdp.ts';

test('a=rtpmap names the encoding, its clock and its channels (RFC 8866 §6.6)', () => {
  const media = withAttributes('rtpmap:96 L8/8000', 'rtpmap:97 x', 'rtpmap:98 L16/11025/2', 'rtpmap');
  const l8 = { payloadType: 96, encoding: 'L8', clockRateHz: 8_000, channels: undefined };
  const l16 = { payloadType: 98, encoding: 'L16', clockRateHz: 11_025, channels: 2 };
  assert.deepEqual(rtpmapsOf(media), [l8, l16]);
  assert.deepEqual(rtpmapOf(media, '98'), l16);
  assert.equal(rtpmapOf(media, '97'), undefined);
  assert.deepEqual([printRtpmap(l8), printRtpmap(l16)], ['96 L8/8000', '98 L16/11025/2']);
});

test('lenient: a=rtpmap may be padded with spaces (RFC 8866 §6.6)', () => {
  for (const value of ['101  telephone-event/8000', '101 telephone-event/8000 ', ' 101\ttelephone-event/8000'])
    assert.equal(parseRtpmap(value)?.encoding, 'telephone-event', value);
});

test('an a=rtpmap of another form is not read (RFC 8866 §6.6)', () => {
  for (const value of [
    '',
    '0',
    '0 PCMU',
    '0 PCMU/',
    '0 /8000',
    '128 X/8000',
    '-1 X/8000',
    'x X/8000',
    '0 X/0',
    '0 X/8k',
    '0 X/8000/0',
    '0 X/8000/2/3',
    '0 X/8000 2',
    '0 X/80000000000',
  ])
    assert.equal(parseRtpmap(value), undefined, value);
  assert.equal(parseRtpmap('127 X/8000')?.payloadType, 127);
});

test('a=fmtp gives parameters to a format (RFC 8866 §6.15)', () => {
  const media = withAttributes(
    'fmtp:96 profile-level-id=42e016;max-mbps=108000; sprop = Z0IACpZTBYmI,aMljiA==;;',
    'fmtp:101 0-15,66',
    'fmtp:97',
  );
  assert.equal(fmtpsOf(media).length, 2);
  const h264 = fmtpOf(media, '96');
  assert.ok(h264 !== undefined);
  assert.deepEqual(h264.params, [
    { name: 'profile-level-id', value: '42e016' },
    { name: 'max-mbps', value: '108000' },
    { name: 'sprop', value: 'Z0IACpZTBYmI,aMljiA==' },
  ]);
  assert.equal(h264.text, 'profile-level-id=42e016;max-mbps=108000; sprop = Z0IACpZTBYmI,aMljiA==;;');
  assert.deepEqual(fmtpOf(media, '101')?.params, [{ name: '0-15,66', value: undefined }]);
  assert.equal(fmtpOf(media, '97'), undefined);
});

test('a parameter of a=fmtp is found without regard to case (RFC 8866 §5.14)', () => {
  const fmtp = parseFmtp('111 useInbandFEC=1;usedtx;x=');
  assert.ok(fmtp !== undefined);
  assert.deepEqual(
    ['useinbandfec', 'USEDTX', 'x', 'y'].map((name) => fmtpParam(fmtp, name)),
    ['1', '', '', undefined],
  );
});

test('an a=fmtp without parameters is not read (RFC 8866 §6.15)', () => {
  for (const value of ['', '96', '96 ', ' ']) assert.equal(parseFmtp(value), undefined, JSON.stringify(value));
});

test('a=ptime and a=maxptime are milliseconds above zero (RFC 8866 §6.4, §6.5)', () => {
  const media = withAttributes('ptime:20', 'ptime:30', 'maxptime:2.5 ');
  assert.deepEqual([ptimeMsOf(media), maxptimeMsOf(media)], [20, 2.5]);
  for (const value of ['', '0', '0.0', '-20', '20ms', '1e9', '.5'])
    assert.equal(ptimeMsOf(withAttributes(`ptime:${value}`)), undefined, value);
  assert.equal(maxptimeMsOf(withAttributes('ptime:20')), undefined);
});

test('parse(print(x)) = x for a=rtpmap and a=fmtp', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9.-]{1,9}$/);
  const positive = fc.integer({ min: 1, max: 192_000 });
  fc.assert(
    fc.property(
      fc.record(
        {
          payloadType: fc.integer({ min: 0, max: 127 }),
          encoding: word,
          clockRateHz: positive,
          channels: fc.option(positive, { nil: undefined }),
        },
        { noNullPrototype: true },
      ),
      (map) => assert.deepEqual(parseRtpmap(printRtpmap(map)), map),
    ),
  );
  const value = fc.option(fc.stringMatching(/^[\w=,/+]{0,9}$/), { nil: undefined });
  const param = fc.record({ name: word, value }, { noNullPrototype: true });
  fc.assert(
    fc.property(word, fc.array(param, { minLength: 1 }), (format, params) => {
      const fmtp = parseFmtp(printFmtp(format, params));
      assert.deepEqual([fmtp?.format, fmtp?.params], [format, params]);
    }),
  );
});

/** Each as `name` or `name:value`. */
function withAttributes(...texts: readonly string[]): Media {
  const attributes = texts.map((text) => {
    const [name = '', value] = text.split(/:(.*)/s);
    return { name, value };
  });
  return createMedia({ kind: 'audio', port: 1, proto: 'RTP/AVP', formats: ['0'], attributes });
}
