import type { Instant } from '../text/time.ts';
import { bestOf } from './best-response.ts';
import type { Fork, ForkOutput, GroupNode, Leaf, Parent } from './fork-state.ts';
import type { Failure, Plan, Target } from './plan.ts';

/** How a fork walks its plan: down from a node to the branches to try, up again from those that came to nothing. */

export function begin(fork: Fork, plan: Plan, parent: Parent, breadth: number, now: Instant, out: ForkOutput[]): void {
  switch (plan.type) {
    case 'try':
      return tryTarget(fork, plan.target, parent, breadth, now, out);
    case 'after':
      return begin(
        fork,
        plan.plan,
        { type: 'after', parent, breadth, onFailure: plan.onFailure, failure: undefined, answerBy: now },
        breadth,
        now,
        out,
      );
    case 'watch':
      return begin(fork, plan.plan, { type: 'watch', parent, onResponse: plan.onResponse }, breadth, now, out);
    case 'all':
    case 'each':
      return beginGroup(
        fork,
        { type: plan.type, parent, of: plan.of, breadth, next: 0, living: 0, failures: [] },
        now,
        out,
      );
    default: // a program's mistake that no compiler saw: it must not keep the caller waiting
      return finished(fork, parent, [{ status: 500, response: undefined }], now, out);
  }
}

function beginGroup(fork: Fork, node: GroupNode, now: Instant, out: ForkOutput[]): void {
  if (node.of.length === 0) return finished(fork, node.parent, [{ status: 480, response: undefined }], now, out);
  if (node.type === 'each') return nextOf(fork, node, now, out);
  const share = Math.floor(node.breadth / node.of.length);
  if (share < 1) return finished(fork, node.parent, [{ status: 440, response: undefined }], now, out); // RFC 5393 §5.3.3.2
  node.living = node.of.length;
  node.next = node.of.length;
  for (const child of node.of) begin(fork, child, node, share, now, out);
}

function nextOf(fork: Fork, node: GroupNode, now: Instant, out: ForkOutput[]): void {
  const child = node.of[node.next];
  if (child === undefined || fork.state !== 'open') return finished(fork, node.parent, node.failures, now, out);
  node.next += 1;
  node.living = 1;
  begin(fork, child, node, node.breadth, now, out);
}

function tryTarget(fork: Fork, target: Target, parent: Parent, breadth: number, now: Instant, out: ForkOutput[]): void {
  if (fork.leaves.length >= fork.options.maxBranches || fork.state !== 'open')
    return finished(fork, parent, [{ status: 480, response: undefined }], now, out);
  const invite = fork.options.method === 'INVITE';
  const leaf: Leaf = {
    type: 'leaf',
    parent,
    number: fork.leaves.length,
    target,
    breadth,
    state: 'trying',
    gaveUp: 'no',
    timerCAt: invite ? now + fork.options.timerCMs : Number.POSITIVE_INFINITY,
    ringUntil: target.seconds === undefined ? Number.POSITIVE_INFINITY : now + target.seconds * 1000,
  };
  fork.leaves.push(leaf);
  out.push({ type: 'try', branch: leaf.number, target, breadth });
}

/** A node came to nothing: what that means for the one above it. */
export function finished(
  fork: Fork,
  node: Parent,
  failures: readonly Failure[],
  now: Instant,
  out: ForkOutput[],
): void {
  if (node === undefined) return finalFailure(fork, failures, out);
  if (node.type === 'watch') return finished(fork, node.parent, failures, now, out);
  if (node.type === 'after') {
    if (fork.state !== 'open') return finished(fork, node.parent, failures, now, out);
    node.failure = bestOf(failures);
    node.answerBy = now + fork.options.thinkMs;
    fork.questions ??= [];
    fork.questions.push(node);
    out.push({ type: 'ask', question: fork.questions.length - 1, onFailure: node.onFailure, failure: node.failure });
    return;
  }
  node.failures.push(...failures);
  node.living -= 1;
  if (node.living > 0) return;
  if (node.type === 'each') return nextOf(fork, node, now, out);
  finished(fork, node.parent, node.failures, now, out);
}

export function finalFailure(fork: Fork, failures: readonly Failure[], out: ForkOutput[]): void {
  if (fork.state !== 'final') {
    fork.state = 'final';
    const best = bestOf(failures);
    if (best.response !== undefined) out.push({ type: 'respond', response: best.response });
    else out.push({ type: 'reply', status: fork.cancelled === 'yes' ? 487 : best.status });
  }
  endIfDone(fork, out);
}

/** Starts nothing any more and gives up what lives. */
export function close(fork: Fork, now: Instant, out: ForkOutput[]): void {
  if (fork.state === 'open') fork.state = 'closing';
  for (const leaf of fork.leaves) cancelLeaf(fork, leaf, now, out);
}

export function cancelLeaf(fork: Fork, leaf: Leaf, now: Instant, out: ForkOutput[]): void {
  if (leaf.state === 'done' || leaf.state === 'cancelling' || fork.options.method !== 'INVITE') return;
  leaf.state = 'cancelling';
  leaf.timerCAt = now + fork.options.patienceMs;
  leaf.ringUntil = Number.POSITIVE_INFINITY;
  out.push({ type: 'cancel', branch: leaf.number });
}

export function endIfDone(fork: Fork, out: ForkOutput[]): void {
  if (fork.state !== 'final' || fork.ended === 'yes' || fork.leaves.some((leaf) => leaf.state !== 'done')) return;
  fork.ended = 'yes';
  out.push({ type: 'ended' });
}
