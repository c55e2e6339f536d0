import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inviteServer } from './invite-server.ts';
import { createMachine, DEFAULT_TIMING, type Machine, type Reliability, start, step } from './machine.ts';
import { answerableUntil, mayRespond, tryingAfterMs } from './policy.ts';
import { server } from './server.ts';

test('no provisional response but a 100 goes to a non-INVITE request (RFC 4320 §4.1)', () => {
  for (const transport of ['reliable', 'unreliable'] as const)
    for (const status of [101, 180, 183, 199]) assert.equal(verdict(transport, status, 10_000), 'never');
});

test('over an unreliable transport a 100 waits until Timer E would have reached T2 (RFC 4320 §4.1)', () => {
  assert.equal(verdict('unreliable', 100, 0), 'early');
  assert.equal(verdict('unreliable', 100, 3499), 'early');
  assert.equal(verdict('unreliable', 100, 3500), 'send');
});

test('over a reliable transport a 100 may come at any time (RFC 4320 §4.1)', () => {
  assert.equal(verdict('reliable', 100, 0), 'send');
});

test('Timer E is set to T2 after 3.5 seconds, or after the sum of the intervals before it (RFC 4320 §4.1)', () => {
  assert.equal(tryingAfterMs(DEFAULT_TIMING), 3500);
  assert.equal(tryingAfterMs({ t1: 500, t2: 3000, t4: 5000 }), 3500);
  assert.equal(tryingAfterMs({ t1: 1000, t2: 4000, t4: 5000 }), 3000);
  assert.equal(tryingAfterMs({ t1: 4000, t2: 4000, t4: 5000 }), 0);
  assert.equal(tryingAfterMs({ t1: 5000, t2: 4000, t4: 5000 }), 0);
});

test('a 408 never goes to a non-INVITE request (RFC 4320 §4.2)', () => {
  assert.equal(verdict('unreliable', 408, 0), 'never');
  assert.equal(verdict('reliable', 408, 31_000), 'never');
});

test('a final response may come at once and until the client has given up (RFC 4320 §4.2)', () => {
  assert.equal(verdict('unreliable', 200, 0), 'send');
  assert.equal(verdict('unreliable', 503, 31_999), 'send');
  assert.equal(verdict('unreliable', 200, 32_000), 'late');
  assert.equal(verdict('reliable', 200, 32_000), 'late');
  assert.equal(verdict('unreliable', 100, 32_000), 'late');
});

test('the client gives up 64*T1 after its request arrived (RFC 3261 §17.1.2.2)', () => {
  assert.equal(answerableUntil(machineOf(server, 'unreliable'), 1000), 33_000);
  assert.equal(answerableUntil(machineOf(inviteServer, 'unreliable'), 1000), Number.POSITIVE_INFINITY);
});

test('nothing is sent for a transaction that is over (RFC 4320 §4.2)', () => {
  for (const table of [server, inviteServer]) {
    const machine = machineOf(table, 'reliable');
    machine.state = 'terminated';
    for (const status of [100, 200, 500]) assert.equal(mayRespond(machine, status, 0, 1), 'late');
  }
  const answered = machineOf(server, 'reliable');
  step(answered, 'sendFinal', 0, []);
  assert.equal(mayRespond(answered, 200, 0, 1), 'late');
});

test('an INVITE may be answered by any response at any time (RFC 4320 §4)', () => {
  const machine = machineOf(inviteServer, 'unreliable');
  for (const status of [100, 180, 183, 200, 408, 486]) {
    assert.equal(mayRespond(machine, status, 0, 0), 'send');
    assert.equal(mayRespond(machine, status, 0, 120_000), 'send');
  }
});

/** Of a non-INVITE request that arrived at 100 ms, this long afterwards. */
const verdict = (transport: Reliability, status: number, afterMs: number): string =>
  mayRespond(machineOf(server, transport), status, 100, 100 + afterMs);

function machineOf(table: typeof server | typeof inviteServer, transport: Reliability): Machine {
  const machine = createMachine(table, transport, DEFAULT_TIMING);
  start(machine, 0, []);
  return machine;
}
