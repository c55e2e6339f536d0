import assert from 'node:assert/strict';
import { test } from 'node:test';
import { play } from '@strowger/testkit';
import { answerText, createEngineSite, forward, requestText } from '../../test/engine-site.ts';
import { all, each, reply, ring } from '../routing/index.ts';
import { ENGINE_LIMITS } from './limits.ts';

const rings = (count: number) => Array.from({ length: count }, (_, i) => ring(`sip:b${i}@10.0.0.3`));

test('a request is forked to so many branches and no more (branches)', async () => {
  const site = await createEngineSite(() => forward(each(...rings(ENGINE_LIMITS.branches + 10))));
  const [caller, callee] = [site.peer('10.0.0.2'), site.peer('10.0.0.3')];
  callee.onMessage = (heard) => {
    if (heard.label === 'INVITE') callee.send(answerText(heard, 404), site.place);
  };
  caller.send(requestText(caller), site.place);
  await play(site.world, () => caller.next((heard) => heard.label === '404 INVITE' || heard.label === '480 INVITE'));
  assert.equal(callee.labels.filter((label) => label === 'INVITE').length, ENGINE_LIMITS.branches);
});

test('so many branches ring together and no more, whatever the request allows: 440 (breadth, RFC 5393 §5.3.3)', async () => {
  for (const [count, status] of [
    [ENGINE_LIMITS.breadth, '404 INVITE'],
    [ENGINE_LIMITS.breadth + 1, '440 INVITE'],
  ] as const) {
    const site = await createEngineSite(() => forward(all(...rings(count))));
    const [caller, callee] = [site.peer('10.0.0.2'), site.peer('10.0.0.3')];
    callee.onMessage = (heard) => {
      if (heard.label === 'INVITE') callee.send(answerText(heard, 404), site.place);
    };
    caller.send(requestText(caller, { more: ['Max-Breadth: 200'] }), site.place);
    await play(site.world, () => caller.next(status));
  }
});

test('a new request is refused with 503 when the table is full; what is known goes on (serverTransactions)', async () => {
  const site = await createEngineSite((ctx) =>
    ctx.request.method === 'INVITE' ? forward(ring('sip:b@10.0.0.3')) : reply(200),
  );
  const [caller, callee] = [site.peer('10.0.0.2'), site.peer('10.0.0.3')];
  caller.send(requestText(caller), site.place);
  await play(site.world, () => callee.next('INVITE'));
  const { servers } = site.engine.core;
  const before = servers.size;
  Object.defineProperty(servers, 'size', { value: ENGINE_LIMITS.serverTransactions, configurable: true });
  caller.send(requestText(caller, { method: 'OPTIONS', branch: 'z9hG4bK2', callId: 'c2' }), site.place);
  await play(site.world, () => caller.next('503 OPTIONS'));
  callee.send(answerText(callee.heard[0] ?? assert.fail(), 200), site.place);
  await play(site.world, () => caller.next('200 INVITE'));
  Reflect.deleteProperty(servers, 'size');
  assert.equal(servers.size, before, 'nothing was remembered of what was refused');
});

test('a handler may think so long, then the request is answered 500 (decisionMs)', async () => {
  const site = await createEngineSite(() => new Promise(() => undefined));
  const caller = site.peer('10.0.0.2');
  caller.send(requestText(caller), site.place);
  const heard = await play(site.world, () => caller.next('500 INVITE'));
  assert.ok(heard.at >= ENGINE_LIMITS.decisionMs && heard.at < ENGINE_LIMITS.decisionMs + 100);
  caller.send(requestText(caller, { method: 'ACK', cseq: '1 ACK' }), site.place);
  await site.settle();
});

test('a server may say nothing for so many T1, then the next one is tried (silenceT1)', async () => {
  const site = await createEngineSite(() => forward(ring('sip:bob@far.example')), {
    names: { 'far.example': ['10.0.0.3', '10.0.0.4'] },
  });
  const [caller, next] = [site.peer('10.0.0.2'), site.peer('10.0.0.4')];
  next.onMessage = (heard) => next.send(answerText(heard, 200), site.place);
  caller.send(requestText(caller, { method: 'MESSAGE' }), site.place);
  const { at } = await play(site.world, () => next.next('MESSAGE'));
  const silenceMs = ENGINE_LIMITS.silenceT1 * site.engine.core.timing.t1;
  assert.ok(at >= silenceMs && at < silenceMs + 100, String(at));
  await site.settle();
});

test('the bytes of one message on a stream may take so long, then the connection is ended (messageMs)', async () => {
  const site = await createEngineSite(() => reply(200));
  const [slow, quick] = [site.peer('10.0.0.2', { protocol: 'tcp' }), site.peer('10.0.0.3', { protocol: 'tcp' })];
  const text = requestText(slow, { method: 'OPTIONS' });
  slow.send(text.slice(0, 40), site.place);
  quick.send('\r\n\r\n', site.place);
  await site.world.runFor(ENGINE_LIMITS.messageMs - 1_000);
  const ended = (): boolean => site.events.some(({ type }) => type === 'message.dropped');
  assert.equal(ended(), false);
  await site.world.runFor(2_000);
  assert.equal(ended(), true);
  await site.settle();
});

test('a message that drips in byte by byte gains no time by it (messageMs)', async () => {
  const site = await createEngineSite(() => reply(200));
  const slow = site.peer('10.0.0.2', { protocol: 'tcp' });
  const text = requestText(slow, { method: 'OPTIONS' });
  const dropped = (): boolean => site.events.some(({ type }) => type === 'message.dropped');
  // A whole message, and the beginning of another one behind it.
  slow.send(text + text.slice(0, 8), site.place);
  for (let at = 1; at < ENGINE_LIMITS.messageMs / 1_000; at += 1) {
    await site.world.runFor(1_000);
    assert.equal(dropped(), false);
    slow.send(text.slice(8 + at, 9 + at), site.place);
  }
  await site.world.runFor(2_000);
  assert.equal(dropped(), true);
  await site.settle();
});
