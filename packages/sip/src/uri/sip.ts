import { scanTokenIn, spellsIn } from '../text/byte-scanners.ts';
import { isDigit } from '../text/chars.ts';
import { SyntaxFault } from '../text/faults.ts';
import { NO_PARAMS, Params } from '../text/params.ts';
import { scanPartIn } from './escape.ts';
import { isHostIn, portIn, scanHostIn, scanPortIn } from './host.ts';

/** A sip: or sips: URI (RFC 3261 §19.1). User, password, parameters and headers stay escaped as they stand; `text` is the whole. */
export class SipUri {
  readonly type = 'sip';
  /** True for sips:. */
  readonly secure: boolean;
  /** Escaped; `undefined` where there is no userinfo. */
  readonly user: string | undefined;
  /** Escaped; RFC 3261 §19.1.1 advises against having one. */
  readonly password: string | undefined;
  /** A name, an IPv4 address, or an IPv6 reference in brackets, as it stands. */
  readonly host: string;
  readonly port: number | undefined;
  /** Values stay escaped; `uriParam` undoes that. */
  readonly params: Params;
  /** What follows the question mark; '' where there is none. */
  readonly headers: string;
  readonly text: string;
  constructor(parts: SipUriParts) {
    this.secure = parts.secure;
    this.user = parts.user;
    this.password = parts.password;
    this.host = parts.host;
    this.port = parts.port;
    this.params = parts.params;
    this.headers = parts.headers;
    this.text = parts.text ?? printSipUri(parts);
  }
}

/** What a SIP URI is made of, each part escaped as it shall stand. Without `text` it is put together from the parts. */
export interface SipUriParts {
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
  readonly headers: string;
  readonly text?: string;
}

/** Reads from behind the colon of the scheme. @throws SyntaxFault */
export function parseSipUri(text: string, start: number, secure: boolean): SipUri {
  const end = text.length;
  const b = end > CODES.length ? new Uint8Array(end) : CODES;
  for (let p = start; p < end; p += 1) b[p] = Math.min(text.charCodeAt(p), 0xff);
  const at = text.indexOf('@', start);
  let user: string | undefined;
  let password: string | undefined;
  let hostAt = start;
  if (at >= 0) {
    const userEnd = scanPartIn(b, start, at, 'user');
    if (userEnd === start) throw new SyntaxFault(start, 'a user before the "@"');
    user = text.slice(start, userEnd);
    if (userEnd < at) password = passwordIn(text, b, userEnd, at);
    hostAt = at + 1;
  }
  const hostEnd = scanHostIn(b, hostAt, end);
  let p = hostEnd;
  let port: number | undefined;
  if (p < end && b[p] === 58) {
    p = scanPortIn(b, hostEnd + 1, end);
    port = portIn(b, hostEnd + 1, p);
  }
  const paramsEnd = scanUriParams(b, p, end);
  if (paramsEnd < end) scanUriHeaders(b, paramsEnd, end);
  return new SipUri({
    secure,
    user,
    password,
    host: text.slice(hostAt, hostEnd),
    port,
    params: paramsEnd === p ? NO_PARAMS : new Params(text.slice(p, paramsEnd)),
    headers: paramsEnd === end ? '' : text.slice(paramsEnd + 1),
    text,
  });
}

function printSipUri(parts: SipUriParts): string {
  const scheme = parts.secure ? 'sips:' : 'sip:';
  const password = parts.password === undefined ? '' : `:${parts.password}`;
  const userinfo = parts.user === undefined ? '' : `${parts.user}${password}@`;
  const port = parts.port === undefined ? '' : `:${parts.port}`;
  const headers = parts.headers === '' ? '' : `?${parts.headers}`;
  return `${scheme}${userinfo}${parts.host}${port}${parts.params.text}${headers}`;
}

function passwordIn(text: string, b: Uint8Array, colon: number, at: number): string {
  if (b[colon] !== 58) throw new SyntaxFault(colon, 'a character of a user, escaped as %HH where it is reserved');
  const end = scanPartIn(b, colon + 1, at, 'password');
  if (end !== at) throw new SyntaxFault(end, 'a character of a password, escaped as %HH where it is reserved');
  return text.slice(colon + 1, at);
}

/** uri-parameters = *( ";" pname [ "=" pvalue ] ) from `start`; returns the offset behind them. */
function scanUriParams(b: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && b[p] === 59) {
    const name = p + 1;
    p = scanPartIn(b, name, end, 'param');
    if (p === name) throw new SyntaxFault(p, 'a parameter name');
    if (p === end || b[p] !== 61) continue;
    const value = p + 1;
    p = scanPartIn(b, value, end, 'param');
    if (p === value) throw new SyntaxFault(p, 'a parameter value');
    checkKnownParam(b, name, value, p);
  }
  return p;
}

/** The parameters whose values have a grammar of their own (RFC 3261 §25.1). */
function checkKnownParam(b: Uint8Array, name: number, value: number, end: number): void {
  const length = value - 1 - name;
  if (length === 3 && spellsIn(b, name, 'ttl')) {
    let seconds = 0;
    for (let p = value; p < end; p += 1) seconds = isDigit(b[p] as number) ? seconds * 10 + (b[p] as number) - 48 : 256;
    if (end - value > 3 || seconds > 255) throw new SyntaxFault(value, 'a time to live from 0 to 255');
  } else if (length === 5 && spellsIn(b, name, 'maddr')) {
    if (!isHostIn(b, value, end)) throw new SyntaxFault(value, 'a host');
  } else if (
    (length === 9 && spellsIn(b, name, 'transport')) ||
    (length === 4 && spellsIn(b, name, 'user')) ||
    (length === 6 && spellsIn(b, name, 'method'))
  ) {
    if (scanTokenIn(b, value, end) !== end) throw new SyntaxFault(value, 'a token');
  }
}

/** headers = "?" hname "=" hvalue *( "&" hname "=" hvalue ), to the end of the text. */
function scanUriHeaders(b: Uint8Array, question: number, end: number): void {
  if (b[question] !== 63) throw new SyntaxFault(question, 'parameters, headers or the end of the URI');
  let p = question;
  while (p < end) {
    const name = p + 1;
    p = scanPartIn(b, name, end, 'header');
    if (p === name || p === end || b[p] !== 61) throw new SyntaxFault(p, 'a header name and "="');
    p = scanHeaderValue(b, p + 1, end);
    if (p < end && b[p] !== 38) throw new SyntaxFault(p, 'a character of a header value, or "&"');
  }
}

/** LENIENT: phones that put a Replaces value into the URI of Refer-To without escaping its `;` `=` `@` `,`. */
function scanHeaderValue(b: Uint8Array, start: number, end: number): number {
  let p = scanPartIn(b, start, end, 'header');
  while (p < end && (b[p] === 59 || b[p] === 61 || b[p] === 64 || b[p] === 44)) p = scanPartIn(b, p + 1, end, 'header');
  return p;
}

const CODES = new Uint8Array(256);
