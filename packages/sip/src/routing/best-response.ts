import { edit } from '../message/edit.ts';
import type { Response } from '../message/message.ts';
import type { Failure } from './plan.ts';

/**
 * The response to send on when every branch has failed (RFC 3261 §16.7 step 6): any 6xx, else the lowest class; within 4xx
 * those that tell the caller what to do differently. A 503 is not passed on as it is, since it speaks of one branch only.
 */
export function bestOf(failures: readonly Failure[]): Failure {
  let best: Failure | undefined;
  for (const failure of failures)
    if (best === undefined || rankOf(failure.status) < rankOf(best.status)) best = failure;
  if (best === undefined) return { status: 480, response: undefined };
  if (best.status === 503) return { status: 500, response: undefined };
  if (best.status !== 401 && best.status !== 407) return best;
  return best.response === undefined
    ? best
    : { status: best.status, response: withAllChallenges(best.response, failures) };
}

/** RFC 3261 §16.7 step 7: the challenges of every branch go on together, so that one answer can satisfy all. */
function withAllChallenges(best: Response, failures: readonly Failure[]): Response {
  const merged = edit(best);
  for (const { response } of failures) {
    if (response === undefined || response === best || (response.status !== 401 && response.status !== 407)) continue;
    for (let i = 0; i < response.content.count; i += 1) {
      const name = response.content.nameAt(i);
      if (CHALLENGES.has(name.toLowerCase())) merged.appendLine(name, response.content.valueAt(i));
    }
  }
  return merged.response(best.status, best.reason);
}

/** Smaller is better. */
function rankOf(status: number): number {
  if (status >= 600) return 0;
  const preferred = PREFERRED.indexOf(status);
  if (preferred >= 0) return 400 + preferred / 100;
  if (status === 503) return 700; // anything else says more
  return Math.floor(status / 100) * 100 + 50 + (status === 408 ? 2 : status === 487 ? 1 : 0);
}

/** RFC 3261 §16.7 step 6: these "provide information affecting resubmission". */
const PREFERRED: readonly number[] = [401, 407, 415, 420, 484];
const CHALLENGES: ReadonlySet<string> = new Set(['www-authenticate', 'proxy-authenticate']);
