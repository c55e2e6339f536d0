import { SyntaxFault } from '../text/faults.ts';
import { readBandwidth } from './bandwidth.ts';
import { readConnection } from './connection.ts';
import { SDP_LIMITS } from './limits.ts';
import { isSdpToken, type Line, lineValue, type SdpMode, splitLines } from './line.ts';
import { readMediaLine } from './media-line.ts';
import { readOrigin } from './origin.ts';
import type { Attribute, Media, Sdp, SdpFault } from './sdp.ts';
import {
  type Grammar,
  kindOf,
  MEDIA,
  mediaLines,
  type PlainLine,
  readVersion,
  SESSION,
  sessionLines,
} from './section.ts';
import { readTimings } from './timing.ts';

export interface SdpOptions {
  /** `lenient` by default: what the field is known to send is accepted; `strict` is the grammar of RFC 8866 §9. */
  readonly mode?: SdpMode;
}

/**
 * Reads a session description (RFC 8866). A malformed one is a value that says where and why; no text makes this throw, and
 * the time it takes grows with the length of the text.
 */
export function parseSdp(text: string, options: SdpOptions = {}): Sdp | SdpFault {
  try {
    return readSdp(text, options.mode ?? 'lenient');
  } catch (fault) {
    if (fault instanceof SyntaxFault) return faultAt(text, fault);
    throw fault;
  }
}

function readSdp(text: string, mode: SdpMode): Sdp {
  if (text.length > SDP_LIMITS.textChars)
    throw new SyntaxFault(SDP_LIMITS.textChars, `at most ${SDP_LIMITS.textChars} characters`);
  const lines = splitLines(text);
  checkLines(lines, mode);
  const starts = lines.flatMap(({ content }, i) => (content.startsWith('m=') ? [i] : []));
  const tooMany = lines[starts[SDP_LIMITS.media] ?? -1];
  if (tooMany !== undefined) throw new SyntaxFault(tooMany.at, `at most ${SDP_LIMITS.media} media sections`);
  const media = starts.map((start, i) => readMedia(lines.slice(start, starts[i + 1]), mode));
  const sdp = readSession(lines.slice(0, starts[0]), lines[starts[0] ?? -1]?.at ?? text.length, mode);
  if (mode === 'strict') checkConnections(sdp, media, lines[starts[media.findIndex(isUnconnected)] ?? -1]);
  return { ...sdp, media };
}

function checkLines(lines: readonly Line[], mode: SdpMode): void {
  const tooMany = lines[SDP_LIMITS.lines];
  if (tooMany !== undefined) throw new SyntaxFault(tooMany.at, `at most ${SDP_LIMITS.lines} lines`);
  for (const { at, content, end } of lines) {
    if (content.length > SDP_LIMITS.lineChars)
      throw new SyntaxFault(at + SDP_LIMITS.lineChars, `at most ${SDP_LIMITS.lineChars} characters in a line`);
    const control = content.search(/[\0\r]/);
    if (control >= 0) throw new SyntaxFault(at + control, 'no NUL and no lone carriage return');
    if (mode === 'strict' && end !== '\r\n') throw new SyntaxFault(at + content.length, 'CR and LF');
    // LENIENT(RFC 8866 §9): a blank line behind the last one is common where bodies are put together by hand.
    if (content === '' && mode === 'lenient') continue;
    if (content.charAt(1) !== '=') throw new SyntaxFault(at, 'a letter and an equals sign');
  }
}

/** LENIENT(RFC 8866 §5.7): answers that refuse all streams, and offers that disable them, come without any `c=` line. */
function checkConnections(sdp: Sdp, media: readonly Media[], first: Line | undefined): void {
  if (sdp.connection === undefined && media.some(isUnconnected) && first !== undefined)
    throw new SyntaxFault(first.at, 'a "c=" line in the session or in each media section');
}

const isUnconnected = (media: Media): boolean => media.connections.length === 0;

/** Reads the session-level section; `end` is the offset where it ends. */
function readSession(lines: readonly Line[], end: number, mode: SdpMode): Sdp {
  const kinds = linesByKind(lines, SESSION, mode);
  const all = (kind: string): readonly Line[] => kinds.get(kind) ?? [];
  const needed = (kind: string): Line => {
    const line = all(kind)[0];
    if (line === undefined) throw new SyntaxFault(end, `a "${kind}=" line`);
    return line;
  };
  // LENIENT(RFC 8866 §5.3, §5.9): door phones and test scripts leave out `s=` or `t=`; neither means much in a call.
  if (mode === 'strict') for (const kind of 'st') needed(kind);
  const [connection] = all('c');
  const sdp: Sdp = {
    type: 'sdp',
    version: readVersion(needed('v'), mode),
    origin: readOrigin(needed('o'), mode),
    sessionName: readText(all('s')[0], mode, TEXT),
    information: readText(all('i')[0], mode, TEXT),
    uri: readText(all('u')[0], mode, URI),
    emails: all('e').flatMap((line) => readText(line, mode, EMAIL) ?? []),
    phones: all('p').flatMap((line) => readText(line, mode, PHONE) ?? []),
    connection: connection === undefined ? undefined : readConnection(connection, mode),
    bandwidths: all('b').map((line) => readBandwidth(line, mode)),
    timings: readTimings(all('t'), mode),
    key: readText(all('k')[0], mode, KEY),
    attributes: all('a').map((line) => readAttribute(line, mode)),
    unknown: all('?').map(({ content }) => content),
    media: [],
    source: undefined,
  };
  return { ...sdp, source: sourceOf(lines, sessionLines(sdp)) };
}

function readMedia(lines: readonly Line[], mode: SdpMode): Media {
  const kinds = linesByKind(lines, MEDIA, mode);
  const all = (kind: string): readonly Line[] => kinds.get(kind) ?? [];
  const [first] = lines;
  if (first === undefined) throw new SyntaxFault(0, 'an "m=" line');
  const media: Media = {
    ...readMediaLine(first, mode),
    title: readText(all('i')[0], mode, TEXT),
    connections: all('c').map((line) => readConnection(line, mode)),
    bandwidths: all('b').map((line) => readBandwidth(line, mode)),
    key: readText(all('k')[0], mode, KEY),
    attributes: all('a').map((line) => readAttribute(line, mode)),
    unknown: all('?').map(({ content }) => content),
    source: undefined,
  };
  return { ...media, source: sourceOf(lines, mediaLines(media)) };
}

/**
 * The lines of a section by their kinds.
 *
 * LENIENT(RFC 8866 §5): lines stand in another order than the grammar's, such as `t=` before `c=` in RFC 3264 §9.
 *
 * DEVIATION(RFC 8866 §5): a line of an unknown type is kept and not looked into, where the RFC wants the line's whole
 * description ignored or rejected; a server between two peers that both know the type must not stand in their way.
 */
function linesByKind(lines: readonly Line[], grammar: Grammar, mode: SdpMode): ReadonlyMap<string, readonly Line[]> {
  const kinds = new Map<string, Line[]>();
  let rank = 0;
  for (const line of lines) {
    const kind = kindOf(line.content, grammar);
    if (kind === undefined) throw new SyntaxFault(line.at, 'a line that belongs into this section');
    const before = kinds.get(kind);
    if (before !== undefined && grammar.once.includes(kind)) throw new SyntaxFault(line.at, `one "${kind}=" line`);
    if (mode === 'strict') {
      if (kind === '?') throw new SyntaxFault(line.at, 'a type of RFC 8866');
      if (grammar.order.indexOf(kind) < rank) throw new SyntaxFault(line.at, `"${kind}=" further up`);
      rank = grammar.order.indexOf(kind);
    }
    if (before === undefined) kinds.set(kind, [line]);
    else before.push(line);
  }
  return kinds;
}

/**
 * LENIENT(RFC 8866 §5.3): many phones send an empty `s=`, as RFC 3264 §10 shows it. The other free texts are for people and
 * are not looked into either.
 */
function readText(line: Line | undefined, mode: SdpMode, form: RegExp): string | undefined {
  if (line === undefined) return undefined;
  const value = lineValue(line);
  if (mode === 'strict' && !form.test(value)) throw new SyntaxFault(line.at + 2, 'a value that fits the line');
  return value;
}

/** LENIENT(RFC 8866 §5.13): what is not understood is ignored, so a name that is no token, or an empty value, does no harm. */
function readAttribute(line: Line, mode: SdpMode): Attribute {
  const value = lineValue(line);
  const colon = value.indexOf(':');
  const name = colon < 0 ? value : value.slice(0, colon);
  if (mode === 'strict' && !isSdpToken(name)) throw new SyntaxFault(line.at + 2, 'the name of an attribute');
  if (mode === 'strict' && colon === value.length - 1)
    throw new SyntaxFault(line.at + 2 + value.length, 'the value of an attribute');
  return { name, value: colon < 0 ? undefined : value.slice(colon + 1) };
}

/** The section as it was received, unless it prints like that by itself. */
function sourceOf(lines: readonly Line[], plain: readonly PlainLine[]): string | undefined {
  const source = lines.map(({ content, end }) => content + end).join('');
  return source === plain.map(({ content }) => `${content}\r\n`).join('') ? undefined : source;
}

function faultAt(text: string, { code, at, expected }: SyntaxFault): SdpFault {
  let line = 1;
  let start = 0;
  for (let feed = text.indexOf('\n'); feed >= 0 && feed < at; feed = text.indexOf('\n', start)) {
    line += 1;
    start = feed + 1;
  }
  return { type: 'fault', code, line, column: at - start + 1, at, reason: `expected ${expected}` };
}

/** The forms of RFC 8866 §9 as far as strict mode looks into them. */
const TEXT = /^.+$/s;
const URI = /^[^ \t]+$/;
const EMAIL = /^(?:[^ ()<>]+(?: +\([^()<>]+\))?|[^()<>]+ <[^ ()<>]+>)$/;
const PHONE = /^(?:\+?\d[ \d-]+(?:\([^()<>]+\))?|[^()<>]+<\+?\d[ \d-]+>)$/;
const KEY = /^(?:prompt|clear:.+|base64:[A-Za-z0-9+/]*={0,2}|uri:[^ \t]+)$/s;
