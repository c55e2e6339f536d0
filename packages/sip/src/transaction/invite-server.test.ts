import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MachineRun } from '../../test/machine-run.ts';
import { inviteServer } from './invite-server.ts';

test('the arrows of the INVITE server figure are the cells of its table, and no other cell does anything (RFC 6026 §8.6)', () => {
  assert.deepEqual(MachineRun.cells(inviteServer), [
    'proceeding request: proceeding / resend',
    'proceeding sendProvisional: proceeding / reply',
    'proceeding sendSuccess: accepted / reply',
    'proceeding sendFailure: completed / reply',
    'proceeding transportError: proceeding / lost',
    'completed request: completed / resend',
    'completed ack: confirmed /',
    'completed timerG: completed / resend',
    'completed timerH: terminated / noAck',
    'completed transportError: completed / lost',
    'accepted ack: accepted / deliverAck',
    'accepted sendSuccess: accepted / reply',
    'accepted timerL: terminated /',
    'accepted transportError: accepted / lost',
    'confirmed timerI: terminated /',
  ]);
});

test('an INVITE server transaction begins in proceeding and waits for its user without a timer of its own (RFC 3261 §17.2.1)', () => {
  const run = new MachineRun(inviteServer, 'unreliable');
  assert.deepEqual([run.state, run.started, run.wait(3_600_000)], ['proceeding', [], []]);
});

test('provisional responses are sent as they are given, and the last one again for each copy of the INVITE (RFC 3261 §17.2.1)', () => {
  const run = new MachineRun(inviteServer, 'unreliable');
  assert.deepEqual(run.input('sendProvisional', 'request', 'sendProvisional', 'request'), [
    'reply',
    'resend',
    'reply',
    'resend',
  ]);
  assert.equal(run.state, 'proceeding');
});

test('over an unreliable transport a failure is repeated at intervals that double up to T2, until Timer H gives up the ACK after 64*T1 (RFC 3261 §17.2.1)', () => {
  const run = new MachineRun(inviteServer, 'unreliable');
  assert.deepEqual(run.input('sendFailure'), ['reply']);
  assert.deepEqual(run.wait(60_000), [
    '500 resend',
    '1500 resend',
    '3500 resend',
    '7500 resend',
    '11500 resend',
    '15500 resend',
    '19500 resend',
    '23500 resend',
    '27500 resend',
    '31500 resend',
    '32000 noAck',
  ]);
  assert.equal(run.state, 'terminated');
});

test('over a reliable transport a failure is sent once, and Timer H still waits for the ACK (RFC 3261 §17.2.1)', () => {
  const run = new MachineRun(inviteServer, 'reliable');
  run.input('sendFailure');
  assert.deepEqual(run.wait(60_000), ['32000 noAck']);
});

test('a copy of the INVITE after a failure gets the failure again and does not disturb Timer G (RFC 3261 §17.2.1)', () => {
  const run = new MachineRun(inviteServer, 'unreliable');
  run.input('sendFailure');
  run.wait(700);
  assert.deepEqual(run.input('request'), ['resend']);
  assert.deepEqual(run.wait(1000), ['1500 resend']);
});

test('the ACK ends the retransmissions; later ones are absorbed for T4 (RFC 3261 §17.2.1)', () => {
  const run = new MachineRun(inviteServer, 'unreliable');
  run.input('sendFailure');
  run.wait(600);
  assert.deepEqual(run.input('ack', 'ack', 'request'), []);
  assert.equal(run.state, 'confirmed');
  assert.deepEqual(run.wait(4999), []);
  assert.equal(run.state, 'confirmed');
  run.wait(1);
  assert.equal(run.state, 'terminated');
});

test('over a reliable transport the ACK ends the transaction at once: Timer I is zero (RFC 3261 §17.2.1)', () => {
  const run = new MachineRun(inviteServer, 'reliable');
  run.input('sendFailure', 'ack');
  assert.equal(run.state, 'terminated');
});

test('after a 2xx copies of the INVITE are absorbed, and the 2xx is sent again only when the user passes it again (RFC 6026 §7.1)', () => {
  for (const transport of ['reliable', 'unreliable'] as const) {
    const run = new MachineRun(inviteServer, transport);
    assert.deepEqual(run.input('sendSuccess', 'request', 'request'), ['reply']);
    assert.deepEqual(run.input('sendSuccess'), ['reply']);
    assert.deepEqual(run.wait(31_999), []);
    assert.equal(run.state, 'accepted');
    run.wait(1);
    assert.equal(run.state, 'terminated');
  }
});

test('each ACK that arrives after a 2xx goes to the transaction user (RFC 6026 §7.1)', () => {
  const run = new MachineRun(inviteServer, 'unreliable');
  run.input('sendSuccess');
  assert.deepEqual(run.input('ack', 'ack'), ['deliverAck', 'deliverAck']);
  assert.equal(run.state, 'accepted');
});

test('a second final response is not sent, except one more 2xx (RFC 3261 §17.2.1)', () => {
  const failed = new MachineRun(inviteServer, 'unreliable');
  failed.input('sendFailure');
  assert.deepEqual(failed.input('sendFailure', 'sendSuccess', 'sendProvisional'), []);
  const accepted = new MachineRun(inviteServer, 'unreliable');
  accepted.input('sendSuccess');
  assert.deepEqual(accepted.input('sendFailure', 'sendProvisional'), []);
});

test('a response that cannot be sent is reported and changes no state, so that the INVITE is not taken for a new one (RFC 6026 §8.8)', () => {
  for (const before of ['sendProvisional', 'sendFailure', 'sendSuccess']) {
    const run = new MachineRun(inviteServer, 'unreliable');
    run.input(before);
    const { state } = run;
    assert.deepEqual(run.input('transportError'), ['lost']);
    assert.equal(run.state, state);
  }
});
