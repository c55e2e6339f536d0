import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSdp } from './parse.ts';
import { printSdp } from './print.ts';
import type { Sdp } from './sdp.ts';

for (const { title, text, strictFault, says } of [
  {
    title: 'lines may end with a bare line feed (RFC 8866 §5)',
    text: 'v=0\no=- 1 1 IN IP4 h\ns=-\nt=0 0\n',
    strictFault: [1, 4],
    says: ({ sessionName, timings }: Sdp) => [sessionName, timings.length],
  },
  {
    title: 'line ends may be mixed (RFC 8866 §5)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\nt=0 0\r\n',
    strictFault: [3, 4],
    says: ({ sessionName, timings }: Sdp) => [sessionName, timings.length],
  },
  {
    title: 'the last line may lack its end (RFC 8866 §9)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0',
    strictFault: [4, 6],
    says: ({ sessionName, timings }: Sdp) => [sessionName, timings.length],
  },
  {
    title: 'blank lines may follow the last one (RFC 8866 §9)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\n\r\n\r\n',
    strictFault: [5, 1],
    says: ({ sessionName, unknown }: Sdp) => [sessionName, unknown.length - 1],
  },
  {
    title: 'subfields may have more than one space between them and spaces around them (RFC 8866 §5)',
    text: 'v=0 \r\no=-  1\t1 IN IP4 h\r\ns=-\r\nt=0 0\r\nm=audio  1 RTP/AVP 0 8 \r\n',
    strictFault: [5, 9],
    says: ({ sessionName, media }: Sdp) => [
      sessionName,
      media.map(({ formats }) => formats.join()).join() === '0,8' ? 1 : 0,
    ],
  },
  {
    title: 's= may be missing (RFC 8866 §5.3)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\nt=0 0\r\n',
    strictFault: [4, 1],
    says: ({ sessionName, timings }: Sdp) => [sessionName ?? '-', timings.length],
  },
  {
    title: 's= may be empty, as RFC 3264 §10 has it (RFC 8866 §5.3)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\ns=\r\nt=0 0\r\n',
    strictFault: [3, 3],
    says: ({ sessionName, timings }: Sdp) => [sessionName === '' ? '-' : '?', timings.length],
  },
  {
    title: 't= may be missing (RFC 8866 §5.9)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\n',
    strictFault: [4, 1],
    says: ({ sessionName, timings }: Sdp) => [sessionName, timings.length + 1],
  },
  {
    title: 'lines of a section may stand in another order, as t= before c= in RFC 3264 §9 (RFC 8866 §5)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\nc=IN IP4 h\r\nm=audio 1 RTP/AVP 0\r\na=x\r\nb=AS:1\r\nc=IN IP4 i\r\n',
    strictFault: [8, 1],
    says: ({ sessionName, media }: Sdp) => [sessionName, media[0]?.bandwidths[0]?.amount],
  },
  {
    title: 'lines of unknown types are kept and not looked into (RFC 8866 §5)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\nx=foo\r\ns=-\r\nt=0 0\r\nA=b\r\n',
    strictFault: [3, 1],
    says: ({ sessionName, unknown }: Sdp) => [sessionName, unknown.join() === 'x=foo,A=b' ? 1 : 0],
  },
  {
    title: 'ids of the origin may have other characters than digits (RFC 8866 §5.2)',
    text: 'v=0\r\no=- -12 0xAB IN IP4 h\r\ns=-\r\nt=0 0\r\n',
    strictFault: [2, 5],
    says: ({ sessionName, origin }: Sdp) => [sessionName, Number(origin.sessionVersion) - 170],
  },
  {
    title: 'times may have fewer than ten digits (RFC 8866 §9)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=1 0\r\n',
    strictFault: [4, 3],
    says: ({ sessionName, timings }: Sdp) => [sessionName, Number(timings[0]?.start)],
  },
  {
    title: 'z= may stand behind a time without repeats, as RFC 4566 had it (RFC 8866 §5.11)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\nz=0 1\r\n',
    strictFault: [5, 1],
    says: ({ sessionName, timings }: Sdp) => [sessionName, timings[0]?.adjustments[0]?.offsetSeconds],
  },
  {
    title: 'c= may be missing at both levels (RFC 8866 §5.7)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\nm=audio 1 RTP/AVP 0\r\nc=IN IP4 h\r\nm=audio 0 RTP/AVP 0\r\n',
    strictFault: [7, 1],
    says: ({ sessionName, media }: Sdp) => [sessionName, media[0]?.connections.length],
  },
  {
    title: 'a refused stream may have no formats (RFC 3264 §6)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 h\r\nt=0 0\r\nm=video 0 RTP/AVP\r\n',
    strictFault: [6, 18],
    says: ({ sessionName, media }: Sdp) => [sessionName, (media[0]?.formats.length ?? 9) + 1],
  },
  {
    title: 'attributes may have names that are no tokens and empty values (RFC 8866 §5.13)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\na=\r\na=:\r\na=b c:\r\n',
    strictFault: [5, 3],
    says: ({ sessionName, attributes }: Sdp) => [sessionName, attributes[2]?.name === 'b c' ? 1 : 0],
  },
  {
    title: 'texts for people are not looked into (RFC 8866 §5.5, §5.6)',
    text: 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\ni=\r\nu=\r\ne=\r\np=\r\nt=0 0\r\n',
    strictFault: [4, 3],
    says: ({ sessionName, information, uri, emails, phones }: Sdp) => [
      sessionName,
      [information, uri, ...emails, ...phones].every((text) => text === '') ? 1 : 0,
    ],
  },
] as const) {
  test(`lenient: ${title}`, () => {
    const sdp = parseSdp(text);
    if (sdp.type === 'fault') assert.fail(`${sdp.line}:${sdp.column} ${sdp.reason}`);
    assert.deepEqual(says(sdp), ['-', 1]);
    assert.equal(printSdp(sdp), text);
    const strict = parseSdp(text, { mode: 'strict' });
    assert.equal(strict.type, 'fault');
    assert.deepEqual(strict.type === 'fault' && [strict.line, strict.column], strictFault, JSON.stringify(strict));
  });
}
