import type { Request } from '@strowger/sip/message';
import type { Decision, ForwardOptions, Plan } from '@strowger/sip/routing';

export interface Forwarding extends Partial<ForwardOptions> {
  /** What to pass on where it is not the request as it came. */
  readonly request?: Request;
}

/**
 * Passes a request on along a plan (RFC 3261 §16). What is not said otherwise is as in a server without a configuration: it
 * stays in the path of the dialog, Timer C is 200 seconds, and the contacts of a 3xx go back to the caller.
 */
export function forward(plan: Plan, { request, ...options }: Forwarding = {}): Decision {
  return { type: 'forward', plan, ...(request === undefined ? {} : { request }), options: { ...USUAL, ...options } };
}

const USUAL: ForwardOptions = { recordRoute: 'yes', timerCMs: 200_000, recurse: 'no' };
