import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MachineRun } from '../../test/machine-run.ts';
import { inviteClient } from './invite-client.ts';

test('the arrows of the INVITE client figure are the cells of its table, and no other cell does anything (RFC 6026 §8.4)', () => {
  assert.deepEqual(MachineRun.cells(inviteClient), [
    'calling provisional: proceeding / deliver',
    'calling success: accepted / deliver',
    'calling failure: completed / ack deliver',
    'calling timerA: calling / resend',
    'calling timerB: terminated / timedOut',
    'calling transportError: terminated / lost',
    'proceeding provisional: proceeding / deliver',
    'proceeding success: accepted / deliver',
    'proceeding failure: completed / ack deliver',
    'completed failure: completed / ack',
    'completed timerD: terminated /',
    'completed transportError: terminated / lost',
    'accepted success: accepted / deliver',
    'accepted timerM: terminated /',
  ]);
});

test('an INVITE client transaction begins in calling and sends the request (RFC 3261 §17.1.1.2)', () => {
  for (const transport of ['reliable', 'unreliable'] as const) {
    const run = new MachineRun(inviteClient, transport);
    assert.deepEqual([run.state, run.started], ['calling', ['send']]);
  }
});

test('over an unreliable transport an unanswered INVITE is sent seven times, at intervals that double, and given up after 64*T1 (RFC 3261 §17.1.1.2)', () => {
  const run = new MachineRun(inviteClient, 'unreliable');
  assert.deepEqual(run.wait(60_000), [
    '500 resend',
    '1500 resend',
    '3500 resend',
    '7500 resend',
    '15500 resend',
    '31500 resend',
    '32000 timedOut',
  ]);
  assert.equal(run.state, 'terminated');
});

test('over a reliable transport the INVITE is sent once and given up after 64*T1 (RFC 3261 §17.1.1.2)', () => {
  assert.deepEqual(new MachineRun(inviteClient, 'reliable').wait(60_000), ['32000 timedOut']);
});

test('a larger T1 stretches timers A and B alike (RFC 3261 §17.1.1.1)', () => {
  const run = new MachineRun(inviteClient, 'unreliable', { t1: 2000, t2: 4000, t4: 5000 });
  assert.deepEqual(run.wait(130_000), [
    '2000 resend',
    '6000 resend',
    '14000 resend',
    '30000 resend',
    '62000 resend',
    '126000 resend',
    '128000 timedOut',
  ]);
});

test('each provisional response goes to the transaction user and the first one ends the retransmissions (RFC 3261 §17.1.1.2)', () => {
  const run = new MachineRun(inviteClient, 'unreliable');
  run.wait(600);
  assert.deepEqual(run.input('provisional', 'provisional'), ['deliver', 'deliver']);
  assert.deepEqual(run.wait(600_000), []);
  assert.equal(run.state, 'proceeding');
});

test('a final response from 300 up is acknowledged, delivered once, and acknowledged again when it is repeated (RFC 3261 §17.1.1.2)', () => {
  for (const before of [[], ['provisional']]) {
    const run = new MachineRun(inviteClient, 'unreliable');
    run.input(...before);
    assert.deepEqual(run.input('failure'), ['ack', 'deliver']);
    assert.deepEqual(run.input('failure', 'failure'), ['ack', 'ack']);
    assert.equal(run.state, 'completed');
  }
});

test('over a reliable transport the ACK is sent too, and the transaction ends at once: Timer D is zero (RFC 3261 §17.1.1.2)', () => {
  const run = new MachineRun(inviteClient, 'reliable');
  assert.deepEqual(run.input('failure'), ['ack', 'deliver']);
  assert.equal(run.state, 'terminated');
});

test('Timer D is 32 seconds at the least, and 64*T1 where that is longer (RFC 3261 §17.1.1.2)', () => {
  for (const [t1, ms] of [
    [500, 32_000],
    [100, 32_000],
    [1000, 64_000],
  ] as const) {
    const run = new MachineRun(inviteClient, 'unreliable', { t1, t2: 4000, t4: 5000 });
    run.input('failure');
    run.wait(ms - 1);
    assert.equal(run.state, 'completed');
    run.wait(1);
    assert.equal(run.state, 'terminated');
  }
});

test('a 2xx is delivered and never acknowledged by the transaction, which then waits for more of them for 64*T1 (RFC 6026 §7.2)', () => {
  for (const transport of ['reliable', 'unreliable'] as const) {
    for (const before of [[], ['provisional']]) {
      const run = new MachineRun(inviteClient, transport);
      run.input(...before);
      assert.deepEqual(run.input('success', 'success', 'success'), ['deliver', 'deliver', 'deliver']);
      assert.equal(run.state, 'accepted');
      assert.deepEqual(run.wait(31_999), []);
      assert.deepEqual(run.input('success'), ['deliver']);
      assert.deepEqual(run.wait(1), []);
      assert.equal(run.state, 'terminated');
    }
  }
});

test('after a 2xx neither a provisional response nor a failure is heard any more (RFC 6026 §8.4)', () => {
  const run = new MachineRun(inviteClient, 'unreliable');
  run.input('success');
  assert.deepEqual(run.input('provisional', 'failure'), []);
  assert.equal(run.state, 'accepted');
});

test('a request that cannot be sent ends the transaction and the transaction user learns of it (RFC 3261 §17.1.4)', () => {
  const run = new MachineRun(inviteClient, 'unreliable');
  assert.deepEqual(run.input('transportError'), ['lost']);
  assert.equal(run.state, 'terminated');
});

test('an ACK that cannot be sent ends the transaction and the transaction user learns of it (RFC 6026 §8.4)', () => {
  const run = new MachineRun(inviteClient, 'unreliable');
  run.input('failure');
  assert.deepEqual(run.input('transportError'), ['lost']);
  assert.equal(run.state, 'terminated');
});

test('a transport that fails after the server has answered does not end an INVITE (RFC 6026 §8.4)', () => {
  const run = new MachineRun(inviteClient, 'reliable');
  assert.deepEqual(run.input('provisional', 'transportError'), ['deliver']);
  assert.equal(run.state, 'proceeding');
});
