import type { Via } from '../message/headers/index.ts';
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

/** The top Via of a request of ours, saying that feedback by the loss algorithm is understood (RFC 7339 §4.1, §4.2). */
export const withOffer = (top: Via): Via => top.withParams(new Params(`${bare(top.params).text};oc;oc-algo="loss"`));

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
  const loss = params.get('oc') ?? '';
  const sequence = params.get('oc-seq') ?? '';
  const validity = params.get('oc-validity') ?? '500';
  const algorithm = params.get('oc-algo')?.trim().toLowerCase();
  if (!DIGITS.test(loss) || !DIGITS.test(validity) || (algorithm !== 'loss' && algorithm !== undefined))
    return undefined;
  // LENIENT: the example of RFC 7339 §6 has a response without oc-seq, which §4.4 demands.
  if (sequence !== '' && !SEQUENCE.test(sequence)) return undefined;
  return { lossPercent: Math.min(100, Number(loss)), validityMs: Number(validity), sequence: Number(sequence) };
}

const bare = (params: Params): Params => NAMES.reduce((left, name) => left.delete(name), params);

const NAMES = ['oc', 'oc-algo', 'oc-validity', 'oc-seq'];
const DIGITS = /^\d{1,9}$/;
const SEQUENCE = /^\d{1,12}\.\d{1,5}$/;
