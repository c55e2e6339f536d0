import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText, responseOf } from '@strowger/testkit/messages';
import type { Response } from '../message/message.ts';
import {
  answered,
  cancelFork,
  createFork,
  expireFork,
  type Fork,
  type ForkOptions,
  type ForkOutput,
  forkDueAt,
  received,
  startFork,
} from './fork.ts';
import { after, all, each, type Plan, reply, ring, watch } from './index.ts';

const OPTIONS: ForkOptions = {
  method: 'INVITE',
  timerCMs: 200_000,
  patienceMs: 32_000,
  thinkMs: 30_000,
  recurse: 'no',
  breadth: 60,
  maxBranches: 64,
};
const response = (status: number): Response => responseOf(messageText([`SIP/2.0 ${status} Reason`]));

interface Started {
  readonly fork: Fork;
  /** Does one step and returns what the fork wanted done, as words. */
  readonly on: (step: (fork: Fork, out: ForkOutput[]) => void) => string[];
}

function started(plan: Plan, options: Partial<ForkOptions> = {}): Started {
  const fork = createFork({ ...OPTIONS, ...options });
  startFork(fork, plan, 0, []);
  return {
    fork,
    on: (step) => {
      const out: ForkOutput[] = [];
      step(fork, out);
      return out.map(wordOf);
    },
  };
}

function wordOf(output: ForkOutput): string {
  if (output.type === 'try') return `try ${output.target.uri}`;
  if (output.type === 'cancel' || output.type === 'abandon') return `${output.type} ${output.branch}`;
  if (output.type === 'respond') return `respond ${output.response.status}`;
  return output.type === 'reply' ? `reply ${output.status}` : output.type;
}

test('a phone that said nothing in its time is cancelled as soon as it rings, and the next is tried at once (RFC 3261 §9.1)', () => {
  const { on } = started(each(ring('sip:a', { seconds: 10 }), ring('sip:b')));
  assert.deepEqual(
    on((f, out) => expireFork(f, 10_000, out)),
    ['cancel 0', 'try sip:b'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 0, response(180), 10_050, out)),
    [],
    'nobody upstream hears of it',
  );
  assert.deepEqual(
    on((f, out) => received(f, 0, response(487), 10_100, out)),
    [],
  );
  assert.deepEqual(
    on((f, out) => received(f, 1, response(200), 11_000, out)),
    ['respond 200', 'ended'],
  );
});

test('a call accepted after its phone was given up for silence still gets through, and the other phone is cancelled', () => {
  const { on } = started(each(ring('sip:a', { seconds: 10 }), ring('sip:b')));
  on((f, out) => expireFork(f, 10_000, out));
  assert.deepEqual(
    on((f, out) => received(f, 0, response(200), 10_200, out)),
    ['respond 200', 'cancel 1'],
  );
});

test('a MESSAGE that was only received with a 100 does not wait longer than its target’s patience', () => {
  const { fork, on } = started(each(ring('sip:a', { seconds: 10 }), ring('sip:b')), { method: 'MESSAGE' });
  on((f, out) => received(f, 0, response(100), 4_000, out));
  assert.deepEqual(
    on((f, out) => expireFork(f, 10_000, out)),
    ['abandon 0', 'try sip:b'],
  );
  assert.equal(forkDueAt(fork), Number.POSITIVE_INFINITY);
});

test('a failure handler that never answers lets the failure pass in the end', () => {
  const { fork, on } = started(after(ring('sip:a'), () => new Promise(() => undefined)));
  on((f, out) => received(f, 0, response(486), 1_000, out));
  assert.equal(forkDueAt(fork), 31_000);
  assert.deepEqual(
    on((f, out) => expireFork(f, 30_999, out)),
    [],
  );
  assert.deepEqual(
    on((f, out) => expireFork(f, 31_000, out)),
    ['respond 486', 'ended'],
  );
  assert.deepEqual(
    on((f, out) => answered(f, 0, ring('sip:late'), 32_000, out)),
    [],
  );
});

test('a caller who gives up while a failure handler thinks gets 487, and nothing has a deadline any more', () => {
  const { fork, on } = started(after(ring('sip:a'), () => undefined));
  on((f, out) => received(f, 0, response(486), 1_000, out));
  assert.deepEqual(
    on((f, out) => cancelFork(f, 2_000, out)),
    ['reply 487', 'ended'],
  );
  assert.equal(forkDueAt(fork), Number.POSITIVE_INFINITY);
});

test('a failure handler that answers by itself gives up the phones that still ring', () => {
  const { on } = started(
    all(
      after(ring('sip:a'), () => reply(480)),
      ring('sip:b'),
    ),
  );
  on((f, out) => received(f, 1, response(180), 500, out));
  on((f, out) => received(f, 0, response(486), 1_000, out));
  assert.deepEqual(
    on((f, out) => answered(f, 0, reply(480), 1_001, out)),
    ['cancel 1', 'decide'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 1, response(487), 1_100, out)),
    ['ended'],
  );
});

test('a watcher that throws is reported and the response goes on as it was', () => {
  const broken = (): Response => {
    throw new Error('a bug of the routing program');
  };
  const { on } = started(watch(ring('sip:a'), broken));
  assert.deepEqual(
    on((f, out) => received(f, 0, response(180), 1, out)),
    ['fault', 'respond 180'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 0, response(486), 2, out)),
    ['fault', 'respond 486', 'ended'],
  );
});
