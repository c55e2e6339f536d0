import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure, Plan, Target } from '../../routing/index.ts';
import { planOf, type Reachable, targetOf } from './plan.ts';

test('nobody is no plan, one contact is one branch', () => {
  assert.equal(planOf([], { fork: 'parallel' }), undefined);
  assert.deepEqual(planOf([place('a')], { fork: 'parallel' }), { type: 'try', target: { uri: 'sip:a' } });
});

test('preferred contacts go first, equal ones together or in turn (RFC 3261 §16.6)', () => {
  const places = [place('a', { q: 500 }), place('b'), place('c', { q: 500 })];
  assert.equal(outlineOf(planOf(places, { fork: 'parallel' })), 'each(all(b) all(a c))');
  assert.equal(outlineOf(planOf(places, { fork: 'serial' })), 'each(b a c)');
  assert.equal(outlineOf(planOf([place('a'), place('b')], { fork: 'parallel' })), 'all(a b)');
});

test('of one phone only the latest contact is in the target set (RFC 5626 §7)', () => {
  const places = [
    place('old', { instance: 'urn:x', updatedAt: 1 }),
    place('other'),
    place('new', { instance: 'urn:x', updatedAt: 3 }),
    place('middle', { instance: 'urn:x', updatedAt: 2 }),
  ];
  const plan = planOf(places, { fork: 'parallel' });
  assert.equal(outlineOf(plan), 'all(new other)');
  assert.equal(outlineOf(nextOf(plan, 430)), 'middle');
  assert.equal(outlineOf(nextOf(nextOf(plan, 430), 408)), 'old');
  assert.equal(nextOf(nextOf(nextOf(plan, 430), 408), 430), undefined);
});

test('a phone that has answered is not asked again another way (RFC 5626 §7)', () => {
  const plan = planOf(
    [place('a', { instance: 'urn:x', updatedAt: 2 }), place('b', { instance: 'urn:x', updatedAt: 1 })],
    { fork: 'parallel' },
  );
  for (const status of [404, 480, 486, 487, 500, 503, 603]) assert.equal(nextOf(plan, status), undefined, `${status}`);
  assert.equal(outlineOf(nextOf(plan, 408)), 'b');
});

test('a binding that only its flow reaches is tried there and nowhere else, by UDP as well (RFC 5626 §7)', () => {
  const flow = {
    local: { protocol: 'udp', host: '192.0.2.1', port: 5060 },
    host: '203.0.113.7',
    port: 61000,
    connection: 0,
  };
  assert.deepEqual(targetOf(place('a', { reach: 'flow', flow: flow as Reachable['flow'] })), {
    uri: 'sip:a',
    flow,
    elsewhere: 'nowhere',
  });
});

test('a live connection goes before the Contact, which is tried when it is gone', () => {
  assert.deepEqual(targetOf(place('a', { flow: tcp(7) })), { uri: 'sip:a', flow: tcp(7) });
  assert.deepEqual(targetOf(place('a', { flow: tcp(-1) })), { uri: 'sip:a' });
});

test('what came through others goes back through them, whatever the flow (RFC 3327 §5.3)', () => {
  const path = ['sip:edge.example.com;lr;ob'];
  assert.deepEqual(targetOf(place('a', { path, flow: tcp(7) })), { uri: 'sip:a', route: path });
});

test('a connection that is gone is no target where nothing else leads there (RFC 5626 §7)', () => {
  const gone = place('gone', { reach: 'flow', flow: tcp(-1), instance: 'urn:x', updatedAt: 9 });
  assert.deepEqual(planOf([gone], { fork: 'parallel' }), { type: 'all', of: [] }, 'which ends in 480');
  const alive = place('alive', { reach: 'flow', flow: tcp(3), instance: 'urn:x' });
  assert.equal(outlineOf(planOf([gone, alive], { fork: 'parallel' })), 'alive');
});

test('a caller never sees 430: the phone is not there (RFC 5626 §11.5)', () => {
  for (const only of [place('a', { reach: 'flow' }), place('a', { path: ['sip:edge.example.com;lr'] })]) {
    const plan = planOf([only], { fork: 'parallel' });
    assert.equal(plan?.type, 'after');
    if (plan?.type !== 'after') return;
    assert.deepEqual(plan.onFailure(failure(430)), { type: 'reply', status: 480, headers: [] });
    assert.equal(plan.onFailure(failure(486)), undefined);
  }
});

const tcp = (connection: number): Reachable['flow'] => ({
  local: { protocol: 'tcp', host: '192.0.2.1', port: 5060 },
  host: '203.0.113.7',
  port: 61000,
  connection,
});

const place = (name: string, other: Partial<Reachable> = {}): Reachable => ({
  contact: `sip:${name}`,
  q: undefined,
  path: [],
  flow: { local: { protocol: 'udp', host: '192.0.2.1', port: 5060 }, host: '198.51.100.7', port: 5062, connection: 0 },
  reach: 'contact',
  instance: undefined,
  updatedAt: 0,
  ...other,
});

const failure = (status: number): Failure => ({ status, response: undefined });

const nameOf = (target: Target): string => target.uri.replace('sip:', '');

/** What is tried at first. */
function outlineOf(plan: Plan | undefined): string {
  if (plan === undefined) return '';
  if (plan.type === 'try') return nameOf(plan.target);
  if (plan.type === 'after' || plan.type === 'watch') return outlineOf(plan.plan);
  return `${plan.type}(${plan.of.map(outlineOf).join(' ')})`;
}

/** What the first phone of a plan that knows more than one way is tried by next. */
function nextOf(plan: Plan | undefined, status: number): Plan | undefined {
  if (plan === undefined || plan.type === 'try') return undefined;
  if ('of' in plan)
    return nextOf(
      plan.of.find((one) => one.type === 'after'),
      status,
    );
  if (plan.type === 'watch') return nextOf(plan.plan, status);
  const next = plan.onFailure(failure(status));
  return next === undefined || 'then' in next || next.type === 'reply' ? undefined : next;
}
