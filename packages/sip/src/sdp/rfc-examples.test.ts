import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directionOf } from './direction.ts';
import { rtpmapsOf } from './format.ts';
import type { SdpMode } from './line.ts';
import { parseSdp } from './parse.ts';
import { printSdp } from './print.ts';
import { connectionOf, type Media, type Sdp } from './sdp.ts';

interface Example {
  readonly source: string;
  /** Without white space in front of its lines. */
  readonly text: string;
  /** `lenient` where the example itself leaves the grammar of RFC 8866 §9. */
  readonly mode: SdpMode;
  /** Of each stream the kind, port, connection address, direction and mapped formats. */
  readonly streams: readonly string[];
}

test('the examples are read, say what their RFCs tell about them and print byte for byte', () => {
  for (const { source, text, mode, streams } of EXAMPLES) {
    for (const spelled of [text.replaceAll('\n', '\r\n'), text]) {
      const sdp = parseSdp(spelled);
      if (sdp.type === 'fault') assert.fail(`${source}, line ${sdp.line}: ${sdp.reason}`);
      assert.deepEqual(
        sdp.media.map((media) => streamOf(sdp, media)),
        streams,
        source,
      );
      assert.equal(printSdp(sdp), spelled, source);
    }
    const strict = parseSdp(text.replaceAll('\n', '\r\n'), { mode: 'strict' });
    assert.equal(strict.type, mode === 'strict' ? 'sdp' : 'fault', source);
  }
});

test('an example in the spelling of the grammar needs no source beside its fields', () => {
  const examples = EXAMPLES.filter(({ mode }) => mode === 'strict');
  assert.ok(examples.length > 8);
  for (const { source, text } of examples) {
    const sdp = parseSdp(text.replaceAll('\n', '\r\n'));
    assert.ok(sdp.type === 'sdp', source);
    assert.deepEqual([sdp.source, ...sdp.media.map((media) => media.source)].filter(Boolean), [], source);
  }
});

test('one edit of an example makes the next offer of its RFC (RFC 4317 §3.1)', () => {
  const held = EXAMPLES.find(({ source }) => source === 'RFC 4317 §3.1, the answer')?.text ?? '';
  const sdp = parseSdp(held);
  assert.ok(sdp.type === 'sdp', 'the answer is read');
  const offer = printSdp({
    ...sdp,
    origin: { ...sdp.origin, sessionVersion: '2808844565' },
    connection: { nettype: 'IN', addrtype: 'IP4', address: 'host.biloxi.example.com' },
    media: sdp.media.map((media) => ({ ...media, port: 49170, attributes: media.attributes.slice(0, 1) })),
  });
  const expected = held
    .replace('2808844564 IN', '2808844565 IN')
    .replace('placeholder', 'host')
    .replace('49172', '49170')
    .replace('a=sendonly\n', '');
  assert.equal(offer, expected);
});

function streamOf(sdp: Sdp, media: Media): string {
  const formats = rtpmapsOf(media).map(({ encoding, clockRateHz }) => `${encoding}/${clockRateHz}`);
  return [media.kind, media.port, connectionOf(sdp, media)?.address, directionOf(sdp, media), ...formats].join(' ');
}

/** RFC 4317 §1 says of its examples that their `s=` holds one space. */
const head4317 = (origin: string, host: string): string => head(origin, host).replace('s=\n', 's= \n');

/** How the examples of RFC 3264 §10 begin: with an empty name. */
const head = (origin: string, host: string): string => `v=0\no=${origin} IN IP4 ${host}\ns=\nc=IN IP4 ${host}\nt=0 0\n`;

const EXAMPLES: readonly Example[] = [
  {
    source: 'RFC 8866 §5',
    mode: 'strict',
    streams: [
      'audio 49170 198.51.100.1 sendrecv',
      'audio 49180 198.51.100.1 sendrecv',
      'video 51372 2001:db8::2 sendrecv h263-1998/90000',
    ],
    text: `v=0
o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1
s=Call to John Smith
i=SDP Offer #1
u=http://www.jdoe.example.com/home.html
e=Jane Doe <jane@jdoe.example.com>
p=+1 617 555-6011
c=IN IP4 198.51.100.1
t=0 0
m=audio 49170 RTP/AVP 0
m=audio 49180 RTP/AVP 0
m=video 51372 RTP/AVP 99
c=IN IP6 2001:db8::2
a=rtpmap:99 h263-1998/90000
`,
  },
  {
    source: 'RFC 8866 §6.7',
    mode: 'strict',
    streams: [
      'audio 49170 2001:db8::1 sendrecv',
      'audio 49180 2001:db8::1 inactive',
      'video 51372 2001:db8::1 inactive h263-1998/90000',
    ],
    text: `v=0
o=jdoe 3724395000 3724395001 IN IP6 2001:db8::1
s=-
c=IN IP6 2001:db8::1
t=0 0
a=inactive
m=audio 49170 RTP/AVP 0
a=sendrecv
m=audio 49180 RTP/AVP 0
m=video 51372 RTP/AVP 99
a=rtpmap:99 h263-1998/90000
`,
  },
  {
    source: 'RFC 4566 §5',
    mode: 'strict',
    streams: ['audio 49170 224.2.17.12/127 recvonly', 'video 51372 224.2.17.12/127 recvonly h263-1998/90000'],
    text: `v=0
o=jdoe 2890844526 2890842807 IN IP4 10.47.16.5
s=SDP Seminar
i=A Seminar on the session description protocol
u=http://www.example.com/seminars/sdp.pdf
e=j.doe@example.com (Jane Doe)
c=IN IP4 224.2.17.12/127
t=2873397496 2873404696
a=recvonly
m=audio 49170 RTP/AVP 0
m=video 51372 RTP/AVP 99
a=rtpmap:99 h263-1998/90000
`,
  },
  {
    source: 'RFC 3264 §9, with c= behind t= (erratum 2099)',
    mode: 'lenient',
    streams: [
      'audio 0 192.0.2.4 sendrecv PCMU/8000 1016/8000 GSM/8000',
      'video 0 192.0.2.4 sendrecv H261/90000 H263/90000',
    ],
    text: `v=0
o=carol 28908764872 28908764872 IN IP4 100.3.6.6
s=-
t=0 0
c=IN IP4 192.0.2.4
m=audio 0 RTP/AVP 0 1 3
a=rtpmap:0 PCMU/8000
a=rtpmap:1 1016/8000
a=rtpmap:3 GSM/8000
m=video 0 RTP/AVP 31 34
a=rtpmap:31 H261/90000
a=rtpmap:34 H263/90000
`,
  },
  {
    source: 'RFC 3264 §10.1, the first offer, with an empty s= (erratum 2098)',
    mode: 'lenient',
    streams: [
      'audio 49170 host.anywhere.com sendrecv PCMU/8000',
      'video 51372 host.anywhere.com sendrecv H261/90000',
      'video 53000 host.anywhere.com sendrecv MPV/90000',
    ],
    text: `${head('alice 2890844526 2890844526', 'host.anywhere.com')}m=audio 49170 RTP/AVP 0
a=rtpmap:0 PCMU/8000
m=video 51372 RTP/AVP 31
a=rtpmap:31 H261/90000
m=video 53000 RTP/AVP 32
a=rtpmap:32 MPV/90000
`,
  },
  {
    source: 'RFC 3264 §10.1, the first answer, with an empty s= (erratum 2098)',
    mode: 'lenient',
    streams: [
      'audio 49920 host.example.com sendrecv PCMU/8000',
      'video 0 host.example.com sendrecv',
      'video 53000 host.example.com sendrecv MPV/90000',
    ],
    text: `${head('bob 2890844730 2890844730', 'host.example.com')}m=audio 49920 RTP/AVP 0
a=rtpmap:0 PCMU/8000
m=video 0 RTP/AVP 31
m=video 53000 RTP/AVP 32
a=rtpmap:32 MPV/90000
`,
  },
  {
    source: 'RFC 3264 §10.1, the second offer, with an empty s= (erratum 2098)',
    mode: 'lenient',
    streams: [
      'audio 65422 host.example.com sendrecv PCMU/8000',
      'video 0 host.example.com sendrecv',
      'video 53000 host.example.com sendrecv MPV/90000',
      'audio 51434 host.example.com recvonly telephone-events/8000',
    ],
    text: `${head('bob 2890844730 2890844731', 'host.example.com')}m=audio 65422 RTP/AVP 0
a=rtpmap:0 PCMU/8000
m=video 0 RTP/AVP 31
m=video 53000 RTP/AVP 32
a=rtpmap:32 MPV/90000
m=audio 51434 RTP/AVP 110
a=rtpmap:110 telephone-events/8000
a=recvonly
`,
  },
  {
    source: 'RFC 3264 §10.1, the second answer, with an empty s= (erratum 2098)',
    mode: 'lenient',
    streams: [
      'audio 49170 host.anywhere.com sendrecv PCMU/8000',
      'video 0 host.anywhere.com sendrecv H261/90000',
      'video 53000 host.anywhere.com sendrecv MPV/90000',
      'audio 53122 host.anywhere.com sendonly telephone-events/8000',
    ],
    text: `${head('alice 2890844526 2890844527', 'host.anywhere.com')}m=audio 49170 RTP/AVP 0
a=rtpmap:0 PCMU/8000
m=video 0 RTP/AVP 31
a=rtpmap:31 H261/90000
m=video 53000 RTP/AVP 32
a=rtpmap:32 MPV/90000
m=audio 53122 RTP/AVP 110
a=rtpmap:110 telephone-events/8000
a=sendonly
`,
  },
  {
    source: 'RFC 3264 §10.2, the first offer, with an empty s= (erratum 2098)',
    mode: 'lenient',
    streams: ['audio 62986 host.anywhere.com inactive PCMU/8000 G723/8000 G729/8000'],
    text: `${head('alice 2890844526 2890844526', 'host.anywhere.com')}m=audio 62986 RTP/AVP 0 4 18
a=rtpmap:0 PCMU/8000
a=rtpmap:4 G723/8000
a=rtpmap:18 G729/8000
a=inactive
`,
  },
  {
    source: 'RFC 3264 §10.2, the first answer, with an empty s= (erratum 2098)',
    mode: 'lenient',
    streams: ['audio 54344 host.example.com inactive PCMU/8000 G723/8000'],
    text: `${head('bob 2890844730 2890844731', 'host.example.com')}m=audio 54344 RTP/AVP 0 4
a=rtpmap:0 PCMU/8000
a=rtpmap:4 G723/8000
a=inactive
`,
  },
  {
    source: 'RFC 3264 §10.2, the second offer, with an empty s= (erratum 2098)',
    mode: 'lenient',
    streams: ['audio 62986 host.anywhere.com sendrecv G723/8000'],
    text: `${head('alice 2890844526 2890844527', 'host.anywhere.com')}m=audio 62986 RTP/AVP 4
a=rtpmap:4 G723/8000
a=sendrecv
`,
  },
  {
    source: 'RFC 3264 §10.2, the second answer, with an empty s= (erratum 2098)',
    mode: 'lenient',
    streams: ['audio 54344 host.example.com sendrecv G723/8000'],
    text: `${head('bob 2890844730 2890844732', 'host.example.com')}m=audio 54344 RTP/AVP 4
a=rtpmap:4 G723/8000
a=sendrecv
`,
  },
  {
    source: 'RFC 4317 §2.1, the offer',
    mode: 'strict',
    streams: [
      'audio 49170 host.atlanta.example.com sendrecv PCMU/8000 PCMA/8000 iLBC/8000',
      'video 51372 host.atlanta.example.com sendrecv H261/90000 MPV/90000',
    ],
    text: `${head4317('alice 2890844526 2890844526', 'host.atlanta.example.com')}m=audio 49170 RTP/AVP 0 8 97
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:97 iLBC/8000
m=video 51372 RTP/AVP 31 32
a=rtpmap:31 H261/90000
a=rtpmap:32 MPV/90000
`,
  },
  {
    source: 'RFC 4317 §2.1, the answer',
    mode: 'strict',
    streams: [
      'audio 49174 host.biloxi.example.com sendrecv PCMU/8000',
      'video 49170 host.biloxi.example.com sendrecv MPV/90000',
    ],
    text: `${head4317('bob 2808844564 2808844564', 'host.biloxi.example.com')}m=audio 49174 RTP/AVP 0
a=rtpmap:0 PCMU/8000
m=video 49170 RTP/AVP 32
a=rtpmap:32 MPV/90000
`,
  },
  {
    source: 'RFC 4317 §2.2, the second offer',
    mode: 'strict',
    streams: [
      'audio 51372 host.atlanta.example.com sendrecv PCMU/8000',
      'video 0 host.atlanta.example.com sendrecv H261/90000',
    ],
    text: `${head4317('alice 2890844526 2890844527', 'host.atlanta.example.com')}m=audio 51372 RTP/AVP 0
a=rtpmap:0 PCMU/8000
m=video 0 RTP/AVP 31
a=rtpmap:31 H261/90000
`,
  },
  {
    source: 'RFC 4317 §2.8, the answer',
    mode: 'strict',
    streams: [
      'audio 49174 host.biloxi.example.com sendrecv PCMU/8000',
      'video 49172 otherhost.biloxi.example.com sendrecv MPV/90000',
    ],
    text: `${head4317('bob 2808844564 2808844564', 'host.biloxi.example.com')}m=audio 49174 RTP/AVP 0
a=rtpmap:0 PCMU/8000
m=video 49172 RTP/AVP 32
c=IN IP4 otherhost.biloxi.example.com
a=rtpmap:32 MPV/90000
`,
  },
  {
    source: 'RFC 4317 §3.1, the answer',
    mode: 'strict',
    streams: ['audio 49172 placeholder.biloxi.example.com sendonly iLBC/8000'],
    text: `v=0
o=bob 2808844564 2808844564 IN IP4 host.biloxi.example.com
s= 
c=IN IP4 placeholder.biloxi.example.com
t=0 0
m=audio 49172 RTP/AVP 97
a=rtpmap:97 iLBC/8000
a=sendonly
`,
  },
  {
    source: 'RFC 4317 §3.2, the second offer',
    mode: 'strict',
    streams: [
      'audio 49172 host.biloxi.example.com sendonly iLBC/8000',
      'audio 49174 host.biloxi.example.com recvonly telephone-event/8000',
    ],
    text: `${head4317('bob 2808844564 2808844565', 'host.biloxi.example.com')}m=audio 49172 RTP/AVP 97
a=rtpmap:97 iLBC/8000
a=sendonly
m=audio 49174 RTP/AVP 98
a=rtpmap:98 telephone-event/8000
a=recvonly
`,
  },
  {
    source: 'RFC 4317 §4.1, the second offer',
    mode: 'strict',
    streams: [
      'audio 49170 host.biloxi.example.com sendrecv iLBC/8000',
      'audio 48282 mediaserver.biloxi.example.com recvonly telephone-event/8000',
    ],
    text: `${head4317('bob 2808844564 2808844565', 'host.biloxi.example.com')}m=audio 49170 RTP/AVP 97
a=rtpmap:97 iLBC/8000
m=audio 48282 RTP/AVP 98
c=IN IP4 mediaserver.biloxi.example.com
a=rtpmap:98 telephone-event/8000
a=recvonly
`,
  },
  {
    source: 'RFC 4317 §5.1, the first offer',
    mode: 'strict',
    streams: [],
    text: `${head4317('alice 2890844526 2890844526', 'host.atlanta.example.com')}`,
  },
  {
    source: 'RFC 4317 §5.2, the first offer',
    mode: 'strict',
    streams: ['audio 23442 0.0.0.0 sendrecv iLBC/8000'],
    text: `v=0
o=alice 2890844526 2890844526 IN IP4 host.atlanta.example.com
s= 
c=IN IP4 0.0.0.0
t=0 0
m=audio 23442 RTP/AVP 97
a=rtpmap:97 iLBC/8000
`,
  },
];
