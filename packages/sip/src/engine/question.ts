import type { Request } from '../message/message.ts';
import type { Context } from '../routing/index.ts';
import type { Instant, UnixMs } from '../text/time.ts';
import type { Flow } from '../uri/transport.ts';
import type { Core } from './core.ts';
import { ENGINE_LIMITS } from './limits.ts';
import type { ServerOwner } from './slot.ts';
import type { Timed } from './wheel.ts';

/** A request that a handler thinks about; it is what the handler is told, and what a CANCEL reaches meanwhile. */
export class Question implements Context, ServerOwner, Timed {
  dueAt: Instant = Number.POSITIVE_INFINITY;
  next: Timed | undefined = undefined;
  previous: Timed | undefined = undefined;
  place = -1;

  readonly request: Request;
  readonly flow: Flow;
  readonly now: Instant;
  readonly fail: (error: unknown) => void;
  onCancelled: () => void = () => undefined;
  /** The handler takes longer than a client waits before it sends an INVITE again. */
  onSlow: () => void = () => undefined;
  readonly #core: Core;
  #controller: AbortController | undefined;
  #isAborted = false;
  #state: 'open' | 'settled' = 'open';

  constructor(core: Core, request: Request, flow: Flow, fail: (error: unknown) => void) {
    this.#core = core;
    this.request = request;
    this.flow = flow;
    this.now = core.now;
    this.fail = fail;
  }

  get unix(): UnixMs {
    return this.#core.unix;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isAborted) this.#controller.abort();
    return this.#controller.signal;
  }

  /** The handler promised an answer: it has until the deadline. */
  wait(): void {
    this.#core.wheel.set(this, this.now + Math.min(TRYING_MS, ENGINE_LIMITS.decisionMs));
  }

  /** True the first time: the answer still counts. */
  settle(): boolean {
    if (this.#state === 'settled') return false;
    this.#state = 'settled';
    this.#core.wheel.remove(this);
    return true;
  }

  onDue(now: Instant): void {
    if (now < this.now + ENGINE_LIMITS.decisionMs) {
      this.onSlow();
      return this.#core.wheel.set(this, this.now + ENGINE_LIMITS.decisionMs);
    }
    if (this.settle()) this.fail(new Error('the handler did not decide in time'));
    this.#abort();
  }

  onCancel(): void {
    if (this.settle()) this.onCancelled();
    this.#abort();
  }

  onEnd(): void {
    this.settle();
    this.#abort();
  }

  /** Also for a handler that asks for the signal only later. */
  #abort(): void {
    this.#isAborted = true;
    this.#controller?.abort();
  }
}

/** RFC 3261 §17.2.1: a 100 unless the answer is sure to come within 200 ms. */
const TRYING_MS = 200;
