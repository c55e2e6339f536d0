import assert from 'node:assert/strict';
import { test } from 'node:test';
import { play } from '@strowger/testkit';
import { requestOf } from '@strowger/testkit/messages';
import { answerText, createEngineSite, type EngineSite, forward, requestText } from '../../test/engine-site.ts';
import { edit } from '../message/edit.ts';
import { via } from '../message/headers/index.ts';
import type { Request } from '../message/message.ts';
import { after, drop, pass, reply, ring } from '../routing/index.ts';
import type { ClientOwner } from './client-transaction.ts';

/** What became of requests of our own. */
function owner(): { readonly owner: ClientOwner; readonly heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    owner: {
      onResponse: (_transaction, response) => void heard.push(String(response.status)),
      onFailure: (_transaction, why, fault) => void heard.push(fault === undefined ? why : `${why} ${fault.code}`),
    },
  };
}

function ask(site: EngineSite, own: ClientOwner, protocol: 'udp' | 'tcp', method = 'OPTIONS'): void {
  const written = requestOf(requestText(site.peer('10.0.0.9'), { method, uri: 'sip:b@10.0.0.3' }));
  const request: Request = edit(written).remove(via).request(written.method, written.uri);
  const [transport] = site.engine.core.transports.all.filter(({ local }) => local.protocol === protocol);
  assert.ok(transport !== undefined);
  site.engine.request(request, { transport, host: '10.0.0.3', port: 5060, connection: 0 }, own);
}

test('a request of our own brings its owner every response that counts (RFC 3261 §17.1)', async () => {
  const site = await createEngineSite(() => pass);
  const [callee, mine] = [site.peer('10.0.0.3'), owner()];
  callee.onMessage = (heard) => {
    for (const status of [100, 200, 200]) callee.send(answerText(heard, status), site.place);
  };
  ask(site, mine.owner, 'udp');
  await site.settle();
  assert.deepEqual(mine.heard, ['100', '200']);
  assert.match(requestLine(callee.heard[0]), /^OPTIONS/);
});

test('a request of our own that nobody answers fails after 64*T1, one that nobody takes at once (RFC 3261 §17.1.4)', async () => {
  for (const [protocol, outcome, from, to] of [
    ['udp', 'timeout', 32_000, 32_100],
    ['tcp', 'transport refused', 0, 1_000],
  ] as const) {
    const site = await createEngineSite(() => pass);
    site.world.host('10.0.0.3');
    const mine = owner();
    ask(site, mine.owner, protocol);
    await site.world.run({ until: () => mine.heard.length > 0 });
    assert.deepEqual(mine.heard, [outcome]);
    assert.ok(site.world.now >= from && site.world.now <= to, `after ${site.world.now} ms`);
    await site.settle();
  }
});

test('an INVITE of our own gets its failure acknowledged, each time that it comes (RFC 3261 §17.1.1.2)', async () => {
  const site = await createEngineSite(() => pass);
  const [callee, mine] = [site.peer('10.0.0.3'), owner()];
  callee.onMessage = (heard) => {
    if (heard.label !== 'INVITE') return;
    for (const ms of [0, 500, 1_500]) site.world.after(ms, () => callee.send(answerText(heard, 486), site.place));
  };
  ask(site, mine.owner, 'udp', 'INVITE');
  await site.settle();
  assert.deepEqual(mine.heard, ['486']);
  assert.deepEqual(callee.labels, ['INVITE', 'ACK', 'ACK', 'ACK']);
});

test('what no handler decides is answered 500, what it drops is not answered at all', async () => {
  for (const [decision, labels] of [
    [pass, ['500 OPTIONS']],
    [drop('not today'), []],
  ] as const) {
    const site = await createEngineSite(() => decision);
    const peer = site.peer('10.0.0.2');
    peer.send(requestText(peer, { method: 'OPTIONS' }), site.place);
    await site.settle();
    assert.deepEqual(peer.labels, labels);
  }
});

test('a retransmission does not ask the handler again; another CSeq number does (RFC 3261 §17.2.3)', async () => {
  let asked = 0;
  const site = await createEngineSite(() => {
    asked += 1;
    return reply(200);
  });
  const peer = site.peer('10.0.0.2');
  for (const branch of ['z9hG4bKa', 'z9hG4bKa', 'z9hG4bKb'])
    peer.send(requestText(peer, { method: 'OPTIONS', branch }), site.place);
  await site.settle();
  assert.equal(asked, 2);
  assert.deepEqual(peer.labels, ['200 OPTIONS', '200 OPTIONS', '200 OPTIONS']);
});

test('garbage is not answered, a request that is almost one is: 400 with a reason, no transaction kept (RFC 3261 §8.2.7)', async () => {
  const site = await createEngineSite(() => reply(200));
  const peer = site.peer('10.0.0.2');
  peer.send('hello', site.place);
  peer.send(requestText(peer, { method: 'OPTIONS' }).replace('CSeq: 1 OPTIONS', 'CSeq: x'), site.place);
  peer.send(requestText(peer, { method: 'ACK' }).replace('CSeq: 1 ACK', 'CSeq: x'), site.place);
  peer.send('SIP/2.0 200 OK\r\nVia: nonsense\r\n\r\n', site.place);
  await site.settle();
  assert.deepEqual(peer.labels.length, 1);
  assert.match(peer.labels[0] ?? '', /^400/);
  assert.ok(site.events.some(({ type }) => type === 'message.malformed'));
});

test('a name service that fails, throws or knows nobody ends a call with 500, not with silence (RFC 3261 §16.9)', async () => {
  for (const addresses of [
    () => Promise.reject(new Error('no name server')),
    () => Promise.resolve([]),
    () => [],
    () => {
      throw new Error('a bug of the adapter');
    },
  ] as const) {
    const site = await createEngineSite(() => forward(ring('sip:b@some.example')));
    Object.assign(site.engine.core.resolver, { addresses });
    const peer = site.peer('10.0.0.2');
    peer.send(requestText(peer), site.place);
    await play(site.world, () => peer.next('500 INVITE'));
    peer.send(requestText(peer, { method: 'ACK' }), site.place);
    await site.settle();
  }
});

test('a failure handler that fails lets the failure pass and is reported', async () => {
  const broken = after(ring('sip:b@10.0.0.3'), () => Promise.reject(new Error('a bug of the program')));
  const site = await createEngineSite(() => forward(broken));
  const [peer, callee] = [site.peer('10.0.0.2'), site.peer('10.0.0.3')];
  callee.onMessage = (heard) => {
    if (heard.label === 'INVITE') callee.send(answerText(heard, 486), site.place);
  };
  peer.send(requestText(peer), site.place);
  await play(site.world, () => peer.next('486 INVITE'));
  assert.ok(site.events.some((event) => event.type === 'fault' && event.where === 'failure handler'));
});

test('a caller who was told of a 2xx may acknowledge it on the branch of his INVITE, as phones of old do (RFC 6026 §7.1)', async () => {
  const acks: string[] = [];
  const site = await createEngineSite((ctx) => {
    if (ctx.request.method !== 'ACK') return forward(ring('sip:b@10.0.0.3'));
    acks.push(ctx.request.uri);
    return drop('seen');
  });
  const [peer, callee] = [site.peer('10.0.0.2'), site.peer('10.0.0.3')];
  callee.onMessage = (heard) => callee.send(answerText(heard, 200), site.place);
  peer.send(requestText(peer), site.place);
  await play(site.world, () => peer.next('200 INVITE'));
  peer.send(requestText(peer, { method: 'ACK', to: '<sip:bob@example.com>;tag=t' }), site.place);
  await site.settle();
  assert.deepEqual(acks, ['sip:bob@example.com']);
});

test('an event is seen by who listens to its type, until he stops', async () => {
  const site = await createEngineSite(() => reply(200));
  const seen: string[] = [];
  const stop = site.engine.observe((event) => void seen.push(event.type), ['request.decided', 'transaction.ended']);
  const peer = site.peer('10.0.0.2');
  peer.send(requestText(peer, { method: 'OPTIONS' }), site.place);
  await site.settle();
  stop();
  peer.send(requestText(peer, { method: 'OPTIONS', branch: 'z9hG4bKx' }), site.place);
  await site.settle();
  assert.deepEqual(seen, ['request.decided', 'transaction.ended']);
});

test('an engine that drains answers 503 and is done when the last request has its final answer', async () => {
  const site = await createEngineSite((ctx) =>
    ctx.request.method === 'INVITE' ? forward(ring('sip:b@10.0.0.3')) : reply(200),
  );
  const [peer, callee] = [site.peer('10.0.0.2'), site.peer('10.0.0.3')];
  peer.send(requestText(peer), site.place);
  await play(site.world, async () => {
    await callee.next('INVITE');
    const start = site.world.now;
    const drained = site.engine.drain(60_000).then(() => site.world.now - start);
    peer.send(requestText(peer, { method: 'OPTIONS', branch: 'z9hG4bKo', callId: 'c2' }), site.place);
    await peer.next('503 OPTIONS');
    site.world.after(5_000, () => callee.send(answerText(callee.heard[0] ?? assert.fail(), 200), site.place));
    const took = await drained;
    assert.ok(took >= 5_000 && took < 5_200, `${took} ms`);
  });
});

const requestLine = (heard: { readonly message: { readonly kind: string } } | undefined): string => {
  const message = heard?.message as Request | undefined;
  return `${message?.method} ${message?.uri}`;
};
