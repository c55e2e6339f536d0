import type { Response } from '../message/message.ts';
import type { Instant } from '../text/time.ts';
import type { AfterFailure, Failure, Plan, Target } from './plan.ts';
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
  /** Made with the first. */
  questions: AfterNode[] | undefined;
  /** Contacts of redirections that are tried or will be: nothing is sent there again (§16.5). Made with the first. */
  redirections: string[] | undefined;
  /** `open` may start branches; `closing` waits for those that live; `final` has sent its final response upstream. */
  state: 'open' | 'closing' | 'final';
  cancelled: 'yes' | 'no';
  ended: 'yes' | 'no';
}

export interface Leaf {
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
export interface GroupNode {
  readonly type: 'all' | 'each';
  readonly parent: Parent;
  readonly of: readonly Plan[];
  readonly breadth: number;
  next: number;
  living: number;
  readonly failures: Failure[];
}
export interface AfterNode {
  readonly type: 'after';
  readonly parent: Parent;
  readonly breadth: number;
  readonly onFailure: AfterFailure;
  /** What the handler is asked about; `undefined` while it is not asked. */
  failure: Failure | undefined;
  answerBy: Instant;
}
export interface WatchNode {
  readonly type: 'watch';
  readonly parent: Parent;
  readonly onResponse: (response: Response) => Response;
}
export type Parent = GroupNode | AfterNode | WatchNode | undefined;

export const createFork = (options: ForkOptions): Fork => ({
  options,
  leaves: [],
  questions: undefined,
  redirections: undefined,
  state: 'open',
  cancelled: 'no',
  ended: 'no',
});
