import type { Refusal, Relief } from '@strowger/sip/engine';
import { line, need, type Request, retryAfter, via } from '@strowger/sip/message';
import { importanceOf, Load, Loss, type OverloadFeedback } from '@strowger/sip/overload';
import type { Instant } from '@strowger/sip/text';

/** Gives up new work when there is too much of it, and tells the hop before how much (RFC 7339). */
export class OverloadRelief implements Relief {
  readonly load = new Load();
  readonly #loss = new Loss();
  readonly #onRefused: () => void;
  #refused = 0;

  constructor(onRefused: () => void) {
    this.#onRefused = onRefused;
  }

  /**
   * DEVIATION(RFC 7339 §5.10.2): a 503 to whoever does not understand feedback has Retry-After, so that phones do not come
   * again at once. Who does understand it is told by it, and goes on with what is more important (RFC 3261 §21.5.4).
   */
  refusal(request: Request, now: Instant): Refusal | undefined {
    const loss = this.load.lossAt(now);
    if (loss === 0 || !this.#loss.takes(importanceOf(request), loss)) return undefined;
    this.#onRefused();
    this.#refused += 1;
    const seen = need(request, via).params.has('oc');
    return seen ? SILENT : (REFUSALS[this.#refused % REFUSALS.length] ?? SILENT);
  }

  feedbackAt(now: Instant): OverloadFeedback {
    return this.load.feedbackAt(now);
  }
}

const SILENT: Refusal = { headers: [] };
/** Not the same time for all, or all would come again at once. */
const REFUSALS: readonly Refusal[] = Array.from({ length: 16 }, (_, i) => ({
  headers: [line('Retry-After', retryAfter.encode({ seconds: 5 + i }))],
}));
