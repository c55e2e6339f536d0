import type { HeaderDef } from '../message/header.ts';
import { callId, contentLength, cseq, from, maxForwards, to, via } from '../message/headers/index.ts';
import type { Message } from '../message/message.ts';
import { need, read } from '../message/read.ts';
import { RemoteFault } from '../text/faults.ts';
import { tryParseUri } from '../uri/uri.ts';

/**
 * The check at the door: what transactions and routing read in every message is there, once, and follows its grammar
 * (RFC 3261 §8.1.1, §16.3 step 1). All other headers are looked at when somebody asks for them.
 * @throws RemoteFault 400 that names the header
 */
export function inspect(message: Message): void {
  need(message, via);
  need(message, from);
  need(message, to);
  need(message, callId);
  const sequence = need(message, cseq);
  read(message, maxForwards);
  if (message.kind === 'request') {
    if (sequence.method !== message.method) throw new RemoteFault(400, 'CSeq Method Does Not Match');
    withoutHeaders(message.uri);
  }
  onlyOnce(message);
}

/**
 * RFC 3261 §19.1.1: a Request-URI has no headers part, and one that has is not to be passed on with it, nor without it
 * (RFC 4475 §3.1.2.11). A question mark may also stand in its user.
 */
function withoutHeaders(requestUri: string): void {
  if (!requestUri.includes('?')) return;
  const uri = tryParseUri(requestUri);
  if (uri?.type === 'sip' && uri.headers !== '') throw new RemoteFault(400, 'Headers In Request-URI');
}

/** RFC 3261 §7.3.1: these may not stand in a message twice, and which of two was meant nobody can know. */
function onlyOnce(message: Message): void {
  const content = message.content;
  let seen = 0;
  for (let i = 0; i < content.count; i += 1) {
    const id = content.idAt(i);
    if (id > 31 || (SINGLE & (1 << id)) === 0) continue;
    if ((seen & (1 << id)) !== 0) throw new RemoteFault(400, `Multiple ${content.nameAt(i)} Headers`);
    seen |= 1 << id;
  }
}

const maskOf = (...defs: readonly HeaderDef<unknown>[]): number => defs.reduce((mask, def) => mask | (1 << def.id), 0);
const SINGLE = maskOf(from, to, callId, cseq, maxForwards, contentLength);
