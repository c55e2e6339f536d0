import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Binding, type BindingFlow, LOST_CONNECTION } from './binding.ts';
import { BoundFlows, loseFlow, withoutFlow } from './lost-flows.ts';

const NOW = 1_764_000_000_000;

test('a connection that ends names the addresses that hang on it, once', () => {
  const flows = new BoundFlows();
  flows.bound('sip:alice@example.com', [binding(tcp(7)), binding(tcp(8))]);
  flows.bound('sip:bob@example.com', [binding(tcp(7))]);
  flows.bound('sip:alice@example.com', [binding(tcp(7))]);
  assert.deepEqual(flows.closed(tcp(7)), ['sip:alice@example.com', 'sip:bob@example.com']);
  assert.deepEqual(flows.closed(tcp(7)), []);
  assert.deepEqual(flows.closed({ ...tcp(8), local: { ...LOCAL, port: 5070 } }), [], 'a listening address of its own');
  assert.equal(flows.size, 1);
});

test('datagrams, and connections of an earlier life, are nothing to note', () => {
  const flows = new BoundFlows();
  flows.bound('a', [binding({ ...tcp(0), local: { ...LOCAL, protocol: 'udp' } }), binding(tcp(LOST_CONNECTION))]);
  assert.equal(flows.size, 0);
});

test('bindings of a connection that ended lose it, and end soon unless their Contact can be reached (RFC 5626 §7)', () => {
  const [hangs, own, other] = [binding(tcp(7)), { ...binding(tcp(7)), reach: 'contact' as const }, binding(tcp(8))];
  const next = withoutFlow([hangs, own, other], tcp(7), NOW);
  assert.deepEqual(
    next.map((b) => [b.flow.connection, b.expiresAt - NOW]),
    [
      [LOST_CONNECTION, 180_000],
      [LOST_CONNECTION, 3_600_000],
      [8, 3_600_000],
    ],
  );
  assert.equal(next[2], other);
  const short = { ...hangs, expiresAt: NOW + 1000 };
  assert.equal(withoutFlow([short], tcp(7), NOW)[0]?.expiresAt, NOW + 1000, 'never longer than granted');
});

test('nothing is saved where nothing hangs on the connection any more, and never for datagrams', async () => {
  const saved: unknown[] = [];
  const store = (bindings: readonly Binding[]) => ({
    load: () => ({ bindings, version: 1 }),
    save: (...args: readonly unknown[]) => saved.push(args) > 0,
  });
  await loseFlow(store([binding(tcp(9))]), 'a', tcp(7), NOW);
  const datagrams: BindingFlow = { ...tcp(0), local: { ...LOCAL, protocol: 'udp' } };
  await loseFlow(store([binding(datagrams)]), 'a', datagrams, NOW);
  assert.deepEqual(saved, []);
});

test('when the phone was quicker with a new REGISTER, its binding stays as it is', async () => {
  const sets = [[binding(tcp(7))], [binding(tcp(9))]];
  const versions: number[] = [];
  let loads = 0;
  await loseFlow(
    {
      load: () => {
        loads += 1;
        return { bindings: sets[loads - 1] ?? [], version: loads };
      },
      save: (_aor, _bindings, version) => {
        versions.push(version);
        return false;
      },
    },
    'a',
    tcp(7),
    NOW,
  );
  assert.deepEqual([loads, versions], [2, [1]]);
});

const LOCAL: BindingFlow['local'] = { protocol: 'tcp', host: '192.0.2.1', port: 5060 };
const tcp = (connection: number): BindingFlow => ({ local: LOCAL, host: '203.0.113.7', port: 4000, connection });

let made = 0;
function binding(flow: BindingFlow): Binding {
  made += 1;
  return {
    key: `k${made}`,
    contact: 'sip:alice@10.1.1.1',
    params: '',
    q: undefined,
    callId: 'c',
    cseq: 1,
    expiresAt: NOW + 3_600_000,
    registeredAt: NOW,
    updatedAt: NOW,
    path: [],
    flow,
    reach: 'flow',
    instance: undefined,
    regId: undefined,
    gruusSince: undefined,
    userAgent: undefined,
  };
}
