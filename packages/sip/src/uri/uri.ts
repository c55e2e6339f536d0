import { isAlpha, isDigit, spells } from '../text/chars.ts';
import { SyntaxFault } from '../text/faults.ts';
import { parseSipUri, type SipUri } from './sip.ts';
import { parseTelUri, type TelUri } from './tel.ts';
import { parseUrn, type UrnUri } from './urn.ts';

/** A URI of a scheme that this house does not read: kept as text (RFC 3261 §8.2.2.1 answers 416 where it must be understood). */
export interface OtherUri {
  readonly type: 'other';
  /** In lower case. */
  readonly scheme: string;
  readonly text: string;
}

export type Uri = SipUri | TelUri | UrnUri | OtherUri;

/**
 * On its way through a server a message is asked several times for the same few URIs: those read last are remembered.
 * @throws SyntaxFault when the text is no URI, or one of a known scheme that does not follow its grammar
 */
export function parseUri(text: string): Uri {
  const place = (text.length + text.charCodeAt(text.length - 1)) % RECENT;
  const known = recent[place];
  if (known !== undefined && known.text === text) return known;
  const uri = parse(text);
  recent[place] = uri;
  return uri;
}

const RECENT = 16;
const recent: (Uri | undefined)[] = new Array<Uri | undefined>(RECENT).fill(undefined);

function parse(text: string): Uri {
  if (text.length > URI_CHARS) throw new SyntaxFault(URI_CHARS, `a URI of at most ${URI_CHARS} characters`);
  if (spells(text, 0, 'sip:')) return parseSipUri(text, 4, false);
  if (spells(text, 0, 'sips:')) return parseSipUri(text, 5, true);
  if (spells(text, 0, 'tel:')) return parseTelUri(text, 4);
  if (spells(text, 0, 'urn:')) return parseUrn(text, 4);
  const colon = schemeEnd(text);
  checkOther(text, colon + 1);
  return { type: 'other', scheme: text.slice(0, colon).toLowerCase(), text };
}

/** The same as `parseUri`, with `undefined` for what is no URI. */
export function tryParseUri(text: string): Uri | undefined {
  try {
    return parseUri(text);
  } catch (fault) {
    if (fault instanceof SyntaxFault) return undefined;
    throw fault;
  }
}

/** The text of a URI. */
export const printUri = (uri: Uri): string => uri.text;

/** In lower case, without the colon. */
export function schemeOf(uri: Uri): string {
  if (uri.type === 'sip') return uri.secure ? 'sips' : 'sip';
  return uri.type === 'other' ? uri.scheme : uri.type;
}

/** How long a URI may be. RFC 3261 §21.4.12 leaves the bound of a Request-URI to the server. */
export const URI_CHARS = 8192;

/** scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
function schemeEnd(text: string): number {
  let p = 0;
  for (; p < text.length; p += 1) {
    const c = text.charCodeAt(p);
    if (c === 58) break;
    if (!isAlpha(c) && (p === 0 || !(isDigit(c) || c === 43 || c === 45 || c === 46)))
      throw new SyntaxFault(p, 'a URI scheme');
  }
  if (p === 0 || p === text.length) throw new SyntaxFault(p, 'a scheme and a colon');
  return p;
}

/** RFC 2396 §2.4.3: no controls, no blanks, no delimiters of URIs in text. */
function checkOther(text: string, start: number): void {
  for (let p = start; p < text.length; p += 1) {
    const c = text.charCodeAt(p);
    if (c <= 32 || c === 127 || c === 34 || c === 60 || c === 62) throw new SyntaxFault(p, 'a character of a URI');
  }
}
