import { Edit } from '../message/edit.ts';
import type { HeaderName } from '../message/header.ts';
import { callId, cseq, from, to, via } from '../message/headers/index.ts';
import {
  Content,
  type Line,
  type LineRef,
  lineOf,
  NO_BYTES,
  type Request,
  type Response,
  response,
} from '../message/message.ts';
import { read } from '../message/read.ts';
import { RemoteFault, UsageFault } from '../text/faults.ts';
import { headerNamed, isLineOf } from './header-lines.ts';

export interface ReplyOptions {
  /** Our tag for the To of a response above 100, used where the request has none; the same for all responses to a request. */
  readonly toTag?: string;
  /** More header fields to copy from the request: Record-Route where a dialog begins (RFC 3261 §12.1.1). */
  readonly copy?: readonly HeaderName[];
  /** What else the response says, behind what it has from the request. */
  readonly headers?: readonly Line[];
  /** Changes what came of all that. */
  readonly edit?: (response: Edit) => void;
}

/**
 * A response to a request: its Via, From, To, Call-ID and CSeq lines, shared with it, in their order (RFC 3261 §8.2.6.2); in a
 * 100 also its Timestamp (§8.2.6.1). A request whose To cannot be read is answered with that To as it stands.
 * @throws UsageFault when the To tag is missing that a response above 100 must have, and for a status that does not exist
 */
export function replyTo(
  request: Request,
  status: number,
  reason: string,
  options: ReplyOptions = NO_OPTIONS,
): Response {
  if (!(status >= 100 && status <= 699)) throw new UsageFault(`a response cannot have the status ${status}`);
  const source = request.content;
  const also = options.copy ?? NOTHING_ELSE;
  const lines: LineRef[] = [];
  for (let i = 0; i < source.count; i += 1) {
    const id = source.idAt(i);
    if (id === to.id && status > 100) lines.push(taggedTo(request, i, options.toTag));
    else if (isCopied(id) || isLineOf(source, i, also)) lines.push(source.refAt(i));
    else if (status === 100 && isLineOf(source, i, TIMESTAMP)) lines.push(source.refAt(i));
  }
  if (options.headers !== undefined) for (const line of options.headers) lines.push(line);
  const content = new Content(source.head, lines, NO_BYTES, 0, 0);
  if (options.edit === undefined) return response(status, reason, content);
  const edit = new Edit(content);
  options.edit(edit);
  return edit.response(status, reason);
}

/** The To line of the request, with our tag where it has none. */
function taggedTo(request: Request, index: number, tag: string | undefined): LineRef {
  const { content } = request;
  if (hasTag(request)) return content.refAt(index);
  if (tag === undefined) throw new UsageFault('a response above 100 needs a To tag (RFC 3261 §8.2.6.2)');
  const value = content.valueAt(index).replace(LINE_BREAKS, ' '); // those of a malformed request
  return lineOf(to, `${value};tag=${tag}`);
}

/** True also for a To that does not follow its grammar: nothing can be added to it. */
function hasTag(request: Request): boolean {
  try {
    return read(request, to)?.params.has('tag') ?? false;
  } catch (fault) {
    if (fault instanceof RemoteFault) return true;
    throw fault;
  }
}

const isCopied = (id: number): boolean =>
  id === via.id || id === from.id || id === to.id || id === callId.id || id === cseq.id;

const LINE_BREAKS = /[\r\n]+/g;
const NO_OPTIONS: ReplyOptions = {};
const NOTHING_ELSE: readonly HeaderName[] = [];
const TIMESTAMP = [headerNamed('Timestamp')];
