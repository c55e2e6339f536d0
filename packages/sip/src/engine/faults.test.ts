import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { play } from '@strowger/testkit';
import { createEngineSite, forward, requestText } from '../../test/engine-site.ts';
import { after, type Decision, type Instead, type Plan, reply, ring } from '../routing/index.ts';
import type { Transport } from './ports.ts';

/** What a program without types might return. */
const wrong = (value: unknown): Decision => value as Decision;
const faultsOf = (site: Awaited<ReturnType<typeof createEngineSite>>): readonly string[] =>
  site.events.flatMap((event) => (event.type === 'fault' ? [`${event.where}: ${String(event.error)}`] : []));

for (const [what, decision] of [
  ['status 99', reply(99)],
  ['status 183', reply(183)],
  ['status 700', reply(700)],
  ['status 200.5', reply(200.5)],
  ['no status', wrong({ type: 'reply', headers: [] })],
  ['an unknown type', wrong({ type: 'teleport' })],
  ['no type', wrong({})],
  ['nothing', wrong(undefined)],
  ['a plan of an unknown type', forward({ type: 'teleport' } as unknown as Plan)],
] as const)
  for (const when of ['at once', 'later'] as const)
    test(`a decision with ${what}, ${when}, is answered 500, and nothing is left`, async () => {
      const site = await createEngineSite(() => (when === 'at once' ? decision : Promise.resolve(decision)));
      const caller = site.peer('10.0.0.2');
      caller.send(requestText(caller, { method: 'MESSAGE' }), site.place);
      await site.world.runFor(1_000);
      assert.equal(caller.labels.at(-1), '500 MESSAGE');
      if (decision?.type !== 'forward') assert.equal(faultsOf(site).length, 1);
      await site.settle();
    });

for (const [what, instead] of [
  ['an impossible status', reply(99)],
  ['an unknown type', wrong({ type: 'teleport' })],
  ['a plan of an unknown type', wrong({ type: 'each', of: [{ type: 'teleport' }] })],
] as const)
  test(`a failure handler that gives ${what} ends the request with 500`, async () => {
    const site = await createEngineSite(() =>
      forward(after(ring('sip:b@10.0.0.3;transport=nobody'), () => instead as unknown as Instead)),
    );
    const caller = site.peer('10.0.0.2');
    caller.send(requestText(caller, { method: 'MESSAGE' }), site.place);
    await site.world.runFor(1_000);
    assert.deepEqual(caller.labels, ['500 MESSAGE']);
    await site.settle();
  });

test('a failure handler that gives null lets the failure pass', async () => {
  const plan = after(ring('tel:+1'), () => null as unknown as Instead);
  const site = await createEngineSite(() => forward(plan));
  const caller = site.peer('10.0.0.2');
  caller.send(requestText(caller, { method: 'MESSAGE' }), site.place);
  await site.world.runFor(1_000);
  assert.deepEqual(caller.labels, ['416 MESSAGE']);
  await site.settle();
});

/** The promises of another realm are no instances of ours. */
const Foreign = runInNewContext('Promise') as PromiseConstructor;

test('a handler, and a failure handler, may answer with promises of another class', async () => {
  const site = await createEngineSite(() =>
    Foreign.resolve(forward(after(ring('sip:b@10.0.0.3;transport=nobody'), () => Foreign.resolve(reply(486))))),
  );
  const caller = site.peer('10.0.0.2');
  caller.send(requestText(caller, { method: 'MESSAGE' }), site.place);
  await site.world.runFor(1_000);
  assert.deepEqual(caller.labels, ['486 MESSAGE']);
  await site.settle();
});

const FAILED = { code: 'reset', text: 'gone' } as const;

test('what goes wrong inside of an input is told as a fault, whichever input it is, and the next one is served', async () => {
  const site = await createEngineSite(() => reply(200));
  const { engine } = site;
  const caller = site.peer('10.0.0.2');
  const boom = (): never => {
    throw new Error('boom');
  };
  const local = { protocol: 'tcp', host: '10.0.0.1', port: 5060 } as const;
  const broken: Transport = {
    local,
    reusesBuffers: false,
    send: boom,
    flush: boom,
    disconnect: boom,
    close: async () => undefined,
  };
  Object.assign(engine.core, { sendFailed: boom });
  engine.onFailed(broken, 1, FAILED);
  assert.deepEqual(faultsOf(site), ['engine: Error: boom']);
  engine.onData(broken, { local, host: '10.0.0.9', port: 1, connection: 9 }, new Uint8Array([13, 10, 13, 10]));
  assert.equal(faultsOf(site).length, 2, 'a keep-alive that could not be answered');
  engine.attach(broken);
  engine.onDatagrams(broken, [{ bytes: new Uint8Array(3), host: '10.0.0.9', port: 1 }], 1);
  assert.equal(faultsOf(site).length, 3, 'a flush');
  engine.core.wheel.nextAt = boom;
  engine.onFailed(broken, 1, FAILED);
  assert.equal(faultsOf(site).length, 6, 'the input, the flush, the alarm');
  Reflect.deleteProperty(engine.core.wheel, 'nextAt');
  caller.send(requestText(caller, { method: 'OPTIONS' }), site.place);
  await play(site.world, () => caller.next('200 OPTIONS'));
});

test('a listener that throws disturbs neither the work nor the other listeners', async () => {
  const site = await createEngineSite(() => reply(200));
  site.engine.observe(() => {
    throw new Error('boom');
  });
  const seen: string[] = [];
  site.engine.observe(({ type }) => void seen.push(type), ['message.received', 'message.sent']);
  const caller = site.peer('10.0.0.2');
  caller.send(requestText(caller, { method: 'OPTIONS' }), site.place);
  await play(site.world, () => caller.next('200 OPTIONS'));
  assert.deepEqual(seen, ['message.received', 'message.sent']);
  assert.ok(faultsOf(site).includes('listener of message.sent: Error: boom'));
});

for (const method of ['OPTIONS', 'INVITE'])
  test(`the answer to an ${method} whose connection has died goes to a new one, to where the Via says (RFC 3261 §18.2.2)`, async () => {
    let answer: (decision: Decision) => void = () => assert.fail('nobody asked');
    const site = await createEngineSite(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const caller = site.peer('10.0.0.2', { protocol: 'tcp' });
    caller.send(requestText(caller, { method }), site.place);
    await site.world.runFor(100);
    const link = site.world.link('engine', '10.0.0.2');
    link.partition('reset');
    await site.world.runFor(10);
    link.heal();
    answer(reply(486));
    const heard = await play(site.world, () => caller.next(`486 ${method}`));
    assert.notEqual(heard.from.port, 5060);
    if (method === 'INVITE')
      caller.send(requestText(caller, { method: 'ACK', cseq: '1 ACK', to: '<sip:bob@example.com>;tag=x' }), site.place);
    await site.settle();
    assert.equal(site.events.filter(({ type }) => type === 'transport.failed').length, 1, 'the old connection');
  });

test('an answer that reaches nobody by a new connection either is told of, and forgotten (RFC 3261 §18.4)', async () => {
  let answer: (decision: Decision) => void = () => assert.fail('nobody asked');
  const site = await createEngineSite(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const caller = site.peer('10.0.0.2', { protocol: 'tcp' });
  caller.send(requestText(caller, { method: 'OPTIONS' }), site.place);
  await site.world.runFor(100);
  site.world.host('10.0.0.2').crash();
  await site.world.runFor(100);
  answer(reply(200));
  await site.settle();
  assert.equal(site.events.filter(({ type }) => type === 'transport.failed').length, 2, 'the old one and the new one');
});
