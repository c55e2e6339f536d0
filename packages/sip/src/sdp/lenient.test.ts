import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSdp } from './parse.ts';
import { printSdp } from './print.ts';
import type { Sdp } from './sdp.ts';

for (const { title, text, read, as, strict } of leniencies()) {
  test(`lenient: ${title}`, () => {
    const sdp = parseSdp(text);
    if (sdp.type === 'fault') assert.fail(`${sdp.line}:${sdp.column} ${sdp.reason}`);
    assert.deepEqual(read(sdp), as);
    assert.equal(printSdp(sdp), text);
    const fault = parseSdp(text, { mode: 'strict' });
    assert.ok(fault.type === 'fault', 'strict mode refuses it');
    assert.deepEqual([fault.line, fault.column], strict, fault.reason);
  });
}

interface Leniency {
  readonly title: string;
  readonly text: string;
  /** What lenient mode must have understood. */
  readonly read: (sdp: Sdp) => unknown;
  readonly as: unknown;
  /** Line and column where strict mode refuses it. */
  readonly strict: readonly [line: number, column: number];
}

function leniencies(): readonly Leniency[] {
  const head = 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\n';
  const full = `${head}t=0 0\r\n`;
  return [
    {
      title: 'lines may end with a bare line feed (RFC 8866 §5)',
      text: full.replaceAll('\r', ''),
      read: ({ sessionName, timings }) => [sessionName, timings.length],
      as: ['-', 1],
      strict: [1, 4],
    },
    {
      title: 'line ends may be mixed (RFC 8866 §5)',
      text: 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\nt=0 0\r\n',
      read: ({ sessionName, timings }) => [sessionName, timings.length],
      as: ['-', 1],
      strict: [3, 4],
    },
    {
      title: 'the last line may lack its end (RFC 8866 §9)',
      text: full.slice(0, -2),
      read: ({ timings }) => timings[0]?.stop,
      as: '0',
      strict: [4, 6],
    },
    {
      title: 'blank lines may follow the last one (RFC 8866 §9)',
      text: `${full}\r\n\r\n`,
      read: ({ unknown }) => unknown,
      as: ['', ''],
      strict: [5, 1],
    },
    {
      title: 'subfields may have several blanks between and around them (RFC 8866 §5)',
      text: `${full.replace('- 1 1', '-  1\t1').replace('v=0', 'v=0 ')}m=audio  1 RTP/AVP 0 8 \r\n`,
      read: ({ origin, media }) => [origin.sessionId, media[0]?.formats],
      as: ['1', ['0', '8']],
      strict: [5, 9],
    },
    {
      title: 's= may be missing (RFC 8866 §5.3)',
      text: full.replace('s=-\r\n', ''),
      read: ({ sessionName }) => sessionName,
      as: undefined,
      strict: [4, 1],
    },
    {
      title: 's= may be empty, as RFC 3264 §10 has it (RFC 8866 §5.3)',
      text: full.replace('s=-', 's='),
      read: ({ sessionName }) => sessionName,
      as: '',
      strict: [3, 3],
    },
    {
      title: 't= may be missing (RFC 8866 §5.9)',
      text: head,
      read: ({ timings }) => timings,
      as: [],
      strict: [4, 1],
    },
    {
      title: 'lines of a section may stand in another order, as t= before c= in RFC 3264 §9 (RFC 8866 §5)',
      text: `${full}c=IN IP4 h\r\n`,
      read: ({ connection, timings }) => [connection?.address, timings.length],
      as: ['h', 1],
      strict: [5, 1],
    },
    {
      title: 'lines of a media section may stand in another order (RFC 8866 §5)',
      text: `${full}m=audio 1 RTP/AVP 0\r\na=x\r\nc=IN IP4 h\r\n`,
      read: ({ media }) => media[0]?.connections.map(({ address }) => address),
      as: ['h'],
      strict: [7, 1],
    },
    {
      title: 'lines of unknown types are kept and not looked into (RFC 8866 §5)',
      text: `${full.replace('s=-', 'x=foo\r\ns=-')}A=b\r\n`,
      read: ({ unknown }) => unknown,
      as: ['x=foo', 'A=b'],
      strict: [3, 1],
    },
    {
      title: 'ids of the origin may have other characters than digits (RFC 8866 §5.2)',
      text: full.replace('- 1 1', '- -12 0xAB'),
      read: ({ origin }) => [origin.sessionId, origin.sessionVersion],
      as: ['-12', '0xAB'],
      strict: [2, 5],
    },
    {
      title: 'times may have fewer than ten digits (RFC 8866 §9)',
      text: full.replace('t=0 0', 't=12 0'),
      read: ({ timings }) => timings[0]?.start,
      as: '12',
      strict: [4, 3],
    },
    {
      title: 'z= may stand behind a time without repeats, as RFC 4566 had it (RFC 8866 §5.11)',
      text: `${full}z=0 1h\r\n`,
      read: ({ timings }) => timings[0]?.adjustments,
      as: [{ at: '0', offsetSeconds: 3_600 }],
      strict: [5, 1],
    },
    {
      title: 'c= may be missing at both levels (RFC 8866 §5.7)',
      text: `${full}m=audio 1 RTP/AVP 0\r\nc=IN IP4 h\r\nm=audio 0 RTP/AVP 0\r\n`,
      read: ({ connection, media }) => [connection, ...media.map(({ connections }) => connections.length)],
      as: [undefined, 1, 0],
      strict: [7, 1],
    },
    {
      title: 'a refused stream may have no formats (RFC 3264 §6)',
      text: `${full}m=video 0 RTP/AVP\r\n`,
      read: ({ media }) => media[0]?.formats,
      as: [],
      strict: [5, 18],
    },
    {
      title: 'attributes may have names that are no tokens and empty values (RFC 8866 §5.13)',
      text: `${full}a=\r\na=:\r\na=b c:d\r\n`,
      read: ({ attributes }) => attributes.map(({ name, value }) => [name, value]),
      as: [
        ['', undefined],
        ['', ''],
        ['b c', 'd'],
      ],
      strict: [5, 3],
    },
    {
      title: 'texts for people are not looked into (RFC 8866 §5.4, §5.5, §5.6)',
      text: full.replace('t=', 'i=\r\nu=a b\r\ne=\r\np=call me\r\nt='),
      read: ({ information, uri, emails, phones }) => [information, uri, ...emails, ...phones],
      as: ['', 'a b', '', 'call me'],
      strict: [4, 3],
    },
  ];
}
