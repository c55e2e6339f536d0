import type { Request, Response } from '@strowger/sip/message';
import { type Decision, type Target, watch } from '@strowger/sip/routing';
import { withoutCredentialsFor } from './consumed-credentials.ts';
import {
  borderOf,
  type NextHop,
  nextHopOf,
  planAtBorder,
  privacyRefusal,
  type Sender,
  withAssertions,
} from './trust-border.ts';

export interface LeavingPorts {
  readonly domains: readonly string[];
  readonly isTrusted: (host: string) => boolean;
  /** Sees each response on its way back. */
  readonly passBack: (response: Response) => Response;
}

/** What was found out about a request. */
export interface Leaver {
  readonly sender: Sender;
  /** Whether the request is for users of ours. */
  readonly users: 'ours' | 'others';
}

/** A decision about a request as it leaves: what goes on carries no proof that was meant for us, whoever decided it. */
export function leaving(
  decision: Decision,
  received: Request,
  { sender, users }: Leaver,
  ports: LeavingPorts,
): Decision {
  if (decision.type !== 'forward' && decision.type !== 'stateless') return decision;
  const bordered = borderOf(withoutCredentialsFor(decision.request ?? received, ports.domains), sender);
  const { request } = bordered;
  const hopOf = (target: Target): NextHop => nextHopOf(target, request, users, ports.isTrusted);
  if (decision.type === 'stateless')
    return {
      type: 'stateless',
      target: decision.target,
      request: withAssertions(request, bordered.linesFor(hopOf(decision.target))),
      options: decision.options,
    };
  const refusal = privacyRefusal(request, sender);
  if (refusal !== undefined) return refusal;
  const plan = watch(planAtBorder(decision.plan, bordered, hopOf), ports.passBack);
  return { type: 'forward', plan, request, options: decision.options };
}
