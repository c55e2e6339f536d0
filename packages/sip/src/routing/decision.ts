import type { Request } from '../message/message.ts';
import type { Instant, UnixMs } from '../text/time.ts';
import type { Flow } from '../uri/transport.ts';
import type { Plan, Target } from './plan.ts';
import type { Reply } from './reply.ts';

/** What shall happen to a request. A handler says it; the engine does it. */
export type Decision =
  /** Answer it here, as its user agent server. */
  | Reply
  /** Proxy it, keeping state (RFC 3261 §16). `request` is what to forward where it differs from what came (§16.4). */
  | { readonly type: 'forward'; readonly plan: Plan; readonly request?: Request; readonly options: ForwardOptions }
  /** Proxy it without keeping state (RFC 3261 §16.11). */
  | {
      readonly type: 'stateless';
      readonly target: Target;
      readonly request?: Request;
      readonly options: ForwardOptions;
    }
  /** Do nothing: a request that is not to be answered. */
  | { readonly type: 'drop'; readonly why: string }
  /** Not mine: the next handler decides. */
  | { readonly type: 'pass' };

export interface ForwardOptions {
  /** Whether to stay in the path of the dialog (RFC 3261 §16.6 step 4). */
  readonly recordRoute: 'yes' | 'no';
  /** Timer C in milliseconds; more than three minutes (RFC 3261 §16.6 step 11). */
  readonly timerCMs: number;
  /** Whether to try the contacts of a 3xx (RFC 3261 §16.5). */
  readonly recurse: 'yes' | 'no';
}

export const pass: Decision = { type: 'pass' };
export const drop = (why: string): Decision => ({ type: 'drop', why });

/** What a handler is told. */
export interface Context {
  readonly request: Request;
  /** Where it came in and from whom. */
  readonly flow: Flow;
  readonly now: Instant;
  readonly unix: UnixMs;
  /** Aborted when the request is cancelled or its transaction ends before the decision. */
  readonly signal: AbortSignal;
}

export type Handler = (ctx: Context) => Decision | Promise<Decision>;
