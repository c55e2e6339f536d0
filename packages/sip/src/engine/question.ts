import type { Request } from '../message/message.ts';
import type { Context, Decision } from '../routing/index.ts';
import type { Instant, UnixMs } from '../text/time.ts';
import type { Flow } from '../uri/transport.ts';
import type { Core } from './core.ts';
import { ENGINE_LIMITS } from './limits.ts';
import type { ServerOwner } from './slot.ts';
import type { Timed } from './wheel.ts';

/** Who wants to know what a handler decides about a request. */
export interface Asker {
  onDecision(decision: Decision): void;
  /** The handler, or what it decided, has failed. */
  onFault(error: unknown): void;
  /** The client has given up. */
  onCancelled(): void;
  /** The handler takes longer than a client waits before it sends an INVITE again. */
  onSlow(): void;
}

/** A request that a handler thinks about; it is what the handler is told, and what a CANCEL reaches meanwhile. */
export class Question implements Context, ServerOwner, Timed {
  dueAt: Instant = Number.POSITIVE_INFINITY;
  next: Timed | undefined = undefined;
  previous: Timed | undefined = undefined;
  place = -1;

  readonly request: Request;
  readonly flow: Flow;
  readonly now: Instant;
  readonly #asker: Asker;
  readonly #core: Core;
  #controller: AbortController | undefined;
  #isAborted = false;
  #state: 'open' | 'settled' = 'open';

  constructor(core: Core, request: Request, flow: Flow, asker: Asker) {
    this.#core = core;
    this.request = request;
    this.flow = flow;
    this.now = core.now;
    this.#asker = asker;
  }

  /** The handler's answer, unless it cannot be followed. */
  decided(decision: Decision): void {
    try {
      this.#asker.onDecision(decision);
    } catch (error) {
      this.#asker.onFault(error);
    }
  }

  fail(error: unknown): void {
    this.#asker.onFault(error);
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
      this.#asker.onSlow();
      return this.#core.wheel.set(this, this.now + ENGINE_LIMITS.decisionMs);
    }
    if (this.settle()) this.fail(new Error('the handler did not decide in time'));
    this.#abort();
  }

  onCancel(): void {
    if (this.settle()) this.#asker.onCancelled();
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
