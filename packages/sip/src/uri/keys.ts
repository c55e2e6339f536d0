import { canonicalHeaders, canonicalNames, canonicalParam, otherText } from './equality.ts';
import { canonicalEscapes, canonicalUser } from './escape.ts';
import { canonicalHost } from './host.ts';
import type { SipUri } from './sip.ts';
import { canonicalTel } from './tel.ts';
import type { Uri } from './uri.ts';
import { canonicalUrn } from './urn.ts';

/**
 * A text that stands for a contact in a map of bindings (RFC 3261 §10.3 step 7).
 *
 * Equal keys: the URIs are equal by RFC 3261 §19.1.4. Unequal keys: the URIs are unequal, but for one case. §19.1.4 ignores
 * most parameters that stand in one URI only, so that its equality is not transitive (`;security=on` and `;security=off` both
 * equal the URI without it) and no key can follow it. Here every parameter takes part: two phones behind one address that
 * differ in `;line=…` never share a binding, and a phone that adds a parameter to its contact makes a second binding, which
 * ends by its time. A caller that wants the pairwise rule compares with `sameUri`.
 */
export function contactKey(uri: Uri): string {
  if (uri.type === 'sip') return sipKey(uri);
  if (uri.type === 'tel') return canonicalTel(uri);
  return uri.type === 'urn' ? canonicalUrn(uri) : otherText(uri.text);
}

/**
 * The canonical address-of-record that users and bindings are found by (RFC 3261 §10.3 step 5): sips: counts as sip:, escapes
 * that are not needed are undone, the host is in lower case; port, password, parameters and headers are dropped. It is a
 * URI. A tel: URI stays one, in the canonical form of RFC 3966 §4.
 */
export function aorKey(uri: Uri): string {
  if (uri.type !== 'sip') return contactKey(uri);
  const user = uri.user === undefined ? '' : `${canonicalUser(uri.user)}@`;
  return `sip:${user}${canonicalHost(uri.host)}`;
}

function sipKey(uri: SipUri): string {
  const scheme = uri.secure ? 'sips' : 'sip';
  const password = uri.password === undefined ? '' : `:${canonicalEscapes(uri.password)}`;
  const user = uri.user === undefined ? '' : `${canonicalEscapes(uri.user)}${password}@`;
  const port = uri.port === undefined ? '' : `:${uri.port}`;
  const headers = uri.headers === '' ? '' : `?${canonicalHeaders(uri.headers)}`;
  return `${scheme}:${user}${canonicalHost(uri.host)}${port}${canonicalParams(uri)}${headers}`;
}

function canonicalParams(uri: SipUri): string {
  if (uri.params.text === '') return '';
  const pieces = canonicalNames(uri.params).map(([name, value]) => {
    const canonical = name === 'maddr' ? canonicalHost(value) : canonicalParam(name, value);
    return canonical === '' ? `;${name}` : `;${name}=${canonical}`;
  });
  return pieces.sort().join('');
}
