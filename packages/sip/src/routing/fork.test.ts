import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText, responseOf } from '@strowger/testkit/messages';
import fc from 'fast-check';
import type { Response } from '../message/message.ts';
import {
  answered,
  cancelFork,
  createFork,
  expireFork,
  type Fork,
  type ForkOptions,
  type ForkOutput,
  failed,
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
const response = (status: number, ...lines: readonly string[]): Response =>
  responseOf(messageText([`SIP/2.0 ${status} Reason`, ...lines]));

/** A fork and what it wanted so far, as words: `try sip:a`, `cancel 0`, `respond 486`. */
function forked(
  plan: Plan,
  options: Partial<ForkOptions> = {},
): {
  readonly fork: Fork;
  readonly said: () => string[];
  readonly on: (step: (fork: Fork, out: ForkOutput[]) => void) => string[];
} {
  const fork = createFork({ ...OPTIONS, ...options });
  let out: ForkOutput[] = [];
  startFork(fork, plan, 0, out);
  const said = (): string[] => {
    const words = out.map(wordOf);
    out = [];
    return words;
  };
  return {
    fork,
    said,
    on: (step) => {
      step(fork, out);
      return said();
    },
  };
}

function wordOf(output: ForkOutput): string {
  switch (output.type) {
    case 'try':
      return `try ${output.target.uri}`;
    case 'cancel':
    case 'abandon':
      return `${output.type} ${output.branch}`;
    case 'respond':
      return `respond ${output.response.status}`;
    case 'reply':
      return `reply ${output.status}`;
    case 'decide':
      return 'decide';
    case 'ask':
      return `ask ${output.failure.status}`;
    case 'fault':
    case 'ended':
      return output.type;
  }
}

test('one branch: provisional responses but 100 go on, the final one ends it (RFC 3261 §16.7)', () => {
  const { said, on } = forked(ring('sip:a'));
  assert.deepEqual(said(), ['try sip:a']);
  assert.deepEqual(
    on((f, out) => received(f, 0, response(100), 1, out)),
    [],
  );
  assert.deepEqual(
    on((f, out) => received(f, 0, response(180), 1, out)),
    ['respond 180'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 0, response(486), 1, out)),
    ['respond 486', 'ended'],
  );
});

test('a 2xx goes on at once and the other branches are cancelled; a second 2xx goes on too (RFC 3261 §16.7 steps 5, 10)', () => {
  const { said, on } = forked(all(ring('sip:a'), ring('sip:b'), ring('sip:c')));
  assert.deepEqual(said(), ['try sip:a', 'try sip:b', 'try sip:c']);
  assert.deepEqual(
    on((f, out) => received(f, 1, response(200), 1, out)),
    ['respond 200', 'cancel 0', 'cancel 2'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 0, response(180), 1, out)),
    [],
  );
  assert.deepEqual(
    on((f, out) => received(f, 2, response(200), 2, out)),
    ['respond 200'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 0, response(487), 3, out)),
    ['ended'],
  );
});

test('of a request other than INVITE only the first 2xx goes on, and nothing is cancelled (RFC 3261 §16.7 step 5, §9.1)', () => {
  const { said, on } = forked(all(ring('sip:a'), ring('sip:b')), { method: 'MESSAGE' });
  said();
  assert.deepEqual(
    on((f, out) => received(f, 0, response(200), 1, out)),
    ['respond 200'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 1, response(200), 1, out)),
    ['ended'],
  );
});

test('a 6xx cancels all others, waits for them, and wins (RFC 3261 §16.7 steps 5, 6)', () => {
  const { said, on } = forked(all(ring('sip:a'), ring('sip:b')));
  said();
  assert.deepEqual(
    on((f, out) => received(f, 0, response(603), 1, out)),
    ['cancel 1'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 1, response(487), 2, out)),
    ['respond 603', 'ended'],
  );
});

test('a 2xx that comes after a 6xx still goes on (RFC 3261 §16.7 step 5)', () => {
  const { said, on } = forked(all(ring('sip:a'), ring('sip:b')));
  said();
  on((f, out) => received(f, 0, response(603), 1, out));
  assert.deepEqual(
    on((f, out) => received(f, 1, response(200), 2, out)),
    ['respond 200', 'ended'],
  );
});

for (const [statuses, best] of [
  [[404, 486], 404],
  [[503, 486], 486],
  [[486, 302], 302],
  [[404, 407], 407],
  [[480, 484], 484],
  [[500, 408], 408],
  [[501, 600], 600],
] as const) {
  test(`of ${statuses.join(' and ')} the best is ${best} (RFC 3261 §16.7 step 6)`, () => {
    const { said, on } = forked(all(...statuses.map((s) => ring(`sip:${s}`))));
    said();
    const words = statuses.flatMap((status, branch) => on((f, out) => received(f, branch, response(status), 1, out)));
    assert.deepEqual(
      words.filter((word) => word.startsWith('re')),
      [`respond ${best}`],
    );
  });
}

test('a 503 is not passed up as it is, nor is a branch that cannot be reached (RFC 3261 §16.7 step 6, §16.9)', () => {
  const { said, on } = forked(all(ring('sip:a'), ring('sip:b')));
  said();
  on((f, out) => received(f, 0, response(503), 1, out));
  assert.deepEqual(
    on((f, out) => failed(f, 1, 503, 2, out)),
    ['reply 500', 'ended'],
  );
});

test('the challenges of all branches go on together (RFC 3261 §16.7 step 7)', () => {
  const { fork, on } = forked(all(ring('sip:a'), ring('sip:b')));
  on((f, out) => received(f, 0, response(407, 'Proxy-Authenticate: Digest realm="a"'), 1, out));
  const out: ForkOutput[] = [];
  received(fork, 1, response(401, 'WWW-Authenticate: Digest realm="b"'), 2, out);
  const [sent] = out;
  assert.equal(sent?.type, 'respond');
  if (sent?.type !== 'respond') return;
  const names = Array.from({ length: sent.response.content.count }, (_, i) => sent.response.content.nameAt(i));
  assert.deepEqual(names.sort(), ['Proxy-Authenticate', 'WWW-Authenticate']);
});

test('serial: the next is tried when the one before has failed, and a group counts as one (RFC 3261 §16.6)', () => {
  const { said, on } = forked(each(ring('sip:a'), all(ring('sip:b'), ring('sip:c')), ring('sip:d')));
  assert.deepEqual(said(), ['try sip:a']);
  assert.deepEqual(
    on((f, out) => received(f, 0, response(486), 1, out)),
    ['try sip:b', 'try sip:c'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 1, response(486), 2, out)),
    [],
  );
  assert.deepEqual(
    on((f, out) => failed(f, 2, 408, 3, out)),
    ['try sip:d'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 3, response(200), 4, out)),
    ['respond 200', 'ended'],
  );
});

test('Timer C cancels a branch that rings too long, and every provisional response but 100 starts it again (RFC 3261 §16.7 step 2, §16.8)', () => {
  const { fork, said, on } = forked(ring('sip:a'));
  said();
  assert.equal(forkDueAt(fork), 200_000);
  on((f, out) => received(f, 0, response(180), 150_000, out));
  on((f, out) => received(f, 0, response(100), 160_000, out));
  assert.equal(forkDueAt(fork), 350_000);
  assert.deepEqual(
    on((f, out) => expireFork(f, 349_999, out)),
    [],
  );
  assert.deepEqual(
    on((f, out) => expireFork(f, 350_000, out)),
    ['cancel 0'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 0, response(487), 350_100, out)),
    ['reply 408', 'ended'],
  );
});

test('Timer C before any response counts as 408 (RFC 3261 §16.8)', () => {
  const { said, on } = forked(ring('sip:a'));
  said();
  assert.deepEqual(
    on((f, out) => expireFork(f, 200_000, out)),
    ['abandon 0', 'reply 408', 'ended'],
  );
});

test('a target’s own patience ends its ringing and the next is tried', () => {
  const { said, on } = forked(each(ring('sip:a', { seconds: 20 }), ring('sip:b')));
  said();
  on((f, out) => received(f, 0, response(180), 100, out));
  assert.deepEqual(
    on((f, out) => expireFork(f, 20_000, out)),
    ['cancel 0'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 0, response(487), 20_100, out)),
    ['try sip:b'],
  );
});

test('CANCEL gives up every branch, tries no other, and the caller gets 487 (RFC 3261 §16.10)', () => {
  const { said, on } = forked(each(all(ring('sip:a'), ring('sip:b')), ring('sip:c')));
  said();
  assert.deepEqual(
    on((f, out) => cancelFork(f, 5, out)),
    ['cancel 0', 'cancel 1'],
  );
  on((f, out) => received(f, 0, response(487), 6, out));
  assert.deepEqual(
    on((f, out) => received(f, 1, response(487), 7, out)),
    ['respond 487', 'ended'],
  );
});

test('a cancelled branch that never says so is forgotten after 64*T1 (RFC 3261 §9.1)', () => {
  const { fork, said, on } = forked(ring('sip:a'));
  said();
  on((f, out) => cancelFork(f, 1_000, out));
  assert.equal(forkDueAt(fork), 33_000);
  assert.deepEqual(
    on((f, out) => expireFork(f, 33_000, out)),
    ['abandon 0', 'reply 487', 'ended'],
  );
});

test('the contacts of a 3xx are tried when asked for, best first, each once (RFC 3261 §16.5)', () => {
  const { said, on } = forked(ring('sip:a'), { recurse: 'yes' });
  said();
  const moved = response(302, 'Contact: <sip:low>;q=0.1, <sip:a>, <sip:high>;q=0.9');
  assert.deepEqual(
    on((f, out) => received(f, 0, moved, 1, out)),
    ['try sip:high'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 1, response(302, 'Contact: <sip:low>'), 2, out)),
    ['try sip:low'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 2, response(404), 3, out)),
    ['respond 404', 'ended'],
  );
});

test('Max-Breadth is shared among parallel branches; too little for all is 440 (RFC 5393 §5.3.3)', () => {
  const out: ForkOutput[] = [];
  startFork(createFork({ ...OPTIONS, breadth: 7 }), all(ring('sip:a'), each(ring('sip:b')), ring('sip:c')), 0, out);
  assert.deepEqual(
    out.map((o) => o.type === 'try' && o.breadth),
    [2, 2, 2],
  );
  const narrow = forked(all(ring('sip:a'), ring('sip:b')), { breadth: 1 });
  assert.deepEqual(narrow.said(), ['reply 440', 'ended']);
});

test('a failure handler may give another plan, a decision, or let the failure pass', () => {
  const plan = after(ring('sip:a'), () => ring('sip:voicemail'));
  const { said, on } = forked(plan);
  said();
  assert.deepEqual(
    on((f, out) => received(f, 0, response(486), 1, out)),
    ['ask 486'],
  );
  assert.deepEqual(
    on((f, out) => answered(f, 0, ring('sip:voicemail'), 2, out)),
    ['try sip:voicemail'],
  );
  assert.deepEqual(
    on((f, out) => received(f, 1, response(200), 3, out)),
    ['respond 200', 'ended'],
  );
  const second = forked(plan);
  second.on((f, out) => received(f, 0, response(486), 1, out));
  assert.deepEqual(
    second.on((f, out) => answered(f, 0, reply(480), 2, out)),
    ['decide', 'ended'],
  );
  const third = forked(plan);
  third.on((f, out) => received(f, 0, response(486), 1, out));
  assert.deepEqual(
    third.on((f, out) => answered(f, 0, undefined, 2, out)),
    ['respond 486', 'ended'],
  );
});

test('a watcher sees and may change what its plan sends back', () => {
  const { fork } = forked(watch(ring('sip:a'), (r) => ({ ...r, reason: 'Watched' })));
  const out: ForkOutput[] = [];
  received(fork, 0, response(180), 1, out);
  received(fork, 0, response(200), 2, out);
  assert.deepEqual(
    out.map((o) => (o.type === 'respond' ? o.response.reason : o.type)),
    ['Watched', 'Watched', 'ended'],
  );
});

test('whatever the branches answer: one final response other than 2xx goes up, nothing is tried after it, every wait has a deadline', () => {
  const plan = fc.letrec<{ plan: Plan }>((tie) => ({
    plan: fc.oneof(
      { maxDepth: 3 },
      fc.nat(20).map((n) => ring(`sip:${n}`)),
      fc
        .tuple(fc.constantFrom('all' as const, 'each' as const), fc.array(tie('plan'), { maxLength: 3 }))
        .map(([type, of]) => (type === 'all' ? all(...of) : each(...of))),
    ),
  })).plan;
  const event = fc.record({
    branch: fc.nat(8),
    status: fc.constantFrom(100, 180, 200, 302, 404, 407, 486, 503, 603, 0, -1, -2),
  });
  fc.assert(
    fc.property(plan, fc.array(event, { maxLength: 40 }), (tree, events) => {
      const fork = createFork({ ...OPTIONS, recurse: 'yes' });
      const out: ForkOutput[] = [];
      startFork(fork, tree, 0, out);
      let now = 0;
      for (const { branch, status } of events) {
        now += 1000;
        if (status === -1) cancelFork(fork, now, out);
        else if (status === -2) expireFork(fork, now + 250_000, out);
        else if (status === 0) failed(fork, branch, 408, now, out);
        else received(fork, branch, response(status), now, out);
      }
      for (let turn = 0; fork.ended === 'no' && turn < 200; turn += 1) {
        assert.ok(forkDueAt(fork) < Number.POSITIVE_INFINITY, 'a fork that waits has a deadline');
        now = Math.max(now, forkDueAt(fork));
        expireFork(fork, now, out);
      }
      assert.equal(fork.ended, 'yes');
      const finals = out.flatMap((o) =>
        o.type === 'reply' ? [o.status] : o.type === 'respond' && o.response.status >= 200 ? [o.response.status] : [],
      );
      assert.ok(finals.length >= 1);
      assert.ok(finals.filter((status) => status >= 300).length <= 1);
      const firstFinal = out.findIndex((o) => o.type === 'reply' || (o.type === 'respond' && o.response.status >= 200));
      assert.ok(!out.slice(firstFinal).some((o) => o.type === 'try'));
    }),
  );
});
