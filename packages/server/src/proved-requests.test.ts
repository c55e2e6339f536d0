import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Request } from '@strowger/sip/message';
import { messageText, requestOf } from '@strowger/testkit/messages';
import { ProvedRequests } from './proved-requests.ts';

const request = (callId: string, cseq = '1 INVITE'): Request =>
  requestOf(messageText([`${cseq.slice(2)} sip:b@x SIP/2.0`, `Call-ID: ${callId}`, `CSeq: ${cseq}`]));

test('a request that proved itself is known for 64*T1 and no longer (RFC 3261 §17.1.1.2)', () => {
  const proved = new ProvedRequests();
  proved.add(request('a'), 'digest', 'alice', 1_000);
  assert.equal(proved.userOf(request('a'), 'digest', 32_999), 'alice');
  assert.equal(proved.userOf(request('a'), 'digest', 33_000), undefined);
});

test('only the very same request is known: Call-ID, CSeq, method and digest', () => {
  const proved = new ProvedRequests();
  proved.add(request('a'), 'digest', 'alice', 0);
  assert.equal(proved.userOf(request('b'), 'digest', 1), undefined);
  assert.equal(proved.userOf(request('a', '2 INVITE'), 'digest', 1), undefined);
  assert.equal(proved.userOf(request('a', '1 MESSAGE'), 'digest', 1), undefined);
  assert.equal(proved.userOf(request('a'), 'another', 1), undefined);
});

test('so many requests are remembered and no more: the oldest are forgotten first', () => {
  const proved = new ProvedRequests();
  const one = request('a');
  for (let i = 0; i <= 100_000; i += 1) proved.add(one, `digest ${i}`, 'alice', 0);
  assert.equal(proved.userOf(one, 'digest 0', 1), undefined);
  assert.equal(proved.userOf(one, 'digest 1', 1), 'alice');
  assert.equal(proved.userOf(one, 'digest 100000', 1), 'alice');
});
