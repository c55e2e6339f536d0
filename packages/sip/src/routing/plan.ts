import type { Request, Response } from '../message/message.ts';
import type { Flow } from '../uri/transport.ts';
import type { Reply } from './reply.ts';

/** One place to send a request to: a leaf of a plan (RFC 3261 §16.5, §16.6). */
export interface Target {
  /** The new Request-URI. */
  readonly uri: string;
  /** URIs to put in front of Route, in order: the Path of a binding (RFC 3327 §5.3). */
  readonly route?: readonly string[];
  /** The flow to send on, whatever the URI says: where the phone registered from (RFC 5626 §5.3). */
  readonly flow?: Flow;
  /** Set where nothing but the flow leads there: when it is gone, this branch has failed with 430 (RFC 5626 §5.3.1). */
  readonly elsewhere?: 'nowhere';
  /** Set where the request goes over TLS or not at all, whatever its Request-URI says (RFC 5630 §5.3). */
  readonly security?: 'required';
  /** Preference in thousandths, 0 to 1000; where it is absent 1000 (RFC 3261 §20.10). */
  readonly q?: number;
  /** How long this branch may ring before it counts as failed with 408; Timer C bounds it in any case. */
  readonly seconds?: number;
  /** Changes only this branch's copy of the request, before Via and Record-Route are added. */
  readonly edit?: (request: Request) => Request;
}

/**
 * Forking as data: leaves are tried, `all` rings together, `each` goes on to the next when one fails (RFC 3261 §16.6);
 * `after` asks what to do when its plan has failed; `watch` sees and may change what its plan sends back.
 */
export type Plan =
  | { readonly type: 'try'; readonly target: Target }
  | { readonly type: 'all' | 'each'; readonly of: readonly Plan[] }
  | { readonly type: 'after'; readonly plan: Plan; readonly onFailure: AfterFailure }
  | { readonly type: 'watch'; readonly plan: Plan; readonly onResponse: OnResponse };

/** The best failure of a plan: the response, or what stands for one where none came. */
export interface Failure {
  readonly status: number;
  readonly response: Response | undefined;
}

/** What shall happen instead: another plan, an answer, or `undefined` to let the failure pass. */
export type AfterFailure = (failure: Failure) => Instead | Promise<Instead>;
export type Instead = Plan | Reply | undefined;
/** The response that shall go on instead of the one that came. */
export type OnResponse = (response: Response) => Response;

export const ring = (uri: string, options: Omit<Target, 'uri'> = {}): Plan => ({
  type: 'try',
  target: { uri, ...options },
});
export const all = (...of: readonly Plan[]): Plan => ({ type: 'all', of });
export const each = (...of: readonly Plan[]): Plan => ({ type: 'each', of });
export const after = (plan: Plan, onFailure: AfterFailure): Plan => ({ type: 'after', plan, onFailure });
export const watch = (plan: Plan, onResponse: OnResponse): Plan => ({ type: 'watch', plan, onResponse });
