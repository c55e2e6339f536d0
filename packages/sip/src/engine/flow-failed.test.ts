import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngineSite, forward, requestText } from '../../test/engine-site.ts';
import { after, type Plan, reply, ring } from '../routing/index.ts';
import type { Flow } from './ports.ts';

const DEAD: Flow = {
  local: { protocol: 'tcp', host: '10.0.0.1', port: 5060 },
  host: '10.0.0.3',
  port: 5060,
  connection: 99,
};

test('a branch whose flow is gone has failed with 430, and the next way to the phone is tried (RFC 5626 §5.3.1, §7)', async () => {
  const failures: number[] = [];
  const plan: Plan = after(
    ring('sip:bob@10.0.0.3;transport=tcp', { flow: DEAD, elsewhere: 'nowhere' }),
    ({ status }) => {
      failures.push(status);
      return ring('sip:bob@10.0.0.4');
    },
  );
  const site = await createEngineSite(() => forward(plan));
  const [caller, listening, other] = [
    site.peer('10.0.0.2'),
    site.peer('10.0.0.3', { protocol: 'tcp' }),
    site.peer('10.0.0.4'),
  ];
  caller.send(requestText(caller, { method: 'MESSAGE' }), site.place);
  await site.world.runFor(100);
  assert.deepEqual(failures, [430]);
  assert.deepEqual([listening.labels, other.labels], [[], ['MESSAGE']]);
});

test('where the Contact leads there as well, that is tried when the flow is gone', async () => {
  const site = await createEngineSite(() =>
    forward(after(ring('sip:bob@10.0.0.3;transport=tcp', { flow: DEAD }), () => reply(500))),
  );
  const [caller, listening] = [site.peer('10.0.0.2'), site.peer('10.0.0.3', { protocol: 'tcp' })];
  caller.send(requestText(caller, { method: 'MESSAGE' }), site.place);
  await site.world.runFor(100);
  assert.deepEqual(listening.labels, ['MESSAGE']);
});

test('a datagram flow is used from the address and port that it came in on (RFC 5626 §7)', async () => {
  const flow: Flow = {
    local: { protocol: 'udp', host: '10.0.0.1', port: 5060 },
    host: '10.0.0.3',
    port: 6000,
    connection: 0,
  };
  const site = await createEngineSite(() => forward(ring('sip:bob@192.168.1.2', { flow, elsewhere: 'nowhere' })));
  const [caller, phone] = [site.peer('10.0.0.2', { protocol: 'tcp' }), site.peer('10.0.0.3', { port: 6000 })];
  caller.send(requestText(caller, { method: 'MESSAGE' }), site.place);
  await site.world.runFor(100);
  assert.deepEqual(
    phone.heard.map(({ label, from }) => [label, from.host, from.port]),
    [['MESSAGE', '10.0.0.1', 5060]],
  );
});
