import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MachineRun } from '../../test/machine-run.ts';
import { client } from './client.ts';

test('the arrows of the non-INVITE client figure are the cells of its table, and no other cell does anything (RFC 3261 §17.1.4)', () => {
  assert.deepEqual(MachineRun.cells(client), [
    'trying provisional: proceeding / deliver',
    'trying final: completed / deliver',
    'trying timerE: trying / resend',
    'trying timerF: terminated / timedOut',
    'trying transportError: terminated / lost',
    'proceeding provisional: proceeding / deliver',
    'proceeding final: completed / deliver',
    'proceeding timerE: proceeding / resend',
    'proceeding timerF: terminated / timedOut',
    'proceeding transportError: terminated / lost',
    'completed timerK: terminated /',
  ]);
});

test('a non-INVITE client transaction begins in trying and sends the request (RFC 3261 §17.1.2.2)', () => {
  for (const transport of ['reliable', 'unreliable'] as const) {
    const run = new MachineRun(client, transport);
    assert.deepEqual([run.state, run.started], ['trying', ['send']]);
  }
});

test('over an unreliable transport the intervals double up to T2, and the request is given up after 64*T1 (RFC 3261 §17.1.2.2, erratum 2769)', () => {
  const run = new MachineRun(client, 'unreliable');
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
    '32000 timedOut',
  ]);
  assert.equal(run.state, 'terminated');
});

test('over a reliable transport the request is sent once and given up after 64*T1 (RFC 3261 §17.1.2.2)', () => {
  assert.deepEqual(new MachineRun(client, 'reliable').wait(60_000), ['32000 timedOut']);
});

test('after a provisional response the request is still sent again, every T2, until Timer F ends it (RFC 3261 §17.1.2.2)', () => {
  const run = new MachineRun(client, 'unreliable');
  assert.deepEqual(run.wait(600), ['500 resend']);
  assert.deepEqual(run.input('provisional'), ['deliver']);
  assert.deepEqual(run.wait(60_000), [
    '1500 resend',
    '5500 resend',
    '9500 resend',
    '13500 resend',
    '17500 resend',
    '21500 resend',
    '25500 resend',
    '29500 resend',
    '32000 timedOut',
  ]);
});

test('more provisional responses are delivered and change no timer (RFC 3261 §17.1.2.2)', () => {
  const run = new MachineRun(client, 'unreliable');
  run.input('provisional');
  run.wait(3000);
  assert.deepEqual(run.input('provisional'), ['deliver']);
  assert.deepEqual(run.wait(2000), ['4500 resend']);
});

test('over a reliable transport a provisional response starts no retransmission, and Timer F still ends the wait (RFC 3261 §17.1.2.2)', () => {
  const run = new MachineRun(client, 'reliable');
  run.input('provisional');
  assert.deepEqual(run.wait(60_000), ['32000 timedOut']);
});

test('the final response is delivered once; what is repeated within T4 is absorbed (RFC 3261 §17.1.2.2)', () => {
  for (const before of [[], ['provisional']]) {
    const run = new MachineRun(client, 'unreliable');
    run.input(...before);
    assert.deepEqual(run.input('final', 'final', 'provisional'), ['deliver']);
    assert.equal(run.state, 'completed');
    assert.deepEqual(run.wait(4999), []);
    assert.equal(run.state, 'completed');
    run.wait(1);
    assert.equal(run.state, 'terminated');
  }
});

test('over a reliable transport the final response ends the transaction at once: Timer K is zero (RFC 3261 §17.1.2.2)', () => {
  const run = new MachineRun(client, 'reliable');
  assert.deepEqual(run.input('final'), ['deliver']);
  assert.equal(run.state, 'terminated');
});

test('a request that cannot be sent ends the transaction, before and after a provisional response (RFC 3261 §17.1.4)', () => {
  for (const before of [[], ['provisional']]) {
    const run = new MachineRun(client, 'unreliable');
    run.input(...before);
    assert.deepEqual(run.input('transportError'), ['lost']);
    assert.equal(run.state, 'terminated');
  }
});
