import { edit } from '../message/edit.ts';
import { type Via, via } from '../message/headers/index.ts';
import { mentionsParam } from '../message/mentions.ts';
import type { Response } from '../message/message.ts';
import { need, readAll } from '../message/read.ts';
import { RemoteFault } from '../text/faults.ts';
import { Params } from '../text/params.ts';

/** What a server tells the hop before it about its load, in the Via parameters of a response (RFC 7339 §4). */
export interface OverloadFeedback {
  /** How many percent of all requests the client shall not send; 0 to 100. */
  readonly lossPercent: number;
  /** How long that holds; 0: there is no overload, whatever `lossPercent` says (§5.7). */
  readonly validityMs: number;
  /** Grows with every change. */
  readonly sequence: number;
}

/** The parameters of the Via of a request of ours which say that feedback by the loss algorithm is understood (RFC 7339 §4.1, §4.2). */
export const OFFER = ';oc;oc-algo="loss"';

/** True for the top Via of a request whose client understands feedback by the loss algorithm, which every one of them must. */
export function offersFeedback({ params }: Via): boolean {
  if (params.get('oc') !== '') return false;
  const names = params.get('oc-algo')?.split(',') ?? [];
  return names.some((name) => name.trim().toLowerCase() === 'loss');
}

/** The top Via for the responses to such a request (RFC 7339 §5.1, §5.2); the loss algorithm is the one that is chosen. */
export function withFeedback(top: Via, { lossPercent, validityMs, sequence }: OverloadFeedback): Via {
  const said = `;oc=${lossPercent};oc-algo="loss";oc-validity=${validityMs};oc-seq=${sequence.toFixed(3)}`;
  return top.withParams(new Params(bare(top.params).text + said));
}

/** What the top Via of a response to us says; `undefined` when its server says nothing that could be used (RFC 7339 §4). */
export function feedbackIn({ params }: Via): OverloadFeedback | undefined {
  const loss = params.get('oc');
  if (loss === undefined || loss === '') return undefined;
  const sequence = params.get('oc-seq') ?? '';
  const validity = params.get('oc-validity') ?? '500';
  const algorithm = params.get('oc-algo')?.trim().toLowerCase();
  if (!DIGITS.test(loss) || !DIGITS.test(validity) || (algorithm !== 'loss' && algorithm !== undefined))
    return undefined;
  // LENIENT: the example of RFC 7339 §6 has a response without oc-seq, which §4.4 demands.
  if (sequence !== '' && !SEQUENCE.test(sequence)) return undefined;
  return { lossPercent: Math.min(100, Number(loss)), validityMs: Number(validity), sequence: Number(sequence) };
}

/** A Via without what one hop says to the next; itself when nothing of it is there (RFC 7339 §5.6). */
export function withoutFeedback(one: Via): Via {
  const left = bare(one.params);
  return left === one.params ? one : one.withParams(left);
}

/** A response that goes on, its Vias without what nobody on this way may say (RFC 7339 §5.4). */
export function withoutStrayFeedback(response: Response): Response {
  if (!mentionsParam(response, via, 'oc')) return response;
  const copy = edit(response);
  try {
    copy.set(via, ...readAll(response, via).map(withoutFeedback));
  } catch (fault) {
    if (!(fault instanceof RemoteFault)) throw fault;
    copy.replaceTop(via, withoutFeedback(need(response, via))); // all that the next hop reads
  }
  return copy.response(response.status, response.reason);
}

const bare = (params: Params): Params => NAMES.reduce((left, name) => left.delete(name), params);

const NAMES = ['oc', 'oc-algo', 'oc-validity', 'oc-seq'];
const DIGITS = /^\d{1,9}$/;
const SEQUENCE = /^\d{1,12}\.\d{1,5}$/;
