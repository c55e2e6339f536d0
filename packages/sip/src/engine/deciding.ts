import { callId, to, via } from '../message/headers/index.ts';
import type { Line, Request } from '../message/message.ts';
import { need, read } from '../message/read.ts';
import { reasonOf } from '../message/status.ts';
import type { Context, Decision, Handler, Reply } from '../routing/index.ts';
import { RemoteFault, UsageFault } from '../text/faults.ts';
import { isPromiseLike } from '../text/promise-like.ts';
import type { Instant, UnixMs } from '../text/time.ts';
import { mergedKey } from '../transaction/keys.ts';
import { replyTo } from '../transaction/reply.ts';
import type { Flow } from '../uri/transport.ts';
import type { Core } from './core.ts';
import { ENGINE_LIMITS } from './limits.ts';
import { breadthOf, isLooped, loopText } from './loops.ts';
import { Proxying } from './proxying.ts';
import type { ResponseRoute } from './response-route.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { ServerOwner } from './slot.ts';
import { forwardStateless } from './stateless.ts';
import type { Timed } from './wheel.ts';

/** Asks the handler about each new request and does what it decides. */
export class Deciding {
  readonly #core: Core;
  readonly #handler: Handler;
  #open: 'open' | 'closed' = 'open';
  #thinking = 0;
  /** The merged-request keys of the transactions that we answered as the server that they were for. */
  readonly #served = new Set<string>();

  constructor(core: Core, handler: Handler) {
    this.#core = core;
    this.#handler = handler;
  }

  /** From now on every new request is answered 503. */
  close(): void {
    this.#open = 'closed';
  }

  /** True when no request waits for its final answer. */
  get isIdle(): boolean {
    if (this.#thinking > 0) return false;
    for (const transaction of this.#core.servers.values()) if (!transaction.isAnswered) return false;
    return true;
  }

  decide(transaction: ServerTransaction, request: Request, flow: Flow): void {
    if (this.#isMerged(request)) return this.reply(transaction, 482, 'Merged Request', []);
    if (this.#open === 'closed') return this.reply(transaction, 503, undefined, []);
    const question = new Question(this.#core, request, flow, (fault) => this.#failed(transaction, fault));
    transaction.owner = question;
    question.onCancelled = () => this.reply(transaction, 487, undefined, []);
    if (request.method === 'INVITE') question.onSlow = () => transaction.respond(replyTo(request, 100, 'Trying'));
    this.#ask(question, (decision) => {
      if (!transaction.isAnswered) this.perform(transaction, decision);
    });
  }

  /** An ACK to a 2xx, or whatever else is handled without a transaction. */
  withoutTransaction(request: Request, route: ResponseRoute, flow: Flow): void {
    const question = new Question(this.#core, request, flow, () => undefined);
    this.#ask(question, (decision) => {
      if (decision.type === 'stateless')
        forwardStateless(this.#core, decision.request ?? request, decision.target, decision.options, route.transport);
      else if (this.#core.events.wants('message.dropped'))
        this.#core.events.emit({
          type: 'message.dropped',
          reason: decision.type === 'drop' ? decision.why : `${request.method} that nobody wants`,
          flow,
        });
    });
  }

  /** Does what was decided for a request that is not answered yet; what cannot be done is answered 500. */
  perform(transaction: ServerTransaction, decision: Decision): void {
    try {
      this.#perform(transaction, decision);
    } catch (error) {
      this.#failed(transaction, error);
    }
  }

  #perform(transaction: ServerTransaction, decision: Decision): void {
    const request = transaction.request;
    if (request === undefined) return;
    if (this.#core.events.wants('request.decided'))
      this.#core.events.emit({
        type: 'request.decided',
        method: request.method,
        callId: need(request, callId),
        decision: decision.type,
        status: decision.type === 'reply' ? decision.status : 0,
      });
    switch (decision.type) {
      case 'reply':
        if (!isFinal(decision.status)) throw new UsageFault(`a decision cannot have status ${decision.status}`);
        if (decision.state === 'none') return this.#answerOnce(transaction, request, decision);
        this.reply(transaction, decision.status, decision.reason, decision.headers, decision.body);
        if (decision.role === 'server') this.#remember(transaction, request);
        return;
      case 'forward':
        return this.#forward(transaction, decision.request ?? request, request, decision);
      case 'stateless':
        forwardStateless(
          this.#core,
          decision.request ?? request,
          decision.target,
          decision.options,
          transaction.route.transport,
        );
        return transaction.discard();
      case 'drop':
        return transaction.discard();
      case 'pass':
        return this.reply(transaction, 500, 'No Handler', []);
      default:
        throw new UsageFault(`nobody knows a decision of type ${String(Reflect.get(decision, 'type'))}`);
    }
  }

  /** Answers a request here. */
  reply(
    transaction: ServerTransaction,
    status: number,
    reason: string | undefined,
    headers: readonly Line[],
    body?: Uint8Array,
  ): void {
    const request = transaction.request;
    if (request === undefined) return;
    const toTag = read(request, to)?.tag === undefined && status > 100 ? this.#core.tokens.tag() : undefined;
    const response = replyTo(request, status, reason ?? reasonOf(status), {
      ...(toTag === undefined ? {} : { toTag }),
      edit: (copy) => {
        for (const line of headers) copy.add(line);
        if (body !== undefined) copy.body(body);
      },
    });
    transaction.owner = undefined;
    transaction.respond(response);
  }

  /** Answers and forgets: whoever has proved nothing yet shall not fill the tables, nor have answers sent again to whom it names. */
  #answerOnce(transaction: ServerTransaction, request: Request, { status, reason, headers }: Reply): void {
    const { transport, host, port, connection } = transaction.route;
    const response = replyTo(request, status, reason ?? reasonOf(status), {
      toTag: this.#core.tokens.statelessTag(need(request, via).branch ?? ''),
      edit: (copy) => {
        for (const line of headers) copy.add(line);
      },
    });
    transaction.discard();
    transport.send(this.#core.print(response, transaction.route), host, port, connection, 0);
  }

  /** RFC 3261 §8.2.2.2: a copy of what we are answering as its server, come another way. */
  #isMerged(request: Request): boolean {
    if (this.#served.size === 0) return false;
    const key = mergedKey(request);
    return key !== undefined && this.#served.has(key);
  }

  #remember(transaction: ServerTransaction, request: Request): void {
    const key = mergedKey(request);
    if (key === undefined || !this.#core.servers.has(transaction.key)) return;
    this.#served.add(key);
    transaction.owner = { onCancel: () => undefined, onEnd: () => this.#served.delete(key) };
  }

  #forward(
    transaction: ServerTransaction,
    request: Request,
    original: Request,
    decision: Extract<Decision, { type: 'forward' }>,
  ): void {
    const loopHash = this.#core.tokens.loopHash(loopText(original));
    if (isLooped(this.#core, original, loopHash)) return this.reply(transaction, 482, undefined, []);
    const proxying = new Proxying(this.#core, transaction, request, {
      ...decision.options,
      breadth: Math.min(breadthOf(original) ?? ENGINE_LIMITS.breadth, ENGINE_LIMITS.breadth),
      loopHash,
      decide: (server, next) => this.perform(server, next),
    });
    transaction.owner = proxying;
    if (request.method === 'INVITE' && transaction.isSilent) transaction.respond(replyTo(original, 100, 'Trying', {}));
    proxying.start(decision.plan);
  }

  #ask(question: Question, perform: (decision: Decision) => void): void {
    const decided = (decision: Decision): void => {
      try {
        perform(decision);
      } catch (error) {
        question.fail(error);
      }
    };
    try {
      const decision = this.#handler(question);
      if (!isPromiseLike(decision)) return decided(decision);
      this.#thinking += 1;
      question.wait();
      decision.then(
        (value) => this.#core.resume(() => this.#thought(question, () => decided(value))),
        (error: unknown) => this.#core.resume(() => this.#thought(question, () => question.fail(error))),
      );
    } catch (error) {
      question.fail(error);
    }
  }

  #thought(question: Question, then: () => void): void {
    this.#thinking -= 1;
    if (question.settle()) then();
  }

  /** RemoteFault: the peer's mistake, answered as it says; anything else is ours and answered 500. */
  #failed(transaction: ServerTransaction, error: unknown): void {
    if (transaction.isAnswered) return;
    if (error instanceof RemoteFault) return this.reply(transaction, error.status, error.reason, []);
    this.#core.events.emit({ type: 'fault', where: 'handler', error });
    this.reply(transaction, 500, undefined, []);
  }
}

/** A request that a handler thinks about; it is what the handler is told, and what a CANCEL reaches meanwhile. */
class Question implements Context, ServerOwner, Timed {
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

const isFinal = (status: number): boolean => Number.isInteger(status) && status >= 200 && status <= 699;

/** RFC 3261 §17.2.1: a 100 unless the answer is sure to come within 200 ms. */
const TRYING_MS = 200;
