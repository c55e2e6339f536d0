import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, requestText, responseText } from '../support/sip-text.ts';
import { createStage, type Sent } from '../support/stage.ts';
import { startLineOf } from '../support/verdict.ts';

/** What requests other than INVITE hear from a server while the phone is silent. */

const message = (way: 'UDP' | 'TCP'): Uint8Array =>
  bytesOf(requestText('MESSAGE sip:user@else.example', [`Via: SIP/2.0/${way} caller.example;branch=z9hG4bKx`]));

const answersIn = (sent: readonly Sent[]): readonly string[] =>
  sent.map(({ text }) => startLineOf(text)).filter((line) => line.startsWith('SIP/'));

for (const way of ['datagram', 'stream'] as const) {
  test(`over a ${way} a request that nobody answers gets a 100 after 3.5 seconds and nothing else, no 408 either (RFC 4320 §4.1, §4.2)`, async () => {
    const stage = await createStage();
    assert.deepEqual(answersIn(await stage[way](message(way === 'stream' ? 'TCP' : 'UDP'), 3_400)), []);
    assert.deepEqual(answersIn(await stage.later(400)), ['SIP/2.0 100 Trying']);
    assert.deepEqual(answersIn(await stage.later(100_000)), []);
    assert.deepEqual(stage.tables, { servers: 0, clients: 0 });
  });
}

test('a final response that comes when the client has given up is not passed on (RFC 4320 §4.2)', async () => {
  const stage = await createStage();
  const [forwarded] = await stage.datagram(message('UDP'), 32_100);
  const late = bytesOf(responseText(forwarded?.text ?? '', '200 OK'));
  assert.deepEqual(answersIn(await stage.datagram(late)), []);
});

test('a final response that comes before that is passed on (RFC 4320 §4.2)', async () => {
  const stage = await createStage();
  const [forwarded] = await stage.datagram(message('UDP'), 31_000);
  const answer = bytesOf(responseText(forwarded?.text ?? '', '200 OK'));
  assert.deepEqual(answersIn(await stage.datagram(answer)), ['SIP/2.0 200 OK']);
});
