import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngineSite, forward, requestText } from '../../test/engine-site.ts';
import { timestamp } from '../message/headers/index.ts';
import { read } from '../message/read.ts';
import { drop, type Handler, reply, ring } from '../routing/index.ts';

const thinking: Handler = () => new Promise(() => undefined);

for (const [when, method, handler, stamp, expected] of [
  ['late', 'INVITE', thinking, '54.21', { stamp: '54.21', delay: '0.200' }],
  ['late', 'MESSAGE', thinking, '54 1.5', { stamp: '54', delay: '3.500' }],
  ['at once', 'INVITE', () => forward(ring('sip:bob@10.0.0.9')), '54.21', { stamp: '54.21' }],
  ['late', 'INVITE', thinking, undefined, undefined],
] as const)
  test(`a 100 to a ${method} with Timestamp ${stamp} that comes ${when} repeats it, with the delay in seconds if there was one (RFC 3261 §8.2.6.1)`, async () => {
    const site = await createEngineSite(handler);
    const caller = site.peer('10.0.0.2');
    caller.send(requestText(caller, { method, more: stamp === undefined ? [] : [`Timestamp: ${stamp}`] }), site.place);
    await site.world.runFor(4_000);
    const trying = caller.heard[0];
    assert.equal(trying?.label, `100 ${method}`);
    assert.deepEqual(read(trying.message, timestamp), expected);
  });

test('a Timestamp that nobody can read comes back as it is', async () => {
  const site = await createEngineSite(thinking);
  const caller = site.peer('10.0.0.2');
  caller.send(requestText(caller, { more: ['Timestamp: noon'] }), site.place);
  await site.world.runFor(1_000);
  const { content } = caller.heard[0]?.message ?? assert.fail('no 100');
  const at = Array.from({ length: content.count }, (_, i) => i).find((i) => content.nameAt(i) === 'Timestamp');
  assert.equal(content.valueAt(at ?? -1), 'noon');
});

test('an ACK of a client of RFC 2543 is for the failure whose To tag it bears; another one is handled by itself (RFC 3261 §17.2.3)', async () => {
  const asked: string[] = [];
  const site = await createEngineSite(({ request }) => {
    asked.push(request.method);
    return request.method === 'ACK' ? drop('not ours') : reply(486);
  });
  const caller = site.peer('10.0.0.2');
  const send = (method: string, to: string): void =>
    caller.send(requestText(caller, { method, branch: 'old', cseq: `1 ${method}`, to }), site.place);
  send('INVITE', '<sip:bob@example.com>');
  await site.world.runFor(100);
  const tag = /tag=(\S+)/.exec(toOf(caller.heard[0]))?.[1] ?? assert.fail('no tag');
  send('ACK', '<sip:bob@example.com>;tag=another');
  await site.world.runFor(1_000);
  assert.deepEqual(asked, ['INVITE', 'ACK']);
  const before = caller.heard.length;
  assert.ok(before > 1, 'the failure is sent again');
  send('ACK', `<sip:bob@example.com>;tag=${tag}`);
  await site.settle();
  assert.deepEqual(asked, ['INVITE', 'ACK']);
  assert.equal(caller.heard.length, before);
});

function toOf(heard: { readonly message: Parameters<typeof read>[0] } | undefined): string {
  const content = heard?.message.content ?? assert.fail('nothing was heard');
  const at = Array.from({ length: content.count }, (_, i) => i).find((i) => content.nameAt(i) === 'To');
  return content.valueAt(at ?? -1);
}
