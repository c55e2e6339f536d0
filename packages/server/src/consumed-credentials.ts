import {
  edit,
  has,
  type Line,
  line,
  proxyAuthenticate,
  proxyAuthorization,
  type Request,
  type Response,
  wwwAuthenticate,
} from '@strowger/sip/message';
import { paramOf, parseAuthValue } from '@strowger/sip/text';

/**
 * The request without the credentials that were meant for a proxy of one of these realms (RFC 3261 §22.3; RFC 3665 §3.3 shows
 * it). Whoever comes next has no use for them but to guess the password. Those of other realms stay as they are.
 */
export function withoutCredentialsFor(request: Request, realms: readonly string[]): Request {
  if (!has(request, proxyAuthorization)) return request;
  const { content } = request;
  const others: string[] = [];
  let count = 0;
  for (let i = content.find(proxyAuthorization); i >= 0; i = content.find(proxyAuthorization, i + 1)) {
    count += 1;
    const value = content.valueAt(i);
    const read = parseAuthValue(value);
    if ('fault' in read || !realms.includes(paramOf(read, 'realm') ?? '')) others.push(value);
  }
  if (others.length === count) return request;
  const copy = edit(request).remove(proxyAuthorization);
  for (const value of others) copy.add(line(proxyAuthorization.name, value));
  return copy.request(request.method, request.uri);
}

/**
 * The response without challenges in the name of our own realms: nobody behind us may ask our users for proofs that are good
 * here. A 401 or 407 that says nothing else becomes 403.
 */
export function withoutOurChallenges(response: Response, realms: readonly string[]): Response {
  if (response.status !== 401 && response.status !== 407) return response;
  const { content } = response;
  const others: Line[] = [];
  let forged = 0;
  for (let i = 0; i < content.count; i += 1) {
    const name = content.nameAt(i);
    if (!CHALLENGES.has(name.toLowerCase())) continue;
    if (isOfOneOf(realms, content.valueAt(i))) forged += 1;
    else others.push(line(name, content.valueAt(i)));
  }
  if (forged === 0) return response;
  const copy = edit(response).remove(wwwAuthenticate).remove(proxyAuthenticate);
  for (const other of others) copy.add(other);
  return others.length === 0 ? copy.response(403, 'Forbidden') : copy.response(response.status, response.reason);
}

/** Whoever reads it, and however badly: a challenge that cannot be read, or that names several realms, counts for each of them. */
function isOfOneOf(realms: readonly string[], challenge: string): boolean {
  const read = parseAuthValue(challenge);
  if (!('fault' in read))
    return read.params.some(
      ({ name, value }) => name.toLowerCase() === 'realm' && realms.includes(value.toLowerCase()),
    );
  const text = challenge.replaceAll('\\', '').toLowerCase();
  return realms.some((realm) => text.includes(realm));
}

const CHALLENGES: ReadonlySet<string> = new Set(['www-authenticate', 'proxy-authenticate']);
