import type { Params } from '../text/params.ts';
import { canonicalEscapes } from './escape.ts';
import { sameHost } from './host.ts';
import type { SipUri } from './sip.ts';
import { canonicalTel } from './tel.ts';
import type { Uri } from './uri.ts';
import { canonicalUrn } from './urn.ts';

/**
 * Whether two URIs are equal by the rules of their scheme: RFC 3261 §19.1.4 with RFC 5954 §4.2 for sip: and sips:, RFC 3966
 * §4 for tel:, RFC 2141 §5 for urn:; others by their text. URIs of two schemes are never equal. Not transitive for sip:, see
 * `contactKey`.
 */
export function sameUri(a: Uri, b: Uri): boolean {
  if (a.text === b.text) return true;
  if (a.type === 'sip') return b.type === 'sip' && sameSipUri(a, b);
  if (a.type === 'tel') return b.type === 'tel' && canonicalTel(a) === canonicalTel(b);
  if (a.type === 'urn') return b.type === 'urn' && canonicalUrn(a) === canonicalUrn(b);
  return b.type === 'other' && otherText(a.text) === otherText(b.text);
}

/** A parameter's value in the form that is compared: without regard to case, but methods are compared with it (§7.1). */
export function canonicalParam(name: string, value: string): string {
  const canonical = canonicalEscapes(value);
  return name === 'method' ? canonical : canonical.toLowerCase();
}

/** Parameters by names whose escapes are undone, in lower case (RFC 3261 §19.1.4). */
export const canonicalNames = (params: Params): readonly (readonly [name: string, value: string])[] =>
  params.text.includes('%')
    ? params.entries().map(([name, value]) => [canonicalEscapes(name).toLowerCase(), value] as const)
    : params.entries();

/**
 * The headers of a URI in an order and a form that can be compared. Names are compared without regard to case, values with
 * it: the rules of every header field are not known here, and an unequal verdict is the harmless mistake.
 */
export const canonicalHeaders = (headers: string): string => headers.split('&').map(canonicalHeader).sort().join('&');

/** A scheme does not regard case. */
export const otherText = (text: string): string =>
  text.slice(0, text.indexOf(':')).toLowerCase() + text.slice(text.indexOf(':'));

function sameSipUri(a: SipUri, b: SipUri): boolean {
  return (
    a.secure === b.secure &&
    a.port === b.port &&
    samePart(a.user, b.user) &&
    samePart(a.password, b.password) &&
    sameHost(a.host, b.host) &&
    sameParams(a, b) &&
    (a.headers === b.headers || canonicalHeaders(a.headers) === canonicalHeaders(b.headers))
  );
}

const samePart = (a: string | undefined, b: string | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && canonicalEscapes(a) === canonicalEscapes(b));

/** Parameters of both must match; of those in one URI only, most are ignored. */
function sameParams(a: SipUri, b: SipUri): boolean {
  if (a.params.text === b.params.text) return true;
  const [inA, inB] = [new Map(canonicalNames(a.params)), new Map(canonicalNames(b.params))];
  for (const [name, value] of inA) {
    const other = inB.get(name);
    if (other === undefined ? NEVER_IGNORED.has(name) : !sameValue(name, value, other)) return false;
  }
  for (const name of inB.keys()) if (!inA.has(name) && NEVER_IGNORED.has(name)) return false;
  return true;
}

const sameValue = (name: string, a: string, b: string): boolean =>
  a === b || (name === 'maddr' ? sameHost(a, b) : canonicalParam(name, a) === canonicalParam(name, b));

function canonicalHeader(header: string): string {
  const equals = header.indexOf('=');
  return `${canonicalEscapes(header.slice(0, equals)).toLowerCase()}=${canonicalEscapes(header.slice(equals + 1))}`;
}

/** In one URI only they make it another one: they have defaults, which do not stand for a missing value (RFC 3261 §19.1.4). */
const NEVER_IGNORED: ReadonlySet<string> = new Set(['user', 'ttl', 'method', 'maddr', 'transport']);
