import type { Instant } from '../text/time.ts';
import type { DeadTargets } from './dead-targets.ts';
import type { Goal } from './goal.ts';
import { Inquiry, type TraceLine } from './inquiry.ts';
import { type Locating, type LocatingFacts, locate } from './locate.ts';
import type { Reason } from './reason.ts';
import type { Resolver } from './records.ts';
import type { ResolvedTarget } from './target.ts';

export type Found =
  | { readonly type: 'target'; readonly target: ResolvedTarget }
  /** There is no further one; the reasons say why there were not more. */
  | { readonly type: 'none'; readonly reasons: readonly Reason[] };

export interface TargetSearchOptions extends LocatingFacts {
  readonly resolver: Resolver;
  readonly dead: DeadTargets;
  /** Where the story of the search is written. */
  readonly trace?: TraceLine[];
}

/**
 * The places to try for one request or response, one after the other (RFC 3263 §4.3). Those that failed of late come
 * last, but they come: the only server of a domain is tried even when it was dead a moment ago.
 *
 * DEVIATION(RFC 7339 §5.9): so nothing is kept back from a server that has failed again and again where there is no other
 * one. A call that may get through is worth more than the datagrams that it takes, and one that is refused is tried again.
 */
export class TargetSearch {
  readonly #resolver: Resolver;
  readonly #dead: DeadTargets;
  readonly #inquiry: Inquiry;
  readonly #steps: Locating;
  readonly #late: ResolvedTarget[] = [];
  #reasons: readonly Reason[] | undefined;

  constructor(goal: Goal, { resolver, dead, trace, ...facts }: TargetSearchOptions) {
    this.#resolver = resolver;
    this.#dead = dead;
    this.#inquiry = new Inquiry(trace);
    this.#steps = locate(goal, facts, this.#inquiry);
  }

  /** The next place to try. A promise must be waited for before this is called again. */
  next(now: Instant): Found | Promise<Found> {
    while (this.#reasons === undefined) {
      const step = this.#steps.next();
      if (step.done === true) this.#reasons = step.value;
      else if (step.value.type === 'ask') {
        const waiting = this.#inquiry.fill(step.value.questions, this.#resolver);
        if (waiting !== undefined) return waiting.then(() => this.next(now));
      } else if (this.#dead.isResting(step.value.target, now)) this.#late.push(step.value.target);
      else return step.value;
    }
    const target = this.#late.shift();
    return target === undefined ? { type: 'none', reasons: this.#reasons } : { type: 'target', target };
  }
}
