import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom } from '@strowger/testkit';
import { messageText, requestOf } from '@strowger/testkit/messages';
import type { Request } from '../message/message.ts';
import { RemoteFault } from '../text/faults.ts';
import type { Core } from './core.ts';
import { breadthOf, isLooped, loopText } from './loops.ts';
import { Tokens } from './tokens.ts';

const tokens = new Tokens(createSeededRandom(1, 'loops'), [1, 2, 3, 4]);
/** As much of a core as loops look at: where we are. */
const core = {
  transports: { all: [{ local: { protocol: 'udp', host: '10.0.0.1', port: 5060 } }] },
  advertise: (local: { host: string; port: number }) => local,
} as unknown as Core;

function request(vias: readonly string[], lines: readonly string[] = [], uri = 'sip:b@x'): Request {
  return requestOf(
    messageText([
      `INVITE ${uri} SIP/2.0`,
      ...['SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKtop', ...vias].map((value) => `Via: ${value}`),
      'From: <sip:a@x>;tag=1',
      'To: <sip:b@x>',
      'Call-ID: c',
      'CSeq: 1 INVITE',
      ...lines,
    ]),
  );
}
const hashOf = (one: Request): string => tokens.loopHash(loopText(one));
const ourVia = (hash: string, place = '10.0.0.1:5060'): string => `SIP/2.0/UDP ${place};branch=${tokens.branch(hash)}`;

test('a request that was here and would go the same way again is looped (RFC 5393 §4.2)', () => {
  const hash = hashOf(request([]));
  assert.equal(isLooped(core, request([ourVia(hash)]), hash), true);
  assert.equal(isLooped(core, request(['SIP/2.0/UDP 10.0.0.8;branch=z9hG4bKy', ourVia(hash)]), hash), true);
  assert.equal(isLooped(core, request([ourVia(hash, '10.0.0.1')]), hash), true, 'the port may be left out');
});

for (const [what, again] of [
  ['another Request-URI', request([], [], 'sip:c@x')],
  ['another Route', request([], ['Route: <sip:10.0.0.7;lr>'])],
] as const) {
  test(`a request that comes back with ${what} is a spiral, not a loop (RFC 5393 §4.2)`, () => {
    const before = hashOf(request([]));
    assert.notEqual(hashOf(again), before);
    assert.equal(isLooped(core, request([ourVia(before)]), hashOf(again)), false);
  });
}

test('only Vias of our own address count, and not the topmost, which is the sender’s (RFC 3261 §16.3 step 4)', () => {
  const hash = hashOf(request([]));
  assert.equal(isLooped(core, request([ourVia(hash, '10.0.0.2:5060')]), hash), false);
  assert.equal(isLooped(core, request([ourVia(hash, '10.0.0.1:5070')]), hash), false);
  const top = requestOf(messageText(['INVITE sip:b@x SIP/2.0', `Via: ${ourVia(hash)}`]));
  assert.equal(isLooped(core, top, hash), false);
});

test('Max-Breadth is a number (RFC 5393 §5.8)', () => {
  assert.equal(breadthOf(request([], ['Max-Breadth: 12'])), 12);
  assert.equal(breadthOf(request([])), undefined);
  assert.throws(() => breadthOf(request([], ['Max-Breadth: wide'])), RemoteFault);
});
