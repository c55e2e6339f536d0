import { isDigit, isHex } from '../text/chars.ts';
import { SyntaxFault } from '../text/faults.ts';
import { NO_PARAMS, Params } from '../text/params.ts';
import { canonicalEscapes, escapePart, scanEscape, unescapePart } from './escape.ts';
import { canonicalHost, isHost } from './host.ts';
import { SipUri } from './sip.ts';

/** A tel: URI (RFC 3966): a telephone number, global (`+…`) or valid in a context. */
export interface TelUri {
  readonly type: 'tel';
  /** True for a number that begins with "+". */
  readonly global: boolean;
  /** The number as it stands, visual separators included. */
  readonly number: string;
  /** The number without visual separators, in lower case: what is dialled. */
  readonly digits: string;
  /** `isub`, `ext`, `phone-context` and all others, as they stand. */
  readonly params: Params;
  readonly text: string;
}

/** Reads from behind the colon of the scheme. @throws SyntaxFault */
export function parseTelUri(text: string, start: number): TelUri {
  const global = text.charCodeAt(start) === 43;
  const end = scanNumber(text, start);
  const number = text.slice(start, end);
  checkParams(text, end);
  return {
    type: 'tel',
    global,
    number,
    digits: digitsOf(number),
    params: end === text.length ? NO_PARAMS : new Params(text.slice(end)),
    text,
  };
}

/**
 * One text for all tel: URIs that are equal by RFC 3966 §4: lower case, no visual separators, `isub` or `ext` first, then the
 * context, then the other parameters by name.
 */
export function canonicalTel(uri: TelUri): string {
  const params = uri.params.entries().map(([name, value]) => [name, canonicalParam(name, value)] as const);
  return `tel:${uri.digits}${inOrder(params)}`;
}

/** The telephone number in the user part of a SIP URI with `user=phone`; `undefined` where there is none (RFC 3261 §19.1.1). */
export function telOf(uri: SipUri): TelUri | undefined {
  if (uri.user === undefined || uri.params.get('user')?.toLowerCase() !== 'phone') return undefined;
  try {
    return parseTelUri(`tel:${uri.user.replace(/%23/g, '#')}`, 4);
  } catch (fault) {
    if (fault instanceof SyntaxFault) return undefined;
    throw fault;
  }
}

/** The SIP URI of a number at a gateway: parameters become part of the user, in lower case and in order (RFC 3261 §19.1.6). */
export function sipOfTel(uri: TelUri, host: string, port?: number): SipUri {
  const params = uri.params.entries().map(([name, value]) => [name, value.toLowerCase()] as const);
  const user = `${uri.number.toLowerCase()}${inOrder(params)}`;
  return new SipUri({
    secure: false,
    user: user
      .split(/(%[0-9a-f]{2})/)
      .map((piece, i) => (i % 2 === 1 ? piece : escapePart(piece, 'user')))
      .join(''),
    password: undefined,
    host,
    port,
    params: new Params(';user=phone'),
    headers: '',
  });
}

function scanNumber(s: string, start: number): number {
  const global = s.charCodeAt(start) === 43;
  let p = global ? start + 1 : start;
  let digits = 0;
  for (; p < s.length && s.charCodeAt(p) !== 59; p += 1) {
    const c = s.charCodeAt(p);
    if (isDigit(c) || (!global && (isHex(c) || c === 42 || c === 35))) digits += 1;
    else if (!isSeparator(c)) throw new SyntaxFault(p, 'a digit of a telephone number');
  }
  if (digits === 0) throw new SyntaxFault(start, 'a telephone number');
  return p;
}

/** LENIENT: emergency calls and gateways send local numbers without the `phone-context` that RFC 3966 §5.1.5 demands. */
function checkParams(s: string, start: number): void {
  const seen = new Set<string>();
  let p = start;
  while (p < s.length) {
    const nameAt = p + 1;
    p = nameAt;
    while (isNameChar(s.charCodeAt(p))) p += 1;
    const name = s.slice(nameAt, p).toLowerCase();
    if (name === '') throw new SyntaxFault(p, 'a parameter name');
    if (seen.has(name)) throw new SyntaxFault(nameAt, 'each parameter once');
    seen.add(name);
    if (s.charCodeAt(p) === 61) p = checkValue(s, name, p + 1);
    else if (VALUED.has(name)) throw new SyntaxFault(p, 'a value');
    if (p < s.length && s.charCodeAt(p) !== 59) throw new SyntaxFault(p, '";" or the end of the URI');
  }
  if (seen.has('isub') && seen.has('ext')) throw new SyntaxFault(start, 'either "isub" or "ext"');
}

function checkValue(s: string, name: string, start: number): number {
  let p = start;
  while (p < s.length && (isParamChar(s.charCodeAt(p)) || s.charCodeAt(p) === 37))
    p = s.charCodeAt(p) === 37 ? scanEscape(s, p) : p + 1;
  const value = s.slice(start, p);
  if (value === '') throw new SyntaxFault(p, 'a parameter value');
  if (name === 'ext' && !/^[-.()]*\d[-.()\d]*$/.test(value)) throw new SyntaxFault(start, 'digits');
  if (name === 'phone-context' && !/^\+[-.()]*\d[-.()\d]*$/.test(value) && !isHost(value))
    throw new SyntaxFault(start, 'a domain name or the digits of a global number');
  return p;
}

function canonicalParam(name: string, value: string): string {
  if (name === 'ext') return digitsOf(value);
  if (name === 'phone-context') return value.startsWith('+') ? digitsOf(value) : canonicalHost(value);
  return canonicalEscapes(value).toLowerCase();
}

function inOrder(params: readonly (readonly [name: string, value: string])[]): string {
  const rank = (name: string): string => `${FIRST.indexOf(name) < 0 ? FIRST.length : FIRST.indexOf(name)}${name}`;
  return params
    .toSorted(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
    .map(([name, value]) => (value === '' ? `;${name}` : `;${name}=${value}`))
    .join('');
}

const digitsOf = (number: string): string =>
  unescapePart(number)
    .replace(/[-.()]/g, '')
    .toLowerCase();
const isSeparator = (c: number): boolean => c === 45 || c === 46 || c === 40 || c === 41;
const isNameChar = (c: number): boolean => isDigit(c) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 45;
/** paramchar of RFC 3966 §3, and the reserved characters that a subaddress may have, but not the semicolon. */
const isParamChar = (c: number): boolean => c < 128 && PARAM_CHARS.includes(String.fromCharCode(c));

const PARAM_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()[]/:&+$?@=,";
/** Parameters that mean nothing without a value. */
const VALUED: ReadonlySet<string> = new Set(['isub', 'ext', 'phone-context']);
/** RFC 3966 §3, and `postd` of the older tel: URLs, which RFC 3261 §19.1.6 puts behind the subaddress. */
const FIRST: readonly string[] = ['isub', 'ext', 'postd', 'phone-context'];
