import { edit, has, line, proxyAuthorization, type Request } from '@strowger/sip/message';
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
