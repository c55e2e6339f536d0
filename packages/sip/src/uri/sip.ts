import { isToken, spells } from '../text/chars.ts';
import { SyntaxFault } from '../text/faults.ts';
import { NO_PARAMS, Params } from '../text/params.ts';
import { scanPart } from './escape.ts';
import { isHost, scanHost, scanPort } from './host.ts';

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
  const at = text.indexOf('@', start);
  let user: string | undefined;
  let password: string | undefined;
  let hostAt = start;
  if (at >= 0) {
    const userEnd = scanPart(text, start, at, 'user');
    if (userEnd === start) throw new SyntaxFault(start, 'a user before the "@"');
    user = text.slice(start, userEnd);
    if (userEnd < at) password = passwordAt(text, userEnd, at);
    hostAt = at + 1;
  }
  const hostEnd = scanHost(text, hostAt);
  let end = hostEnd;
  let port: number | undefined;
  if (codeAt(text, hostEnd) === 58) {
    end = scanPort(text, hostEnd + 1);
    port = Number(text.slice(hostEnd + 1, end));
  }
  const paramsEnd = codeAt(text, end) === 59 ? scanUriParams(text, end) : end;
  if (paramsEnd < text.length) scanUriHeaders(text, paramsEnd);
  return new SipUri({
    secure,
    user,
    password,
    host: text.slice(hostAt, hostEnd),
    port,
    params: paramsEnd === end ? NO_PARAMS : new Params(text.slice(end, paramsEnd)),
    headers: paramsEnd === text.length ? '' : text.slice(paramsEnd + 1),
    text,
  });
}

/** -1 behind the end: NaN would make every number here a float. */
const codeAt = (s: string, p: number): number => (p < s.length ? s.charCodeAt(p) : -1);

function printSipUri(parts: SipUriParts): string {
  const scheme = parts.secure ? 'sips:' : 'sip:';
  const password = parts.password === undefined ? '' : `:${parts.password}`;
  const userinfo = parts.user === undefined ? '' : `${parts.user}${password}@`;
  const port = parts.port === undefined ? '' : `:${parts.port}`;
  const headers = parts.headers === '' ? '' : `?${parts.headers}`;
  return `${scheme}${userinfo}${parts.host}${port}${parts.params.text}${headers}`;
}

function passwordAt(text: string, colon: number, at: number): string {
  if (text.charCodeAt(colon) !== 58)
    throw new SyntaxFault(colon, 'a character of a user, escaped as %HH where it is reserved');
  const end = scanPart(text, colon + 1, at, 'password');
  if (end !== at) throw new SyntaxFault(end, 'a character of a password, escaped as %HH where it is reserved');
  return text.slice(colon + 1, at);
}

/** uri-parameters = *( ";" pname [ "=" pvalue ] ), from a semicolon; returns the offset behind them. */
function scanUriParams(text: string, start: number): number {
  let p = start;
  while (codeAt(text, p) === 59) {
    const name = p + 1;
    p = scanPart(text, name, text.length, 'param');
    if (p === name) throw new SyntaxFault(p, 'a parameter name');
    if (codeAt(text, p) !== 61) continue;
    const value = p + 1;
    p = scanPart(text, value, text.length, 'param');
    if (p === value) throw new SyntaxFault(p, 'a parameter value');
    checkKnownParam(text, name, value, p);
  }
  return p;
}

/** The parameters whose values have a grammar of their own (RFC 3261 §25.1). */
function checkKnownParam(text: string, name: number, value: number, end: number): void {
  const length = value - 1 - name;
  if (length === 3 && spells(text, name, 'ttl')) {
    if (!/^\d{1,3}$/.test(text.slice(value, end)) || Number(text.slice(value, end)) > 255)
      throw new SyntaxFault(value, 'a time to live from 0 to 255');
  } else if (length === 5 && spells(text, name, 'maddr')) {
    if (!isHost(text.slice(value, end))) throw new SyntaxFault(value, 'a host');
  } else if (
    (length === 9 && spells(text, name, 'transport')) ||
    (length === 4 && spells(text, name, 'user')) ||
    (length === 6 && spells(text, name, 'method'))
  ) {
    if (!isToken(text.slice(value, end))) throw new SyntaxFault(value, 'a token');
  }
}

/** headers = "?" hname "=" hvalue *( "&" hname "=" hvalue ), to the end of the text. */
function scanUriHeaders(text: string, question: number): void {
  if (text.charCodeAt(question) !== 63) throw new SyntaxFault(question, 'parameters, headers or the end of the URI');
  let p = question;
  while (p < text.length) {
    const name = p + 1;
    p = scanPart(text, name, text.length, 'header');
    if (p === name || text.charCodeAt(p) !== 61) throw new SyntaxFault(p, 'a header name and "="');
    p = scanHeaderValue(text, p + 1);
    if (p < text.length && text.charCodeAt(p) !== 38) throw new SyntaxFault(p, 'a character of a header value, or "&"');
  }
}

/** LENIENT: phones that put a Replaces value into the URI of Refer-To without escaping its `;` `=` `@` `,`. */
function scanHeaderValue(text: string, start: number): number {
  let p = scanPart(text, start, text.length, 'header');
  for (let c = text.charCodeAt(p); c === 59 || c === 61 || c === 64 || c === 44; c = text.charCodeAt(p))
    p = scanPart(text, p + 1, text.length, 'header');
  return p;
}
