import { createHash } from 'node:crypto';

/** Credentials of a user for a challenge that a peer has heard, made for any URI. */
export function credentialsFor(challenge: string, user: string, method: string, uri: string): string {
  const value = (name: string): string => new RegExp(`${name}="?([^",]*)`, 'i').exec(challenge)?.[1] ?? '';
  const name = value('algorithm').toLowerCase().replace('-', '') || 'md5';
  const hash = (text: string): string => createHash(name).update(text).digest('hex');
  const [a1, a2] = [hash(`${user}:${value('realm')}:${user}`), hash(`${method}:${uri}`)];
  const response = hash(`${a1}:${value('nonce')}:00000001:c:auth:${a2}`);
  const fields = [`username="${user}"`, `realm="${value('realm')}"`, `nonce="${value('nonce')}"`, `uri="${uri}"`];
  return `Digest ${[...fields, `response="${response}"`, `algorithm=${value('algorithm') || 'MD5'}`, 'cnonce="c"', 'qop=auth', 'nc=00000001'].join(', ')}`;
}
