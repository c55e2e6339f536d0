import { fromBinary } from '../text/binary.ts';
import { RemoteFault, SyntaxFault } from '../text/faults.ts';
import type { Text } from '../text/text-port.ts';
import { contentDisposition, contentId, contentType, type Disposition, type MediaType } from './headers/content.ts';
import { LIMITS, type Limits } from './limits.ts';
import { bodyOf, headersOf, type Message } from './message.ts';

/** A body: that of a message, or a part of one (RFC 5621 §3.1). */
export interface Body {
  /** `text/plain` where nothing is said (RFC 2046 §5.1.1). */
  readonly type: MediaType;
  /** Where nothing is said, `session` for SDP and `render` for the rest (RFC 3261 §20.11). */
  readonly disposition: Disposition;
  /** Whether whoever does not understand it may go on without it: then `optional` (RFC 3261 §20.11). */
  readonly handling: 'required' | 'optional';
  /** What a `cid:` URI calls it by. */
  readonly id: string | undefined;
  /** How the bytes are written down (Content-Transfer-Encoding), in lower case; `binary` where nothing is said (RFC 5621 §3.2). */
  readonly encoding: string;
  /** Names as they stand, values unfolded; of the body of a message, all headers of the message. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As they stand; of a part of a body a view of the whole. */
  readonly bytes: Uint8Array;
  /** What a `multipart/*` holds, in order; empty for every other type. */
  readonly parts: readonly Body[];
}

/**
 * The body of a message with all its parts, however deep (RFC 5621 §4.2); `undefined` for a message without one.
 * @throws RemoteFault 400 for a body that is not what its headers say, or has too many parts; 513 for one nested too deeply
 */
export function readBody(message: Message, text: Text, limits: Limits = LIMITS): Body | undefined {
  const bytes = bodyOf(message);
  if (bytes.length === 0) return undefined;
  try {
    const reading = { text, limits, depth: 0, count: { parts: 0 } };
    return bodyFrom([...headersOf(message)], bytes, 'text/plain', reading);
  } catch (fault) {
    if (fault instanceof SyntaxFault) throw new RemoteFault(400, 'Bad Multipart Body', fault);
    throw fault;
  }
}

/**
 * The parts that shall be processed, in order, none of them a multipart: of alternatives the last one that is understood,
 * of everything else each part (RFC 5621 §6.1, §8). `undefined` when one that is required is not understood: answer 415
 * (§8.4). The handling of alternatives decides, not that of each (§8.3).
 */
export function partsToProcess(body: Body, understands: (part: Body) => boolean): readonly Body[] | undefined {
  const chosen = !isMultipart(body.type)
    ? understands(body)
      ? [body]
      : undefined
    : body.type.media === 'multipart/alternative'
      ? body.parts
          .map((part) => partsToProcess({ ...part, handling: 'required' }, understands))
          .findLast((parts) => parts !== undefined)
      : allParts(body.parts, understands);
  return chosen ?? (body.handling === 'optional' ? [] : undefined);
}

/** A multipart of an unknown kind is read like `multipart/mixed` (RFC 2046 §5.1.3). */
export const isMultipart = (type: MediaType): boolean => type.media.startsWith('multipart/');

function allParts(parts: readonly Body[], understands: (part: Body) => boolean): readonly Body[] | undefined {
  const all: Body[] = [];
  for (const part of parts) {
    const chosen = partsToProcess(part, understands);
    if (chosen === undefined) return undefined;
    all.push(...chosen);
  }
  return all;
}

interface Reading {
  readonly text: Text;
  readonly limits: Limits;
  readonly depth: number;
  /** One count for the whole body. */
  readonly count: { parts: number };
}

function bodyFrom(headers: Body['headers'], bytes: Uint8Array, media: string, reading: Reading): Body {
  const type = decoded(headers, contentType) ?? { media };
  const disposition = decoded(headers, contentDisposition) ?? {
    type: type.media === 'application/sdp' ? 'session' : 'render',
  };
  return {
    type,
    disposition,
    // RFC 3261 §20.11: required where it is absent; what is neither of the two words says nothing
    handling: disposition.handling === 'optional' ? 'optional' : 'required',
    id: decoded(headers, contentId),
    encoding: valueNamed(headers, 'content-transfer-encoding')?.trim().toLowerCase() ?? 'binary',
    headers,
    bytes,
    parts: isMultipart(type) ? partsOf(type, bytes, reading) : [],
  };
}

function partsOf(type: MediaType, bytes: Uint8Array, { text, limits, depth, count }: Reading): readonly Body[] {
  if (depth >= limits.bodyDepth) throw new RemoteFault(513, 'Body Parts Nested Too Deeply');
  const boundary = type.params?.get('boundary') ?? '';
  if (!isBoundary(boundary)) throw new SyntaxFault(0, 'a boundary of 1 to 70 characters');
  const media = type.media === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  return slicesOf(bytes, text.encode(`--${boundary}`)).map(([start, end]) => {
    count.parts += 1;
    if (count.parts > limits.bodyParts) throw new RemoteFault(400, 'Too Many Body Parts');
    const { headers, bodyAt } = headersAt(bytes, start, end, text);
    return bodyFrom(headers, bytes.subarray(bodyAt, end), media, { text, limits, depth: depth + 1, count });
  });
}

/** 0*69<bchars> bcharsnospace (RFC 2046 §5.1.1). */
export const isBoundary = (text: string): boolean => /^[\w'()+,\-./:=? ]{0,69}[\w'()+,\-./:=?]$/.test(text);

/**
 * Where the parts stand, without the line break that belongs to the delimiter behind them. What stands before the first
 * delimiter and behind the last is passed over. LENIENT: bare line feeds, and bodies whose last delimiter is missing.
 */
function slicesOf(bytes: Uint8Array, dashBoundary: Uint8Array): readonly (readonly [start: number, end: number])[] {
  const slices: [number, number][] = [];
  let start = -1;
  for (let at = 0; at >= 0; at = nextLine(bytes, at)) {
    const behind = delimiterAt(bytes, at, dashBoundary);
    if (behind === undefined) continue;
    if (start >= 0) slices.push([start, Math.max(start, lineBreakBefore(bytes, at))]);
    start = behind;
    if (behind < 0) break;
  }
  if (start >= 0) slices.push([start, bytes.length]);
  if (slices.length === 0) throw new SyntaxFault(0, 'a body part behind a boundary');
  return slices;
}

/** Offset behind the delimiter line that begins at `at`; -1 for the one that ends the body; `undefined` for another line. */
function delimiterAt(b: Uint8Array, at: number, dashBoundary: Uint8Array): number | undefined {
  for (let i = 0; i < dashBoundary.length; i += 1) if (b[at + i] !== dashBoundary[i]) return undefined;
  let p = at + dashBoundary.length;
  const isLast = b[p] === 45 && b[p + 1] === 45;
  if (isLast) return -1;
  while (b[p] === 32 || b[p] === 9) p += 1;
  if (b[p] === 13 && b[p + 1] === 10) return p + 2;
  return b[p] === 10 ? p + 1 : undefined;
}

function nextLine(b: Uint8Array, at: number): number {
  const feed = b.indexOf(10, at);
  return feed < 0 || feed + 1 >= b.length ? -1 : feed + 1;
}

const lineBreakBefore = (b: Uint8Array, at: number): number => (b[at - 2] === 13 ? at - 2 : at - 1);

/** The header lines of a part, which may be none, and where its body begins: behind the empty line. */
function headersAt(
  b: Uint8Array,
  start: number,
  end: number,
  text: Text,
): { readonly headers: Body['headers']; readonly bodyAt: number } {
  let bodyAt = start;
  for (let line = start; ; line = bodyAt) {
    const feed = b.indexOf(10, line);
    bodyAt = feed < 0 || feed >= end ? end : feed + 1;
    if (bodyAt === end || bodyAt - line === 1 || (bodyAt - line === 2 && b[line] === 13)) break;
  }
  const area = fromBinary(text.latin1(b, start, bodyAt)).replace(/\r?\n[ \t]+/g, ' ');
  const headers = area.split('\n').flatMap((line): [string, string][] => {
    if (line.trim() === '') return [];
    const colon = line.indexOf(':');
    if (colon < 1) throw new SyntaxFault(start, 'a header line or an empty line');
    return [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
  return { headers, bodyAt };
}

const decoded = <T>(
  headers: Body['headers'],
  def: { readonly key: string; readonly compact: string | undefined; decode(text: string): T },
): T | undefined => {
  const value =
    valueNamed(headers, def.key) ?? (def.compact === undefined ? undefined : valueNamed(headers, def.compact));
  return value === undefined ? undefined : def.decode(value);
};

const valueNamed = (headers: Body['headers'], key: string): string | undefined =>
  headers.find(([name]) => name.toLowerCase() === key)?.[1];
