import { contact } from '../message/headers/index.ts';
import type { Response } from '../message/message.ts';
import { readAll } from '../message/read.ts';
import { RemoteFault } from '../text/faults.ts';
import type { Instant } from '../text/time.ts';
import { isSips } from '../uri/scheme.ts';
import type { Fork, ForkOutput, Leaf, Parent } from './fork-state.ts';
import { begin, cancelLeaf, close, endIfDone, finalFailure, finished } from './fork-walk.ts';
import { each, type Failure, type Instead, type OnResponse, type Plan, ring } from './plan.ts';
import type { Reply } from './reply.ts';

export { createFork, type Fork, type ForkOptions, type ForkOutput } from './fork-state.ts';

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
  const node = fork.questions?.[question];
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
  for (const [question, node] of fork.questions?.entries() ?? [])
    if (node.failure !== undefined && node.answerBy <= now) answered(fork, question, undefined, now, out);
}

export function forkDueAt(fork: Fork): Instant {
  let at = Number.POSITIVE_INFINITY;
  for (const leaf of fork.leaves) if (leaf.state !== 'done') at = Math.min(at, leaf.timerCAt, leaf.ringUntil);
  if (fork.state === 'final') return at;
  for (const node of fork.questions ?? []) if (node.failure !== undefined) at = Math.min(at, node.answerBy);
  return at;
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
 * are all known already says nothing more (§16.7 step 4). False when the 3xx itself is the result: also where a contact changes
 * between sip: and sips:, which the caller has to want (RFC 5630 §5.3).
 */
function redirected(fork: Fork, leaf: Leaf, response: Response, now: Instant, out: ForkOutput[]): boolean {
  const contacts = contactsOf(response);
  if (contacts.length === 0 || contacts.some(({ uri }) => isSips(uri) !== isSips(leaf.target.uri))) return false;
  const fresh = contacts.filter(({ uri }) => !isKnown(fork, uri)).sort((a, b) => b.q - a.q);
  fork.redirections = [...(fork.redirections ?? []), ...fresh.map(({ uri }) => uri)];
  if (fresh.length === 0) finished(fork, leaf.parent, [], now, out);
  else begin(fork, each(...fresh.map(({ uri }) => ring(uri))), leaf.parent, leaf.breadth, now, out);
  return true;
}

const isKnown = (fork: Fork, uri: string): boolean =>
  fork.leaves.some((leaf) => leaf.target.uri === uri) || fork.redirections?.includes(uri) === true;

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

/** Who watches what comes on a branch, in the order in which they see it. */
export function watchersOf(fork: Fork, branch: number): readonly OnResponse[] {
  const out: OnResponse[] = [];
  for (let node: Parent = fork.leaves[branch]?.parent; node !== undefined; node = node.parent)
    if (node.type === 'watch') out.push(node.onResponse);
  return out;
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
