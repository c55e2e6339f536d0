import { line } from '../../message/index.ts';
import { type Reply, reply } from '../../routing/index.ts';
import { bracketed, isEncrypted, isSips, type Scheme, withScheme } from '../../uri/index.ts';
import type { Reachable } from './plan.ts';

/**
 * Where a request with this scheme in its Request-URI may go (RFC 5630 §5.3): one with sips: to who registered with sips: and
 * over TLS only; one with sip: to everybody, but to who registered with sips: over TLS too, as sip:. A place that only a flow
 * without TLS leads to is none for sips:.
 */
export function placesFor<P extends Reachable>(scheme: Scheme, places: readonly P[]): readonly P[] {
  if (scheme === 'sip' && !places.some(({ contact }) => isSips(contact))) return places;
  return places.flatMap((place): P[] => {
    if (!isSips(place.contact)) return scheme === 'sip' ? [place] : [];
    if (isOnlyOpenFlow(place)) return [];
    return [{ ...place, contact: withScheme(place.contact, scheme), security: 'required' }];
  });
}

/** The answer where there are places, but none for this scheme; `host` is who warns (RFC 5630 §5.3). */
export function schemeRefusal(scheme: Scheme, host: string): Reply {
  const warning = scheme === 'sips' ? '380 HOST "SIPS Not Allowed"' : '381 HOST "SIPS Required"';
  return reply(480, undefined, [line('Warning', warning.replace('HOST', bracketed(host)))]);
}

const isOnlyOpenFlow = ({ path, reach, flow }: Reachable): boolean =>
  path.length === 0 && reach === 'flow' && !isEncrypted(flow.local.protocol);
