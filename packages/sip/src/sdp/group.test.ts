import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupsOf, mediaByMid, midOf, parseGroup, printGroup } from './group.ts';
import { parseSdp } from './parse.ts';
import type { Sdp } from './sdp.ts';

test('groups name their media sections by their tags, as the example of RFC 5888 §7.1 shows', () => {
  const sdp = read(LIP_SYNC);
  assert.deepEqual(groupsOf(sdp), [{ semantics: 'LS', mids: ['1', '2'] }]);
  assert.deepEqual(sdp.media.map(midOf), ['1', '2', '3']);
  assert.equal(mediaByMid(sdp, '2')?.kind, 'video');
  assert.equal(mediaByMid(sdp, '4'), undefined);
});

test('a group may have no tags (RFC 5888 §9.3)', () => {
  assert.deepEqual(parseGroup('LS'), { semantics: 'LS', mids: [] });
  assert.equal(printGroup({ semantics: 'LS', mids: [] }), 'LS');
  assert.equal(printGroup({ semantics: 'BUNDLE', mids: ['0', '1'] }), 'BUNDLE 0 1');
  assert.equal(parseGroup(' '), undefined);
});

test('a media section without a tag, or with an empty one, has none (RFC 5888 §4)', () => {
  const sdp = read('v=0\no=- 1 1 IN IP4 h\nm=audio 1 RTP/AVP 0\nm=audio 2 RTP/AVP 0\na=mid:\n');
  assert.deepEqual(sdp.media.map(midOf), [undefined, undefined]);
});

function read(text: string): Sdp {
  const sdp = parseSdp(text);
  assert.ok(sdp.type === 'sdp', 'a description');
  return sdp;
}

/** RFC 5888 §7.1. */
const LIP_SYNC = `v=0
o=Laura 289083124 289083124 IN IP4 two.example.com
c=IN IP4 233.252.0.1/127
t=0 0
a=group:LS 1 2
m=audio 30000 RTP/AVP 0
a=mid:1
m=video 30002 RTP/AVP 31
a=mid:2
m=audio 30004 RTP/AVP 0
i=This media stream contains the Spanish translation
a=mid:3
`;
