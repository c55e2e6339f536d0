import type { HeaderName } from '../message/header.ts';
import { callId, cseq, from, maxForwards, route, to, via } from '../message/headers/index.ts';
import { endOfFirst } from '../message/list.ts';
import { Content, type Line, type LineRef, lineOf, NO_BYTES, type Request, request } from '../message/message.ts';
import { need } from '../message/read.ts';
import { isLineOf } from './header-lines.ts';

/**
 * The request that belongs to `original` and must take the same way: same Request-URI, top Via, Route, From, Call-ID, CSeq
 * number and Max-Forwards, another method, no body (RFC 3261 §9.1, §17.1.1.3). `toLine` takes the place of the To line;
 * `also` are header fields to keep beside these. Untouched lines are shared.
 */
export function siblingOf(
  original: Request,
  method: string,
  toLine: Line | undefined,
  also: readonly HeaderName[] = NOTHING_ELSE,
): Request {
  const source = original.content;
  const lines: LineRef[] = [];
  let vias = 0;
  for (let i = 0; i < source.count; i += 1) {
    const id = source.idAt(i);
    if (id === via.id) {
      if (vias === 0) lines.push(topOf(source, i));
      vias += 1;
    } else if (id === to.id) lines.push(toLine ?? source.refAt(i));
    else if (id === cseq.id) lines.push(lineOf(cseq, cseq.encode({ seq: need(original, cseq).seq, method })));
    else if (KEPT.has(id) || isLineOf(source, i, also)) lines.push(source.refAt(i));
  }
  if (source.find(maxForwards) < 0) lines.push(lineOf(maxForwards, maxForwards.encode(DEFAULT_MAX_FORWARDS)));
  return request(method, original.uri, new Content(source.head, lines, NO_BYTES, 0, 0));
}

/** The line of the top Via, or what of it is the top Via where several share the line. */
function topOf(content: Content, index: number): LineRef {
  const text = content.valueAt(index);
  const end = endOfFirst(text);
  return end === text.length ? content.refAt(index) : lineOf(via, text.slice(0, end).trimEnd());
}

const KEPT: ReadonlySet<number> = new Set([from.id, callId.id, maxForwards.id, route.id]);
const NOTHING_ELSE: readonly HeaderName[] = [];
/** RFC 3261 §8.1.1.6. */
const DEFAULT_MAX_FORWARDS = 70;
