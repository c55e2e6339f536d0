import { isAlpha, isDigit, isToken, sameIgnoringCase } from './chars.ts';
import { SyntaxFault, UsageFault } from './faults.ts';
import { unquoted } from './params.ts';
import { Scanner } from './scanner.ts';

/** One `name=value` of a challenge, of credentials or of Authentication-Info (RFC 3261 §25.1 auth-param). */
export interface AuthParam {
  readonly name: string;
  /** Without quotation marks and escapes. */
  readonly value: string;
  /** True for a quoted string. */
  readonly quoted: boolean;
}

/**
 * One challenge or one set of credentials: what stands in a line of WWW-Authenticate, Proxy-Authenticate, Authorization or
 * Proxy-Authorization (RFC 3261 §25.1, RFC 7235 §2.1). A value has parameters or a `token68`, never both.
 */
export interface AuthValue {
  readonly scheme: string;
  readonly params: readonly AuthParam[];
  /** What Basic, Bearer and Negotiate carry in place of parameters. */
  readonly token68?: string;
}

/** A text that is not what it should be; `fault.at` is the offset where the grammar was left. */
export interface AuthFault {
  readonly fault: SyntaxFault;
}

/** Reads one value; folds of the header line must be spaces already. Never throws. */
export const parseAuthValue = (text: string): AuthValue | AuthFault => orFault(() => readValue(new Scanner(text)));

/** Reads the value of Authentication-Info: parameters without a scheme (RFC 3261 §25.1 ainfo). Never throws. */
export const parseAuthParams = (text: string): { readonly params: readonly AuthParam[] } | AuthFault =>
  orFault(() => ({ params: readParams(new Scanner(text)) }));

/**
 * The text of a value. Digest parameters are quoted as RFC 7616 §3.3 to §3.5 demand of a sender, whatever `quoted` says;
 * others as `quoted` says; and what is not a token is always quoted.
 * @throws UsageFault for a scheme or name that is no token, for a line break in a value, for a token68 beside parameters
 */
export function printAuthValue(value: AuthValue): string {
  if (!isToken(value.scheme)) throw new UsageFault('an authentication scheme must be a token');
  if (value.token68 === undefined) {
    if (value.params.length === 0) return value.scheme;
    const isDigest = sameIgnoringCase(value.scheme, 'Digest');
    return `${value.scheme} ${isDigest ? printAuthParams(value.params) : value.params.map(printParam).join(', ')}`;
  }
  if (value.params.length > 0) throw new UsageFault('an authentication value has parameters or a token68, not both');
  if (endOfToken68(value.token68, 0) !== value.token68.length || value.token68 === '')
    throw new UsageFault('a token68 has letters, digits and "-._~+/", then any number of "="');
  return `${value.scheme} ${value.token68}`;
}

/** The text of Digest parameters, such as the value of Authentication-Info. @throws UsageFault as `printAuthValue` */
export const printAuthParams = (params: readonly AuthParam[]): string =>
  params.map((param) => printParam({ ...param, quoted: digestQuotes(param) })).join(', ');

/** The value of the parameter with this name, in any case of letters; `undefined` where there is none. */
export function paramOf(value: Pick<AuthValue, 'params'>, name: string): string | undefined {
  for (const param of value.params) if (sameIgnoringCase(param.name, name)) return param.value;
  return undefined;
}

/** A parameter that is printed as a quoted string. */
export const quotedParam = (name: string, value: string): AuthParam => ({ name, value, quoted: true });
/** A parameter that is printed as a token, where it is one. */
export const bareParam = (name: string, value: string): AuthParam => ({ name, value, quoted: false });

function orFault<T>(read: () => T): T | AuthFault {
  try {
    return read();
  } catch (fault) {
    if (fault instanceof SyntaxFault) return { fault };
    throw fault;
  }
}

function readValue(s: Scanner): AuthValue {
  const scheme = s.blanks().token('an authentication scheme');
  const behind = s.pos;
  s.blanks();
  if (s.pos === behind && !s.done) throw new SyntaxFault(behind, 'white space behind the scheme');
  if (sameIgnoringCase(scheme, 'Digest')) return { scheme, params: readParams(s) };
  if (s.done) return { scheme, params: [] }; // RFC 7235 §2.1: a bare scheme, as Negotiate sends it
  const start = s.pos;
  s.pos = endOfToken68(s.text, start);
  const token68 = s.text.slice(start, s.pos);
  if (token68 !== '' && s.blanks().done) return { scheme, params: [], token68 };
  s.pos = start;
  return { scheme, params: readParams(s) };
}

function readParams(s: Scanner): readonly AuthParam[] {
  const params: AuthParam[] = [];
  for (;;) {
    while (s.took(',')); // LENIENT: senders that leave a comma at the end or two in a row (RFC 7235 §2.1 lets them)
    if (s.blanks().done) break;
    const start = s.pos;
    const name = s.token('a parameter name');
    if (paramOf({ params }, name) !== undefined) throw new SyntaxFault(start, `"${name}" only once`);
    if (params.length === MAX_PARAMS) throw new SyntaxFault(start, `at most ${MAX_PARAMS} parameters`);
    const isQuoted = s.mark('=').peek === QUOTE;
    params.push({ name, value: isQuoted ? readQuoted(s) : readBare(s), quoted: isQuoted });
    if (!s.blanks().done && s.peek !== COMMA) throw new SyntaxFault(s.pos, 'a comma or the end of the value');
  }
  if (params.length === 0) throw new SyntaxFault(s.pos, 'a parameter');
  return params;
}

/** quoted-string of RFC 3261 §25.1: no raw control characters but the tab, and no line break even behind a backslash. */
function readQuoted(s: Scanner): string {
  const start = s.pos;
  for (let p = start + 1; p < s.text.length; p += 1) {
    const c = s.text.charCodeAt(p);
    if (c === QUOTE) {
      s.pos = p + 1;
      return unquoted(s.text.slice(start, s.pos));
    }
    if (c === BACKSLASH) {
      p += 1;
      if (isLineBreak(s.text.charCodeAt(p))) throw new SyntaxFault(p, 'no line break in a quoted string');
    } else if (isControl(c)) throw new SyntaxFault(p, 'no control character in a quoted string');
  }
  throw new SyntaxFault(s.text.length, 'a closing quotation mark');
}

/** LENIENT: phones that leave the quotation marks off a URI, a realm with "@" or a base64 nonce. */
function readBare(s: Scanner): string {
  const start = s.pos;
  while (s.pos < s.text.length && isBareChar(s.text.charCodeAt(s.pos))) s.pos += 1;
  if (s.pos === start) throw new SyntaxFault(start, 'a parameter value');
  return s.text.slice(start, s.pos);
}

const isBareChar = (c: number): boolean => c > 32 && c !== 127 && c !== QUOTE && c !== COMMA && c !== BACKSLASH;

function printParam(param: AuthParam): string {
  if (!isToken(param.name)) throw new UsageFault('a parameter name must be a token');
  return `${param.name}=${param.quoted || !isToken(param.value) ? quotedString(param.value) : param.value}`;
}

function quotedString(value: string): string {
  let out = '"';
  for (let i = 0; i < value.length; i += 1) {
    const c = value.charCodeAt(i);
    if (isLineBreak(c)) throw new UsageFault('a parameter value must not have line breaks');
    if (c === QUOTE || c === BACKSLASH || isControl(c)) out += '\\';
    out += value.charAt(i);
  }
  return `${out}"`;
}

function digestQuotes(param: AuthParam): boolean {
  const name = param.name.toLowerCase();
  return QUOTED.has(name) || (param.quoted && !BARE.has(name));
}

/** token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" (RFC 7235 §2.1) */
function endOfToken68(text: string, start: number): number {
  let p = start;
  while (isToken68Char(text.charCodeAt(p))) p += 1;
  if (p > start) while (text.charCodeAt(p) === 61) p += 1;
  return p;
}

const isToken68Char = (c: number): boolean =>
  isAlpha(c) || isDigit(c) || c === 45 || c === 46 || c === 95 || c === 126 || c === 43 || c === 47;
const isLineBreak = (c: number): boolean => c === 10 || c === 13;
const isControl = (c: number): boolean => (c < 32 && c !== 9) || c === 127;

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
/** Digest has a dozen parameters; more than this is somebody's attempt to keep us busy. */
const MAX_PARAMS = 32;
/** RFC 7616 §3.3, §3.4, §3.5: these are sent as quoted strings only … */
const QUOTED = new Set([
  'realm',
  'domain',
  'nonce',
  'opaque',
  'username',
  'uri',
  'response',
  'cnonce',
  'nextnonce',
  'rspauth',
]);
/** … and these never. `qop` is quoted in a challenge and bare in credentials: there `quoted` decides. */
const BARE = new Set(['stale', 'algorithm', 'nc']);
