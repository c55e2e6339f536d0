import { isAlpha, isDigit } from '../text/chars.ts';
import { SyntaxFault } from '../text/faults.ts';
import { canonicalEscapes, scanEscape } from './escape.ts';

/** A urn: URI (RFC 2141): a name in a namespace, such as `urn:service:sos` or `urn:uuid:…`. */
export interface UrnUri {
  readonly type: 'urn';
  /** In lower case: `service`, `uuid`, `gsma` … */
  readonly namespace: string;
  /** What follows the namespace, as it stands. */
  readonly specific: string;
  readonly text: string;
}

/** Reads from behind the colon of the scheme. @throws SyntaxFault */
export function parseUrn(text: string, start: number): UrnUri {
  const colon = text.indexOf(':', start);
  const namespace = colon < 0 ? '' : text.slice(start, colon).toLowerCase();
  if (!/^[a-z0-9][a-z0-9-]{1,31}$/.test(namespace)) throw new SyntaxFault(start, 'the namespace of a URN');
  const specific = text.slice(colon + 1);
  if (specific === '') throw new SyntaxFault(colon + 1, 'a name in the namespace');
  checkSpecific(text, colon + 1);
  if (namespace === 'service') checkService(specific, colon + 1);
  return { type: 'urn', namespace, specific, text };
}

/** The service that a `urn:service:` names, as `sos.fire`, in lower case; `undefined` for other URNs (RFC 5031 §3). */
export const serviceOf = (uri: UrnUri): string | undefined =>
  uri.namespace === 'service' ? uri.specific.toLowerCase() : undefined;

/**
 * One text for all URNs that are equal: namespaces without regard to case, names by their characters (RFC 2141 §5), but
 * services and UUIDs without regard to case (RFC 5031 §3, RFC 4122 §3).
 */
export function canonicalUrn(uri: UrnUri): string {
  const name = canonicalEscapes(uri.specific);
  return `urn:${uri.namespace}:${FOLDED.has(uri.namespace) ? name.toLowerCase() : name}`;
}

function checkSpecific(s: string, start: number): void {
  for (let p = start; p < s.length; ) {
    const c = s.charCodeAt(p);
    if (c === 37) p = scanEscape(s, p);
    else if (isAlpha(c) || isDigit(c) || OTHERS.includes(s.charAt(p))) p += 1;
    else throw new SyntaxFault(p, 'a character of a URN');
  }
}

/** service = top-level *("." sub-service), each of letters, digits and inner hyphens; the first of at most 27 (RFC 5031 §3). */
function checkService(specific: string, at: number): void {
  for (const [i, label] of specific.split('.').entries())
    if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(label) || (i === 0 && label.length > 27))
      throw new SyntaxFault(at, 'a service such as "sos.fire"');
}

const OTHERS = "()+,-.:=@;$_!*'/?#~&";
const FOLDED: ReadonlySet<string> = new Set(['service', 'uuid']);
