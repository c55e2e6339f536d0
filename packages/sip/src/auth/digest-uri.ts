import { isDigit, isHex } from '../text/chars.ts';

/**
 * How near the `uri` of credentials is to the Request-URI that came with them:
 * `same`: the same text;
 * `similar`: the same user at the same host; scheme (sip, sips), port, password, parameters and headers may differ;
 * `sameUser`: the same user at another host, as when a proxy put in a contact or turned `tel:` into `sip:`;
 * `different`: anything else.
 */
export type UriNearness = 'same' | 'similar' | 'sameUser' | 'different';

/**
 * Compares the `uri` of credentials with the Request-URI. They may differ, because proxies rewrite the Request-URI on its
 * way (RFC 3261 §22.4 item 6, RFC 8760 §2.6 item 6). Users are compared with escapes undone, telephone numbers without
 * visual separators, hosts in any case of letters. LENIENT: phones that leave port or parameters out of the digest's URI.
 */
export function uriNearness(digestUri: string, requestUri: string): UriNearness {
  if (digestUri === requestUri) return 'same';
  const a = targetOf(digestUri);
  const b = targetOf(requestUri);
  if (a === undefined || b === undefined) return 'different';
  if (a.user === b.user && a.host === b.host) return 'similar';
  return a.user !== '' && sameUser(a, b) ? 'sameUser' : 'different';
}

/** True when `nearness` is at least as near as `wanted`. */
export const isNearEnough = (nearness: UriNearness, wanted: UriNearness): boolean =>
  ORDER.indexOf(nearness) <= ORDER.indexOf(wanted);

interface Target {
  /** '' where the URI has none. */
  readonly user: string;
  /** '' for telephone numbers, which have none. */
  readonly host: string;
}

/** A number may be compared with its other spelling only where one of the two is a `tel:` URI. */
function sameUser(a: Target, b: Target): boolean {
  if (a.user === b.user) return true;
  return (a.host === '' || b.host === '') && numberOf(a.user) === numberOf(b.user);
}

function targetOf(uri: string): Target | undefined {
  const colon = uri.indexOf(':');
  const scheme = uri.slice(0, Math.max(colon, 0)).toLowerCase();
  if (scheme === 'tel') return { user: numberOf(upTo(uri, colon + 1, ';?')), host: '' };
  if (scheme !== 'sip' && scheme !== 'sips') return undefined;
  const at = uri.indexOf('@', colon);
  const user = at < 0 ? '' : unescaped(upTo(uri.slice(0, at), colon + 1, ':'));
  const hostAt = at < 0 ? colon + 1 : at + 1;
  const bracket = uri.charAt(hostAt) === '[' ? uri.indexOf(']', hostAt) : hostAt;
  const host = bracket < 0 ? '' : uri.slice(hostAt, bracket) + upTo(uri, bracket, ':;?');
  return host === '' ? undefined : { user, host: host.toLowerCase() };
}

function upTo(text: string, start: number, stops: string): string {
  let end = text.length;
  for (const stop of stops) {
    const at = text.indexOf(stop, start);
    if (at >= 0 && at < end) end = at;
  }
  return text.slice(start, end);
}

/** Escapes undone; the bytes stay characters, which is enough to compare. */
function unescaped(text: string): string {
  if (!text.includes('%')) return text;
  let out = '';
  for (let i = 0; i < text.length; i += 1) {
    const isEscape = text.charAt(i) === '%' && isHex(text.charCodeAt(i + 1)) && isHex(text.charCodeAt(i + 2));
    out += isEscape ? String.fromCharCode(Number.parseInt(text.slice(i + 1, i + 3), 16)) : text.charAt(i);
    if (isEscape) i += 2;
  }
  return out;
}

/** A telephone number without the visual separators of RFC 3966 §5.1.1; any other text as it is. */
function numberOf(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charAt(i);
    if (SEPARATORS.includes(c)) continue;
    if (!isDigit(text.charCodeAt(i)) && !(c === '+' && out === '')) return text;
    out += c;
  }
  return out;
}

const SEPARATORS = '-.()';
const ORDER: readonly UriNearness[] = ['same', 'similar', 'sameUser', 'different'];
