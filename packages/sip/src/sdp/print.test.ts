import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageFault } from '../text/faults.ts';
import { addAttribute, removeAttributes, setAttribute } from './attributes.ts';
import { withDirection } from './direction.ts';
import { parseSdp } from './parse.ts';
import { printSdp } from './print.ts';
import { createMedia, createSdp, type Media, type Sdp } from './sdp.ts';

test('a description of our own prints in the order of RFC 8866 §5 with CR and LF', () => {
  const sdp = createSdp({
    origin: ORIGIN,
    sessionName: 'a call',
    information: 'about it',
    uri: 'http://example.com/',
    emails: ['a@example.com'],
    phones: ['+1 2'],
    connection: HOST,
    bandwidths: [{ modifier: 'CT', amount: 1 }],
    timings: [
      {
        start: '3724394400',
        stop: '0',
        repeats: [{ intervalSeconds: 604_800, durationSeconds: 3_600, offsetsSeconds: [0, 90_000] }],
        adjustments: [{ at: '3730928400', offsetSeconds: -3_600 }],
      },
    ],
    key: 'prompt',
    attributes: [{ name: 'tool', value: 'x' }],
    unknown: ['x=y'],
    media: [
      createMedia({
        kind: 'audio',
        port: 4000,
        portCount: 2,
        proto: 'RTP/AVP',
        formats: ['0', '8'],
        title: 'speech',
        connections: [HOST],
        bandwidths: [{ modifier: 'AS', amount: 2 }],
        key: 'prompt',
        attributes: [{ name: 'sendrecv', value: undefined }],
        unknown: ['y=z'],
      }),
    ],
  });
  const text = [
    'v=0|o=- 1 2 IN IP4 h|s=a call|i=about it|u=http://example.com/|e=a@example.com|p=+1 2|c=IN IP4 h|b=CT:1|',
    't=3724394400 0|r=604800 3600 0 90000|z=3730928400 -3600|k=prompt|a=tool:x|x=y|',
    'm=audio 4000/2 RTP/AVP 0 8|i=speech|c=IN IP4 h|b=AS:2|k=prompt|a=sendrecv|y=z|',
  ].join('');
  assert.equal(printSdp(sdp), crlf(text));
  assert.deepEqual(parseSdp(crlf(text)), sdp);
});

test('a new description is named "-" and permanent (RFC 8866 §5.3, §5.9)', () => {
  const text = printSdp(createSdp({ origin: ORIGIN }));
  assert.equal(text, crlf('v=0|o=- 1 2 IN IP4 h|s=-|t=0 0|'));
  assert.equal(parseSdp(text, { mode: 'strict' }).type, 'sdp');
});

test('an edit changes its own line; odd spellings, orders and unknown lines around it stay as they were', () => {
  const sdp = read(ODD);
  assert.equal(printSdp(sdp), ODD);
  assert.equal(printSdp({ ...sdp, connection: HOST }), ODD.replace('c=IN  IP4 10.0.0.1 ', 'c=IN IP4 h'));
  assert.equal(
    printSdp({ ...sdp, origin: { ...sdp.origin, sessionVersion: '2' } }),
    ODD.replace('o=-  1 1 IN IP4 h', 'o=- 1 2 IN IP4 h'),
  );
  assert.equal(
    printSdp(withMedia(sdp, 1, (media) => ({ ...media, port: 0 }))),
    ODD.replace('m=video 6000  RTP/AVP 31', 'm=video 0 RTP/AVP 31'),
  );
  assert.equal(
    printSdp(withMedia(sdp, 0, (media) => withDirection(media, 'sendonly'))),
    ODD.replace('a=sendrecv', 'a=sendonly'),
  );
  assert.equal(
    printSdp(withMedia(sdp, 0, (media) => setAttribute(media, 'ptime', '30'))),
    ODD.replace('a=ptime:20', 'a=ptime:30'),
  );
});

test('a removed line goes and the lines around it keep their places', () => {
  const sdp = read(ODD);
  assert.equal(printSdp({ ...sdp, connection: undefined }), ODD.replace('c=IN  IP4 10.0.0.1 \n', ''));
  assert.equal(
    printSdp(withMedia(sdp, 0, (media) => removeAttributes(media, 'rtpmap'))),
    ODD.replace('a=rtpmap:0 PCMU/8000\n', ''),
  );
  assert.equal(printSdp({ ...sdp, unknown: [] }), ODD.replace('x=1\n', ''));
  assert.equal(printSdp({ ...sdp, media: sdp.media.slice(1) }), ODD.replace(/m=audio.*(?=m=video)/s, ''));
});

test('a new line goes behind the lines of its kind, with the line end of its section', () => {
  const sdp = read(ODD);
  assert.equal(
    printSdp(withMedia(sdp, 0, (media) => addAttribute(media, 'mid', '0'))),
    ODD.replace('a=ptime:20\n', 'a=ptime:20\na=mid:0\n'),
  );
  assert.equal(
    printSdp(
      withMedia(sdp, 0, (media) => ({ ...media, attributes: [{ name: 'mid', value: '0' }, ...media.attributes] })),
    ),
    ODD.replace('a=rtpmap:0', 'a=mid:0\na=rtpmap:0'),
  );
  assert.equal(printSdp({ ...sdp, unknown: ['x=1', 'x=2'] }), ODD.replace('x=1\n', 'x=1\nx=2\n'));
});

test('the first line of its kind goes where the grammar has it (RFC 8866 §5)', () => {
  const sdp = read(ODD);
  assert.equal(printSdp({ ...sdp, information: 'i' }), ODD.replace('s=\n', 's=\ni=i\n'));
  assert.equal(printSdp({ ...sdp, attributes: [{ name: 'x', value: 'y' }] }), ODD.replace('0.1 \n', '0.1 \na=x:y\n'));
  assert.equal(
    printSdp(withMedia(sdp, 1, (media) => ({ ...media, title: 'T', unknown: ['y=z'] }))),
    ODD.replace('RTP/AVP 31\n', 'RTP/AVP 31\ni=T\n').concat('\ny=z\n'),
  );
});

test('several edits in one kind take the places of the lines they replace', () => {
  const text = 'v=0\no=- 1 1 IN IP4 h\ns=-\na=1\nx=1\na=2\nx=2\na=3\nt=0 0\n';
  const sdp = read(text);
  const names = (...of: string[]) => of.map((name) => ({ name, value: undefined }));
  const printed = (...of: string[]) => printSdp({ ...sdp, attributes: names(...of) });
  assert.equal(printed('A', '2', 'C'), text.replace('a=1', 'a=A').replace('a=3', 'a=C'));
  assert.equal(
    printed('A', 'B', 'C', 'D'),
    text.replace('a=1', 'a=A').replace('a=2', 'a=B').replace('a=3', 'a=C\na=D'),
  );
  assert.equal(printed('A'), text.replace('a=1', 'a=A').replace('a=2\n', '').replace('a=3\n', ''));
  assert.equal(printed(), text.replace(/a=.\n/g, ''));
});

test('a moved line keeps its spelling, and of two lines that say the same each has its own', () => {
  const text = 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nb=AS:01\r\nb=AS:1 \r\nb=CT:1\r\nb=TIAS:007\r\nt=0 0\r\n';
  const sdp = read(text);
  assert.equal(printSdp({ ...sdp, bandwidths: [...sdp.bandwidths] }), text);
  const [first, second, third, fourth] = text.split('\r\n').slice(3, 7);
  assert.equal(
    printSdp({ ...sdp, bandwidths: sdp.bandwidths.toReversed() }),
    text.replace(/b=.*(?=t=)/s, [fourth, third, first, second, ''].join('\r\n')),
  );
});

test('repeats stay with their time when times are edited (RFC 8866 §5.10)', () => {
  const text = 'v=0\no=- 1 1 IN IP4 h\ns=-\nt=1 0\nx=1\nr=7d 1h 0\nr=1d 1h 0\nt=2 0\n';
  const sdp = read(text);
  const [one, two] = sdp.timings;
  assert.ok(one !== undefined && two !== undefined);
  const edited = {
    ...sdp,
    timings: [
      { ...one, repeats: one.repeats.slice(0, 1) },
      { ...two, repeats: one.repeats },
    ],
  };
  const again = read(printSdp(edited));
  assert.deepEqual(again.timings, edited.timings);
  assert.match(printSdp(edited), /t=1 0\nx=1\nr=7d 1h 0\nt=2 0\n/);
});

test('a last line without an end gets one when another line follows it now', () => {
  const sdp = read('v=0\no=- 1 1 IN IP4 h\ns=-\nt=0 0');
  const media = createMedia({ kind: 'audio', port: 1, proto: 'RTP/AVP', formats: ['0'] });
  assert.equal(printSdp({ ...sdp, media: [media] }), 'v=0\no=- 1 1 IN IP4 h\ns=-\nt=0 0\nm=audio 1 RTP/AVP 0\r\n');
  assert.equal(
    printSdp({ ...sdp, attributes: [{ name: 'x', value: '' }] }),
    'v=0\no=- 1 1 IN IP4 h\ns=-\nt=0 0\na=x:\n',
  );
});

test('the source holds spelling only: what it says beyond the fields is not printed', () => {
  const sdp = createSdp({ origin: ORIGIN });
  const text = printSdp(sdp);
  for (const source of ['', 'm=audio 1 RTP/AVP 0\r\n', 'o=\r\n', 'k=x\r\nhello\r\n\r\n', 's=-\r\no=- 1 2  IN IP4 h'])
    assert.deepEqual({ ...read(printSdp({ ...sdp, source })), source: undefined }, sdp, JSON.stringify(source));
  assert.equal(printSdp({ ...sdp, source: '' }), text);
});

test('a value that cannot stand in its line is a bug of the caller, never a line of its own', () => {
  const sdp = createSdp({ origin: ORIGIN, connection: HOST });
  const audio = createMedia({ kind: 'audio', port: 1, proto: 'RTP/AVP', formats: ['0'] });
  const never: readonly Sdp[] = [
    { ...sdp, sessionName: 'x\r\na=inactive' },
    { ...sdp, information: 'x\0' },
    { ...sdp, origin: { ...ORIGIN, username: 'a b' } },
    { ...sdp, origin: { ...ORIGIN, sessionId: '' } },
    { ...sdp, connection: { ...HOST, address: 'h i' } },
    { ...sdp, bandwidths: [{ modifier: 'AS', amount: 1.5 }] },
    { ...sdp, bandwidths: [{ modifier: 'A:S', amount: 1 }] },
    { ...sdp, timings: [{ start: '', stop: '0', repeats: [], adjustments: [] }] },
    {
      ...sdp,
      timings: [{ start: '0', stop: '0', repeats: [], adjustments: [{ at: '0', offsetSeconds: Number.NaN }] }],
    },
    { ...sdp, unknown: ['a=hidden'] },
    { ...sdp, unknown: ['hello'] },
    { ...sdp, media: [{ ...audio, port: 65_536 }] },
    { ...sdp, media: [{ ...audio, port: -1 }] },
    { ...sdp, media: [{ ...audio, portCount: 0 }] },
    { ...sdp, media: [{ ...audio, formats: [] }] },
    { ...sdp, media: [{ ...audio, formats: ['<'] }] },
    { ...sdp, media: [{ ...audio, kind: 'au dio' }] },
    { ...sdp, media: [{ ...audio, attributes: [{ name: 'x', value: 'y\nm=audio 1 RTP/AVP 0' }] }] },
    { ...sdp, media: [{ ...audio, unknown: ['t=0 0'] }] },
  ];
  for (const one of never) assert.throws(() => printSdp(one), UsageFault, JSON.stringify(one));
});

function read(text: string): Sdp {
  const sdp = parseSdp(text);
  if (sdp.type === 'fault') assert.fail(`${sdp.line}:${sdp.column} ${sdp.reason}`);
  return sdp;
}

const withMedia = (sdp: Sdp, index: number, edit: (media: Media) => Media): Sdp => ({
  ...sdp,
  media: sdp.media.map((media, i) => (i === index ? edit(media) : media)),
});

const crlf = (text: string): string => text.replaceAll('|', '\r\n');

const ORIGIN = { username: '-', sessionId: '1', sessionVersion: '2', nettype: 'IN', addrtype: 'IP4', address: 'h' };
const HOST = { nettype: 'IN', addrtype: 'IP4', address: 'h' };

/** Bare line feeds, doubled spaces, lines out of order, an unknown type, an open end. */
const ODD = [
  'v=0',
  'o=-  1 1 IN IP4 h',
  's=',
  'x=1',
  't=0 0',
  'c=IN  IP4 10.0.0.1 ',
  'm=audio 5000  RTP/AVP 0 101 ',
  'a=rtpmap:0 PCMU/8000',
  'b=AS:064',
  'a=sendrecv',
  'a=ptime:20',
  'm=video 6000  RTP/AVP 31',
  'a=rtpmap:31 H261/90000',
].join('\n');
