import type { Instant } from '../text/time.ts';
import { inviteServer } from './invite-server.ts';
import type { Machine, Timing } from './machine.ts';
import { TERMINATED } from './machine.ts';

/**
 * What the rules say about a response: `send` it; `early`: not now, but later it may be sent; `late`: the client has given up;
 * `never`: no response of this status to this kind of request.
 */
export type Verdict = 'send' | 'early' | 'late' | 'never';

/**
 * Whether a server transaction may give this response now, to a request that arrived at `since` (RFC 4320 §4). Non-INVITE
 * requests are answered finally or with a 100; over unreliable transports that 100 must not come before the client's Timer E
 * has reached T2, or it would slow down the repair of a lost final response; a 408 tells the client nothing that it does not
 * know; and an answer after the client's Timer F is one to nobody.
 */
export function mayRespond(machine: Machine, status: number, since: Instant, now: Instant): Verdict {
  if (machine.state === TERMINATED) return 'late';
  if (machine.table === inviteServer) return 'send';
  if (status === 408 || (status > 100 && status < 200)) return 'never';
  if (now >= answerableUntil(machine, since)) return 'late';
  return status === 100 && !machine.reliable && now < since + tryingAfterMs(machine.timing) ? 'early' : 'send';
}

/**
 * How long after the arrival of a non-INVITE request a 100 must be sent if nothing was answered yet, over any transport: the
 * time it takes until a client's Timer E is set to T2 (RFC 4320 §4.1); 3.5 s by default.
 */
export function tryingAfterMs({ t1, t2 }: Timing): number {
  let elapsed = 0;
  for (let interval = t1; interval < t2; interval = Math.min(interval * 2, t2)) elapsed += interval;
  return elapsed;
}

/**
 * When the client of a non-INVITE request that arrived at `since` has given up (Timer F, RFC 3261 §17.1.2.2): whoever has not
 * answered by then does not answer any more and ends the transaction (RFC 4320 §4.2). `Infinity` for an INVITE.
 */
export const answerableUntil = (machine: Machine, since: Instant): Instant =>
  machine.table === inviteServer ? Number.POSITIVE_INFINITY : since + 64 * machine.timing.t1;
