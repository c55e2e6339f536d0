import { contact } from '../message/headers/index.ts';
import type { Response } from '../message/message.ts';
import { readAll } from '../message/read.ts';
import { RemoteFault } from '../text/faults.ts';
import type { Instant } from '../text/time.ts';
import { bestOf } from './best-response.ts';
import { type AfterFailure, each, type Failure, type Instead, type Plan, ring, type Target } from './plan.ts';
import type { Reply } from './reply.ts';

/** What a fork wants done. Branches are numbered in the order in which they are tried. */
export type ForkOutput =
  /** Send a copy of the request; `breadth` is its share of Max-Breadth (RFC 5393 §5.3.3). */
  | { readonly type: 'try'; readonly branch: number; readonly target: Target; readonly breadth: number }
  /** Ask the branch's server to give up (RFC 3261 §9.1). */
  | { readonly type: 'cancel'; readonly branch: number }
  /** Forget the branch's client transaction: nothing that it brings matters any more. */
  | { readonly type: 'abandon'; readonly branch: number }
  /** Send this response upstream. */
  | { readonly type: 'respond'; readonly response: Response }
  /** Answer as the user agent server that a proxy is for failures of its own. */
  | { readonly type: 'reply'; readonly status: number }
  /** What a failure handler decided instead of a plan. */
  | { readonly type: 'decide'; readonly decision: Reply }
  /** Ask the failure handler, and tell `answer` what it said. */
  | { readonly type: 'ask'; readonly question: number; readonly onFailure: AfterFailure; readonly failure: Failure }
  /** A watcher threw: the response went on as it was. */
  | { readonly type: 'fault'; readonly error: unknown }
  /** Every branch has its final response: nothing will come any more but 2xx again. */
  | { readonly type: 'ended' };

export interface ForkOptions {
  readonly method: string;
  readonly timerCMs: number;
  /** 64 * T1: how long a cancelled branch may take to say so. */
  readonly patienceMs: number;
  /** How long a failure handler may think before the failure passes. */
  readonly thinkMs: number;
  readonly recurse: 'yes' | 'no';
  /** The Max-Breadth that the request came with, or our own bound. */
  readonly breadth: number;
  /** The most branches that one request may ever have. */
  readonly maxBranches: number;
}

/** The response context of RFC 3261 §16.7: executes a plan. Changed in place by its functions; holds no clock and no socket. */
export interface Fork {
  readonly options: ForkOptions;
  readonly leaves: Leaf[];
  readonly questions: AfterNode[];
  /** URIs tried so far: a redirection does not send the request there again (§16.5). */
  readonly tried: Set<string>;
  /** `open` may start branches; `closing` waits for those that live; `final` has sent its final response upstream. */
  state: 'open' | 'closing' | 'final';
  cancelled: 'yes' | 'no';
  ended: 'yes' | 'no';
}

interface Leaf {
  readonly type: 'leaf';
  readonly parent: Parent;
  readonly number: number;
  readonly target: Target;
  readonly breadth: number;
  state: 'trying' | 'proceeding' | 'cancelling' | 'done';
  /** Why we gave it up by ourselves. */
  gaveUp: 'no' | 'noAnswer';
  timerCAt: Instant;
  /** When the target's own patience ends. */
  ringUntil: Instant;
}
interface GroupNode {
  readonly type: 'all' | 'each';
  readonly parent: Parent;
  readonly of: readonly Plan[];
  readonly breadth: number;
  next: number;
  living: number;
  readonly failures: Failure[];
}
interface AfterNode {
  readonly type: 'after';
  readonly parent: Parent;
  readonly breadth: number;
  readonly onFailure: AfterFailure;
  /** What the handler is asked about; `undefined` while it is not asked. */
  failure: Failure | undefined;
  answerBy: Instant;
}
interface WatchNode {
  readonly type: 'watch';
  readonly parent: Parent;
  readonly onResponse: (response: Response) => Response;
}
type Parent = GroupNode | AfterNode | WatchNode | undefined;

export const createFork = (options: ForkOptions): Fork => ({
  options,
  leaves: [],
  questions: [],
  tried: new Set(),
  state: 'open',
  cancelled: 'no',
  ended: 'no',
});

export function startFork(fork: Fork, plan: Plan, now: Instant, out: ForkOutput[]): void {
  begin(fork, plan, undefined, fork.options.breadth, now, out);
}

/** A response came on a branch. */
export function received(fork: Fork, branch: number, response: Response, now: Instant, out: ForkOutput[]): void {
  const leaf = fork.leaves[branch];
  if (leaf === undefined) return;
  const { status } = response;
  if (status >= 200 && status < 300) return succeeded(fork, leaf, response, now, out);
  if (leaf.state === 'done') return;
  if (status < 200) return provisional(fork, leaf, response, now, out);
  leaf.state = 'done';
  if (status >= 600) close(fork, now, out);
  const follow =
    status < 400 &&
    fork.options.recurse === 'yes' &&
    fork.state === 'open' &&
    redirected(fork, leaf, response, now, out);
  const failure: Failure =
    leaf.gaveUp === 'noAnswer'
      ? { status: 408, response: undefined }
      : { status, response: watched(leaf, response, out) };
  if (!follow) finished(fork, leaf.parent, [failure], now, out);
  endIfDone(fork, out);
}

/** A branch ended without a final response: 408 for one that timed out, 503 for one that could not be reached (RFC 3261 §16.9). */
export function failed(fork: Fork, branch: number, status: number, now: Instant, out: ForkOutput[]): void {
  const leaf = fork.leaves[branch];
  if (leaf === undefined || leaf.state === 'done') return;
  leaf.state = 'done';
  finished(fork, leaf.parent, [{ status, response: undefined }], now, out);
  endIfDone(fork, out);
}

/** The caller has given up: every living branch is cancelled, none is started any more (RFC 3261 §16.10). */
export function cancelFork(fork: Fork, now: Instant, out: ForkOutput[]): void {
  if (fork.state === 'final') return;
  fork.cancelled = 'yes';
  close(fork, now, out);
  if (fork.leaves.every((leaf) => leaf.state === 'done'))
    finalFailure(fork, [{ status: 487, response: undefined }], out);
}

/** What the failure handler said; `undefined` lets the failure pass. */
export function answered(fork: Fork, question: number, answer: Instead, now: Instant, out: ForkOutput[]): void {
  const node = fork.questions[question];
  const failure = node?.failure;
  if (node === undefined || failure === undefined || fork.state === 'final') return;
  node.failure = undefined;
  if (answer === undefined || fork.state !== 'open') return finished(fork, node.parent, [failure], now, out);
  if (isPlan(answer)) return begin(fork, answer, node.parent, node.breadth, now, out);
  close(fork, now, out);
  fork.state = 'final';
  out.push({ type: 'decide', decision: answer });
  endIfDone(fork, out);
}

/**
 * Does what is due: Timer C (RFC 3261 §16.8), a target's own patience, the end of waiting for a cancelled branch, and for a
 * failure handler.
 */
export function expireFork(fork: Fork, now: Instant, out: ForkOutput[]): void {
  for (const leaf of fork.leaves) {
    if (leaf.state === 'done' || Math.min(leaf.timerCAt, leaf.ringUntil) > now) continue;
    const isInvite = fork.options.method === 'INVITE';
    if (leaf.state === 'proceeding' && isInvite) {
      leaf.gaveUp = 'noAnswer';
      cancelLeaf(fork, leaf, now, out);
    } else {
      // A phone that said nothing yet may ring all the same: once it says so it is cancelled, as long as Timer B lets it.
      const mayRing = isInvite && leaf.state === 'trying' && leaf.timerCAt > now;
      out.push({ type: mayRing ? 'cancel' : 'abandon', branch: leaf.number });
      failed(fork, leaf.number, fork.cancelled === 'yes' ? 487 : 408, now, out);
    }
  }
  for (const [question, node] of fork.questions.entries())
    if (node.failure !== undefined && node.answerBy <= now) answered(fork, question, undefined, now, out);
}

export function forkDueAt(fork: Fork): Instant {
  let at = Number.POSITIVE_INFINITY;
  for (const leaf of fork.leaves) if (leaf.state !== 'done') at = Math.min(at, leaf.timerCAt, leaf.ringUntil);
  if (fork.state === 'final') return at;
  for (const node of fork.questions) if (node.failure !== undefined) at = Math.min(at, node.answerBy);
  return at;
}

function begin(fork: Fork, plan: Plan, parent: Parent, breadth: number, now: Instant, out: ForkOutput[]): void {
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
  fork.tried.add(target.uri);
  out.push({ type: 'try', branch: leaf.number, target, breadth });
}

function provisional(fork: Fork, leaf: Leaf, response: Response, now: Instant, out: ForkOutput[]): void {
  if (leaf.state === 'trying') leaf.state = 'proceeding';
  if (response.status === 100) return;
  if (leaf.state === 'proceeding' && leaf.timerCAt !== Number.POSITIVE_INFINITY)
    leaf.timerCAt = now + fork.options.timerCMs; // §16.7 step 2
  if (fork.state !== 'final') out.push({ type: 'respond', response: watched(leaf, response, out) });
}

/** RFC 3261 §16.7 steps 5 and 10: a 2xx goes on at once, every further one to an INVITE too; the others are given up. */
function succeeded(fork: Fork, leaf: Leaf, response: Response, now: Instant, out: ForkOutput[]): void {
  const first = fork.state !== 'final';
  leaf.state = 'done';
  if (first || fork.options.method === 'INVITE') out.push({ type: 'respond', response: watched(leaf, response, out) });
  fork.state = 'final';
  if (first) close(fork, now, out);
  endIfDone(fork, out);
}

/**
 * The contacts of a 3xx become branches in the place of the one that named them, best first (RFC 3261 §16.5). One whose contacts
 * are all known already says nothing more (§16.7 step 4). False when the 3xx itself is the result.
 */
function redirected(fork: Fork, leaf: Leaf, response: Response, now: Instant, out: ForkOutput[]): boolean {
  const contacts = contactsOf(response);
  if (contacts.length === 0) return false;
  const fresh = contacts.filter(({ uri }) => !fork.tried.has(uri)).sort((a, b) => b.q - a.q);
  for (const { uri } of fresh) fork.tried.add(uri);
  if (fresh.length === 0) finished(fork, leaf.parent, [], now, out);
  else begin(fork, each(...fresh.map(({ uri }) => ring(uri))), leaf.parent, leaf.breadth, now, out);
  return true;
}

/** None for a Contact that cannot be read. */
function contactsOf(response: Response): { readonly uri: string; readonly q: number }[] {
  try {
    return readAll(response, contact).flatMap((value) =>
      value === '*' ? [] : [{ uri: value.uriText, q: Number(value.params.get('q') ?? 1) }],
    );
  } catch (fault) {
    if (fault instanceof RemoteFault) return [];
    throw fault;
  }
}

/** A node came to nothing: what that means for the one above it. */
function finished(fork: Fork, node: Parent, failures: readonly Failure[], now: Instant, out: ForkOutput[]): void {
  if (node === undefined) return finalFailure(fork, failures, out);
  if (node.type === 'watch') return finished(fork, node.parent, failures, now, out);
  if (node.type === 'after') {
    if (fork.state !== 'open') return finished(fork, node.parent, failures, now, out);
    node.failure = bestOf(failures);
    node.answerBy = now + fork.options.thinkMs;
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

function finalFailure(fork: Fork, failures: readonly Failure[], out: ForkOutput[]): void {
  if (fork.state !== 'final') {
    fork.state = 'final';
    const best = bestOf(failures);
    if (best.response !== undefined) out.push({ type: 'respond', response: best.response });
    else out.push({ type: 'reply', status: fork.cancelled === 'yes' ? 487 : best.status });
  }
  endIfDone(fork, out);
}

/** Starts nothing any more and gives up what lives. */
function close(fork: Fork, now: Instant, out: ForkOutput[]): void {
  if (fork.state === 'open') fork.state = 'closing';
  for (const leaf of fork.leaves) cancelLeaf(fork, leaf, now, out);
}

function cancelLeaf(fork: Fork, leaf: Leaf, now: Instant, out: ForkOutput[]): void {
  if (leaf.state === 'done' || leaf.state === 'cancelling' || fork.options.method !== 'INVITE') return;
  leaf.state = 'cancelling';
  leaf.timerCAt = now + fork.options.patienceMs;
  leaf.ringUntil = Number.POSITIVE_INFINITY;
  out.push({ type: 'cancel', branch: leaf.number });
}

function endIfDone(fork: Fork, out: ForkOutput[]): void {
  if (fork.state !== 'final' || fork.ended === 'yes' || fork.leaves.some((leaf) => leaf.state !== 'done')) return;
  fork.ended = 'yes';
  out.push({ type: 'ended' });
}

/** The response as the watchers above the branch want it. One that throws wants nothing. */
function watched(leaf: Leaf, response: Response, out: ForkOutput[]): Response {
  let seen = response;
  for (let node: Parent = leaf.parent; node !== undefined; node = node.parent) {
    if (node.type !== 'watch') continue;
    try {
      seen = node.onResponse(seen);
    } catch (error) {
      out.push({ type: 'fault', error });
    }
  }
  return seen;
}

const isPlan = (answer: Plan | Reply): answer is Plan =>
  answer.type === 'try' ||
  answer.type === 'all' ||
  answer.type === 'each' ||
  answer.type === 'after' ||
  answer.type === 'watch';
