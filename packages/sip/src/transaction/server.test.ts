import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MachineRun } from '../../test/machine-run.ts';
import { server } from './server.ts';

test('the arrows of the non-INVITE server figure are the cells of its table, with RFC 6026 §8.8 for its transport errors (RFC 3261 §17.2.2)', () => {
  assert.deepEqual(MachineRun.cells(server), [
    'trying sendProvisional: proceeding / reply',
    'trying sendFinal: completed / reply',
    'trying transportError: trying / lost',
    'proceeding request: proceeding / resend',
    'proceeding sendProvisional: proceeding / reply',
    'proceeding sendFinal: completed / reply',
    'proceeding transportError: proceeding / lost',
    'completed request: completed / resend',
    'completed timerJ: terminated /',
    'completed transportError: completed / lost',
  ]);
});

test('a non-INVITE server transaction begins in trying, where copies of the request are discarded (RFC 3261 §17.2.2)', () => {
  const run = new MachineRun(server, 'unreliable');
  assert.deepEqual([run.state, run.started], ['trying', []]);
  assert.deepEqual(run.input('request', 'request'), []);
  assert.equal(run.state, 'trying');
});

test('a provisional response is sent, and again for each copy of the request (RFC 3261 §17.2.2)', () => {
  const run = new MachineRun(server, 'unreliable');
  assert.deepEqual(run.input('sendProvisional', 'request', 'sendProvisional', 'request'), [
    'reply',
    'resend',
    'reply',
    'resend',
  ]);
  assert.equal(run.state, 'proceeding');
});

test('a final response may come straight from trying (RFC 3261 §17.2.2, erratum 1470)', () => {
  const run = new MachineRun(server, 'unreliable');
  assert.deepEqual(run.input('sendFinal'), ['reply']);
  assert.equal(run.state, 'completed');
});

test('the final response is sent again for each copy of the request during 64*T1, never by itself (RFC 3261 §17.2.2)', () => {
  const run = new MachineRun(server, 'unreliable');
  run.input('sendProvisional', 'sendFinal');
  assert.deepEqual(run.wait(31_999), []);
  assert.deepEqual(run.input('request'), ['resend']);
  assert.deepEqual(run.wait(1), []);
  assert.equal(run.state, 'terminated');
});

test('over a reliable transport the final response ends the transaction at once: Timer J is zero (RFC 3261 §17.2.2)', () => {
  const run = new MachineRun(server, 'reliable');
  assert.deepEqual(run.input('sendFinal'), ['reply']);
  assert.equal(run.state, 'terminated');
});

test('responses after the final one are discarded (RFC 3261 §17.2.2)', () => {
  const run = new MachineRun(server, 'unreliable');
  run.input('sendFinal');
  assert.deepEqual(run.input('sendFinal', 'sendProvisional'), []);
  assert.equal(run.state, 'completed');
});

test('a non-INVITE response that cannot be sent is reported and changes no state (RFC 6026 §8.8)', () => {
  for (const before of ['sendProvisional', 'sendFinal']) {
    const run = new MachineRun(server, 'unreliable');
    run.input(before);
    const { state } = run;
    assert.deepEqual(run.input('transportError'), ['lost']);
    assert.equal(run.state, state);
  }
});
