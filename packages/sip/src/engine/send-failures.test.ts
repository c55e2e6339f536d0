import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngineSite, type EngineSite, forward, requestText } from '../../test/engine-site.ts';
import { all, each, type Plan, ring } from '../routing/index.ts';
import type { Transport, TransportFault } from './ports.ts';

/** An engine that also listens on an IPv6 address of UDP, where whatever is sent fails with this fault a moment later. */
async function siteWithBrokenUdp(plan: Plan, fault: TransportFault): Promise<EngineSite & { readonly sent: number[] }> {
  const site = await createEngineSite(() => forward(plan));
  const sent: number[] = [];
  const broken: Transport = {
    local: { protocol: 'udp', host: '2001:db8::1', port: 5060 },
    reusesBuffers: false,
    send: (_bytes, _host, _port, _connection, about) => {
      sent.push(site.world.now);
      site.world.after(0, () => site.engine.onFailed(broken, about, fault));
    },
    flush: () => undefined,
    disconnect: () => undefined,
    close: async () => undefined,
  };
  site.engine.attach(broken);
  return { ...site, sent };
}

const [LOST, WELL] = [ring('sip:bob@[2001:db8::2]'), ring('sip:bob@10.0.0.3')];
const UNREACHABLE: TransportFault = { code: 'unreachable', text: 'no route to that network' };

for (const method of ['INVITE', 'MESSAGE'])
  for (const code of ['unreachable', 'refused', 'tooLarge', 'other'] as const)
    test(`a ${method} that UDP cannot send (${code}) counts as answered 503 at once: the next branch is tried (RFC 3261 §17.1.4, §18.4)`, async () => {
      const site = await siteWithBrokenUdp(each(LOST, WELL), { ...UNREACHABLE, code });
      const [caller, callee] = [site.peer('10.0.0.2'), site.peer('10.0.0.3')];
      caller.send(requestText(caller, { method }), site.place);
      await site.world.runFor(100);
      assert.deepEqual(callee.labels, [method]);
      assert.equal(site.sent.length, 1, 'it is not sent again');
      assert.ok(site.events.some((event) => event.type === 'transport.failed' && event.fault.code === code));
      await site.settle();
    });

test('a request that UDP can send nowhere is answered 500 at once, since a 503 is of one branch only (RFC 3261 §16.7 step 6, §16.9)', async () => {
  const site = await siteWithBrokenUdp(all(LOST, LOST), UNREACHABLE);
  const caller = site.peer('10.0.0.2');
  caller.send(requestText(caller, { method: 'MESSAGE' }), site.place);
  await site.world.runFor(100);
  assert.deepEqual(caller.labels, ['500 MESSAGE']);
  await site.settle();
});

test('a full queue of UDP is no failure of the peer: the request is sent again when its time comes (RFC 3261 §17.1.2.1)', async () => {
  const site = await siteWithBrokenUdp(LOST, { code: 'queueFull', text: 'no more at the moment' });
  const caller = site.peer('10.0.0.2');
  caller.send(requestText(caller, { method: 'MESSAGE' }), site.place);
  await site.world.runFor(1_600);
  const [first = 0] = site.sent;
  assert.deepEqual(
    site.sent.map((at) => at - first),
    [0, 500, 1_500],
  );
  await site.settle();
});
