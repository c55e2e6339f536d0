import assert from 'node:assert/strict';
import {
  connectionOf,
  cryptosOf,
  directionOf,
  fingerprintsOf,
  fmtpsOf,
  groupsOf,
  midOf,
  parseSdp,
  printSdp,
  rtcpOf,
  rtpmapsOf,
  setupOf,
} from '@strowger/sip/sdp';
import { fromBinary } from '@strowger/sip/text';
import { corpusOf, tortureMessages } from '../corpus.ts';
import type { Target } from '../target.ts';
import { SDP_WORDS } from '../words.ts';

/** Every text is a description or a value that says what is wrong; a description prints as it came, and its readers do not throw. */
export const sdp: Target = {
  name: 'sdp',
  share: 8,
  seeds: [
    ...tortureMessages.map((message) => message.split('\r\n\r\n')[1] ?? '').filter((body) => body.startsWith('v=0')),
    'v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=group:BUNDLE a v\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\na=mid:a\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=rtcp-mux\r\na=setup:actpass\r\na=fingerprint:sha-256 AA:BB\r\na=sendrecv\r\n',
    'v=0\r\no=a 1 2 IN IP6 ::1\r\ns= \r\ni=x\r\nu=http://a\r\ne=a@b (c)\r\np=+1\r\nb=AS:64\r\nt=1 2\r\nr=7d 1h 0 25h\r\nz=1 -1h\r\nk=prompt\r\nm=video 1/2 RTP/SAVP 96\r\nc=IN IP4 224.2.1.1/127/3\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:4\r\n',
    ...corpusOf('sdp').values(),
  ],
  words: SDP_WORDS,
  check: (input) => {
    const text = fromBinary(input);
    const parsed = parseSdp(text);
    assert.ok(['sdp', 'fault'].includes(parseSdp(text, { mode: 'strict' }).type));
    if (parsed.type === 'fault') {
      assert.ok(
        parsed.at >= 0 && parsed.at <= text.length && parsed.line >= 1 && parsed.column >= 1 && parsed.reason !== '',
      );
      return;
    }
    assert.equal(printSdp(parsed), text);
    groupsOf(parsed);
    for (const media of parsed.media) {
      directionOf(parsed, media);
      connectionOf(parsed, media);
      rtpmapsOf(media);
      fmtpsOf(media);
      rtcpOf(media);
      midOf(media);
      cryptosOf(media);
      fingerprintsOf(parsed, media);
      setupOf(parsed, media);
    }
  },
};
