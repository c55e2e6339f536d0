import { isTokenChar } from '../text/chars.ts';
import { SyntaxFault } from '../text/faults.ts';
import { Params, quoted, scanParams, scanQuoted, skipBlanks, trimBlanks, unquoted } from '../text/params.ts';
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
export function decodeNameAddr(text: string): NameAddr {
  const start = skipBlanks(text, 0);
  if (text.charCodeAt(start) === 34) {
    const end = scanQuoted(text, start);
    return afterDisplay(text, unquoted(text.slice(start, end)), skipBlanks(text, end));
  }
  const angle = text.indexOf('<', start);
  if (angle < 0) return bareAddress(text, start);
  return afterDisplay(text, displayTokens(text, start, angle), angle);
}

export function encodeNameAddr(value: NameAddr): string {
  const display = value.display === '' ? '' : `${quoted(value.display)} `;
  return `${display}<${value.uriText}>${value.params.text}`;
}

function afterDisplay(text: string, display: string, angle: number): NameAddr {
  if (text.charCodeAt(angle) !== 60) throw new SyntaxFault(angle, '"<"');
  const close = text.indexOf('>', angle);
  if (close < 0) throw new SyntaxFault(text.length, '">"');
  const uriText = trimBlanks(text.slice(angle + 1, close));
  if (uriText === '') throw new SyntaxFault(angle + 1, 'a URI');
  return new NameAddr(display, uriText, paramsFrom(text, close + 1));
}

/** RFC 3261 §20: without angle brackets everything behind the first semicolon belongs to the header, and `,` `?` may not occur. */
function bareAddress(text: string, start: number): NameAddr {
  let end = start;
  for (; end < text.length; end += 1) {
    const c = text.charCodeAt(end);
    if (c === 59 || c === 32 || c === 9) break;
    if (c === 44 || c === 63) throw new SyntaxFault(end, 'angle brackets around a URI with "," or "?"');
    if (c === 34 || c === 62) throw new SyntaxFault(end, 'a character of a URI');
  }
  const uriText = text.slice(start, end);
  if (uriText.indexOf(':') < 1) throw new SyntaxFault(start, 'a URI with a scheme');
  return new NameAddr('', uriText, paramsFrom(text, end));
}

/** display-name = *(token LWS); LENIENT: phones that send other printable characters (UTF-8 names, "@", brackets) unquoted. */
function displayTokens(text: string, start: number, end: number): string {
  for (let p = start; p < end; p += 1) {
    const c = text.charCodeAt(p);
    if (!isTokenChar(c) && (c === 34 || c === 44 || c === 59 || c === 62))
      throw new SyntaxFault(p, 'a display name of tokens or in quotes');
  }
  return trimBlanks(text.slice(start, end));
}

function paramsFrom(text: string, start: number): Params {
  const from = skipBlanks(text, start);
  const end = scanParams(text, from);
  if (skipBlanks(text, end) !== text.length) throw new SyntaxFault(end, 'parameters or the end of the value');
  return from === text.length ? NO_HEADER_PARAMS : new Params(trimBlanks(text.slice(from, end)));
}

const NO_HEADER_PARAMS = new Params('');
