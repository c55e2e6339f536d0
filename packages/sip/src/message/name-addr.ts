import { codesOf, scanParamsIn, scanQuotedIn, skipBlanksIn } from '../text/byte-scanners.ts';
import { isBlank } from '../text/chars.ts';
import { SyntaxFault } from '../text/faults.ts';
import { Params, quoted, unquoted } from '../text/params.ts';
import { parseUri, type Uri } from '../uri/uri.ts';

/** `"Display" <uri>;params` or `uri;params` (RFC 3261 §20.10, §25.1). The URI is parsed when it is asked for. */
export class NameAddr {
  /** The display name without quotes and escapes; '' where there is none. */
  readonly display: string;
  /** The URI as it stands in the message. */
  readonly uriText: string;
  /** Header parameters: those behind the `>`; a bare URI has no parameters of its own (§20). */
  readonly params: Params;
  #uri: Uri | undefined;
  constructor(display: string, uriText: string, params: Params) {
    this.display = display;
    this.uriText = uriText;
    this.params = params;
  }

  /** @throws SyntaxFault when the URI does not follow its grammar */
  get uri(): Uri {
    this.#uri ??= parseUri(this.uriText);
    return this.#uri;
  }

  get tag(): string | undefined {
    return this.params.get('tag');
  }

  withParams(params: Params): NameAddr {
    return new NameAddr(this.display, this.uriText, params);
  }
}

/** @throws SyntaxFault */
export const decodeNameAddr = (text: string): NameAddr => decodeNameAddrAt(text, codesOf(text), 0, text.length);

/** The value between two offsets of a longer text, whose characters also stand in bytes. @throws SyntaxFault */
export function decodeNameAddrAt(text: string, b: Uint8Array, start: number, end: number): NameAddr {
  const first = skipBlanksIn(b, start, end);
  if (first < end && b[first] === 34) {
    const close = scanQuotedIn(b, first, end);
    return afterDisplay(text, b, unquoted(text.slice(first, close)), skipBlanksIn(b, close, end), end);
  }
  const angle = first < end && b[first] === 60 ? first : text.indexOf('<', first);
  if (angle < 0 || angle >= end) return bareAddress(text, b, first, end);
  return afterDisplay(text, b, displayTokens(text, b, first, angle), angle, end);
}

export function encodeNameAddr(value: NameAddr): string {
  const display = value.display === '' ? '' : `${quoted(value.display)} `;
  return `${display}<${value.uriText}>${value.params.text}`;
}

function afterDisplay(text: string, b: Uint8Array, display: string, angle: number, end: number): NameAddr {
  if (angle === end || b[angle] !== 60) throw new SyntaxFault(angle, '"<"');
  const close = text.indexOf('>', angle);
  if (close < 0 || close >= end) throw new SyntaxFault(end, '">"');
  const uriText = trimmed(text, b, angle + 1, close);
  if (uriText === '') throw new SyntaxFault(angle + 1, 'a URI');
  return new NameAddr(display, uriText, paramsIn(text, b, close + 1, end));
}

/** RFC 3261 §20: without angle brackets everything behind the first semicolon belongs to the header, and `,` `?` may not occur. */
function bareAddress(text: string, b: Uint8Array, start: number, end: number): NameAddr {
  let p = start;
  for (; p < end; p += 1) {
    const c = b[p] as number;
    if (c === 59 || c === 32 || c === 9) break;
    if (c === 44 || c === 63) throw new SyntaxFault(p, 'angle brackets around a URI with "," or "?"');
    if (c === 34 || c === 62) throw new SyntaxFault(p, 'a character of a URI');
  }
  const uriText = text.slice(start, p);
  if (uriText.indexOf(':') < 1) throw new SyntaxFault(start, 'a URI with a scheme');
  return new NameAddr('', uriText, paramsIn(text, b, p, end));
}

/** display-name = *(token LWS); LENIENT: phones that send other printable characters (UTF-8 names, "@", brackets) unquoted. */
function displayTokens(text: string, b: Uint8Array, start: number, end: number): string {
  for (let p = start; p < end; p += 1) {
    const c = b[p] as number;
    if (c === 34 || c === 44 || c === 59 || c === 62) throw new SyntaxFault(p, 'a display name of tokens or in quotes');
  }
  return trimmed(text, b, start, end);
}

function paramsIn(text: string, b: Uint8Array, start: number, end: number): Params {
  const from = skipBlanksIn(b, start, end);
  if (from === end) return NO_HEADER_PARAMS;
  const behind = scanParamsIn(b, from, end);
  if (behind !== end) throw new SyntaxFault(behind, 'parameters or the end of the value');
  return new Params(trimmed(text, b, from, end));
}

/** A slice without the blanks around it. */
function trimmed(text: string, b: Uint8Array, start: number, end: number): string {
  const first = skipBlanksIn(b, start, end);
  let last = end;
  while (last > first && isBlank(b[last - 1] as number)) last -= 1;
  return text.slice(first, last);
}

const NO_HEADER_PARAMS = new Params('');
