import { edit } from '../message/edit.ts';
import { callId, to, via } from '../message/headers/index.ts';
import type { Line, Request, Response } from '../message/message.ts';
import { need, read } from '../message/read.ts';
import { reasonOf } from '../message/status.ts';
import { type Decision, type Handler, type Reply, reply } from '../routing/index.ts';
import { RemoteFault, UsageFault } from '../text/faults.ts';
import { isPromiseLike } from '../text/promise-like.ts';
import { mergedKey } from '../transaction/keys.ts';
import { replyTo } from '../transaction/reply.ts';
import { type Flow, isReliable } from '../uri/transport.ts';
import type { Core } from './core.ts';
import { ENGINE_LIMITS } from './limits.ts';
import { breadthOf, isLooped, loopText } from './loops.ts';
import { Proxying } from './proxying.ts';
import { type Asker, Question } from './question.ts';
import { type ResponseRoute, withKeep } from './response-route.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { ServerOwner } from './slot.ts';
import { forwardStateless, statelessBranchOf } from './stateless.ts';

/** `kept`: what is forwarded has transactions, but for ACKs to 2xx; `none`: a stateless proxy (RFC 3261 §16.11). */
type DecidingState = 'kept' | 'none';

/** Asks the handler about each new request and does what it decides. */
export class Deciding {
  readonly #core: Core;
  readonly #handler: Handler;
  readonly #state: DecidingState;
  #open: 'open' | 'closed' = 'open';
  #thinking = 0;
  /** The merged-request keys of the transactions that we answered as the server that they were for. */
  readonly #served = new Set<string>();
  /** The request whose key was asked for last: most are asked for twice in a row. */
  #asked: Request | undefined;
  #askedKey: string | undefined;

  /** Kept for as long as a call may be answered once more, so it is one for all. */
  readonly #decideLater = (server: ServerTransaction, decision: Reply): void => this.perform(server, decision);

  constructor(core: Core, handler: Handler, state: DecidingState) {
    this.#core = core;
    this.#handler = handler;
    this.#state = state;
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
    const question = new Question(this.#core, request, flow, new InTransaction(this, transaction));
    transaction.owner = question;
    this.#ask(question);
  }

  /** An ACK to a 2xx, or whatever else is handled without a transaction. */
  withoutTransaction(request: Request, route: ResponseRoute, flow: Flow): void {
    this.#ask(new Question(this.#core, request, flow, new WithoutTransaction(this, request, route, flow)));
  }

  /** Sends on what needs no transaction, and nothing else. */
  performOnce(request: Request, decision: Decision, route: ResponseRoute, flow: Flow): void {
    if (decision.type === 'stateless' && this.#forwardOnce(request, decision, route)) return;
    this.#core.emitDropped(whyDropped(request, decision), flow);
  }

  /** Does what was decided for a request that is not answered yet; what cannot be done is answered 500. */
  perform(transaction: ServerTransaction, decision: Decision): void {
    try {
      this.#perform(transaction, decision);
    } catch (error) {
      this.failed(transaction, error);
    }
  }

  #perform(transaction: ServerTransaction, decision: Decision): void {
    const request = transaction.request;
    if (request === undefined) return;
    if (this.#core.events.wanted['request.decided'])
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
        if (decision.state === 'none' && mayForget(transaction))
          return this.#answerOnce(transaction, request, decision);
        this.reply(transaction, decision.status, decision.reason, decision.headers, decision.body);
        if (decision.role === 'server') this.#remember(transaction, request);
        return;
      case 'forward':
        return this.#forward(transaction, decision.request ?? request, request, decision);
      case 'stateless':
        if (!this.#forwardOnce(request, decision, transaction.route))
          return this.#answerOnce(transaction, request, reply(482));
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
    const toTag = read(request, to)?.tag ?? this.#core.tokens.tag();
    const response = withBody(replyTo(request, status, reason ?? reasonOf(status), { toTag, headers }), body);
    transaction.owner = undefined;
    const isRegistered = request.method === 'REGISTER' && status < 300;
    transaction.respond(isRegistered ? withKeep(response, this.#core.keepAliveSeconds) : response);
  }

  /** Answers and forgets: whoever has proved nothing yet shall not fill the tables, nor have answers sent again to whom it names. */
  #answerOnce(transaction: ServerTransaction, request: Request, answer: Reply): void {
    const { status, reason, headers, body } = answer;
    const { transport, host, port, connection } = transaction.route;
    const toTag = this.#core.tokens.statelessTag(need(request, via).branch ?? '');
    const response = withBody(replyTo(request, status, reason ?? reasonOf(status), { toTag, headers }), body);
    transaction.discard();
    transport.send(this.#core.print(transaction.told(response), transaction.route), host, port, connection, 0);
  }

  /** RFC 3261 §8.2.2.2: a copy of what we are answering as its server, come another way. */
  #isMerged(request: Request): boolean {
    if (this.#served.size === 0) return false;
    const key = this.#keyOf(request);
    return key !== undefined && this.#served.has(key);
  }

  #keyOf(request: Request): string | undefined {
    if (this.#asked !== request) {
      this.#asked = request;
      this.#askedKey = mergedKey(request);
    }
    return this.#askedKey;
  }

  #remember(transaction: ServerTransaction, request: Request): void {
    const key = this.#keyOf(request);
    if (key === undefined || !this.#core.servers.has(transaction.key)) return;
    this.#served.add(key);
    transaction.owner = new Served(this.#served, key);
  }

  /** Sends a request on without keeping anything; false for one that was here before (RFC 3261 §16.3 step 4, §16.11). */
  #forwardOnce(request: Request, decision: Extract<Decision, { type: 'stateless' }>, route: ResponseRoute): boolean {
    const { target, options } = decision;
    const loopHash = this.#core.tokens.loopHash(loopText(request));
    if (isLooped(this.#core, request, loopHash)) return false;
    // Who keeps state knows by it whose response came; an ACK gets none.
    const sent = decision.request ?? request;
    const { tokens } = this.#core;
    const branch = this.#state === 'kept' ? tokens.branch(loopHash) : statelessBranchOf(this.#core, sent, loopHash);
    forwardStateless(this.#core, sent, target, options, route, branch);
    return true;
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
      forward: decision.options,
      breadth: Math.min(breadthOf(original) ?? ENGINE_LIMITS.breadth, ENGINE_LIMITS.breadth),
      loopHash,
      decide: this.#decideLater,
    });
    transaction.owner = proxying;
    if (request.method === 'INVITE' && transaction.isSilent) transaction.trying();
    proxying.start(decision.plan);
  }

  #ask(question: Question): void {
    try {
      const decision = this.#handler(question);
      if (!isPromiseLike(decision)) return question.decided(decision);
      this.#thinking += 1;
      question.wait();
      decision.then(
        (value) => this.#core.resume(() => this.#thought(question, () => question.decided(value))),
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

  /** RemoteFault: the peer's mistake, answered as it says and forgotten; anything else is ours and answered 500. */
  failed(transaction: ServerTransaction, error: unknown): void {
    const { request } = transaction;
    if (request === undefined) return;
    if (error instanceof RemoteFault)
      return mayForget(transaction)
        ? this.#answerOnce(transaction, request, reply(error.status, error.reason))
        : this.reply(transaction, error.status, error.reason, []);
    this.#core.events.emit({ type: 'fault', where: 'handler', error });
    this.reply(transaction, 500, undefined, []);
  }
}

/** A request that gets an answer. */
class InTransaction implements Asker {
  readonly #deciding: Deciding;
  readonly #transaction: ServerTransaction;

  constructor(deciding: Deciding, transaction: ServerTransaction) {
    this.#deciding = deciding;
    this.#transaction = transaction;
  }

  onDecision(decision: Decision): void {
    if (!this.#transaction.isAnswered) this.#deciding.perform(this.#transaction, decision);
  }

  onFault(error: unknown): void {
    this.#deciding.failed(this.#transaction, error);
  }

  onCancelled(): void {
    this.#deciding.reply(this.#transaction, 487, undefined, []);
  }

  onSlow(): void {
    if (this.#transaction.method === 'INVITE') this.#transaction.trying();
  }
}

/** A request that gets none: what fails of it fails without a word. */
class WithoutTransaction implements Asker {
  readonly #deciding: Deciding;
  readonly #request: Request;
  readonly #route: ResponseRoute;
  readonly #flow: Flow;

  constructor(deciding: Deciding, request: Request, route: ResponseRoute, flow: Flow) {
    this.#deciding = deciding;
    this.#request = request;
    this.#route = route;
    this.#flow = flow;
  }

  onDecision(decision: Decision): void {
    this.#deciding.performOnce(this.#request, decision, this.#route, this.#flow);
  }

  onFault(): void {
    // There is nobody to tell.
  }

  onCancelled(): void {
    // It has no transaction that could be cancelled.
  }

  onSlow(): void {
    // Nobody waits.
  }
}

/** Who has answered as the server that a request was for: until its transaction ends, copies of it are known as such. */
class Served implements ServerOwner {
  readonly #keys: Set<string>;
  readonly #key: string;

  constructor(keys: Set<string>, key: string) {
    this.#keys = keys;
    this.#key = key;
  }

  onCancel(): void {
    // It is answered.
  }

  onEnd(): void {
    this.#keys.delete(this.#key);
  }
}

const withBody = (response: Response, body: Uint8Array | undefined): Response =>
  body === undefined ? response : edit(response).body(body).response(response.status, response.reason);

/**
 * A client that has heard a 100 does not send its INVITE again (RFC 3261 §17.1.1.2): over UDP a lost answer to it is lost for good
 * unless we repeat it (§8.2.7).
 */
const mayForget = (transaction: ServerTransaction): boolean =>
  transaction.method !== 'INVITE' || transaction.isSilent || isReliable(transaction.route.transport.local.protocol);

function whyDropped({ method }: Request, decision: Decision): string {
  if (decision.type === 'stateless') return `${method} that was here before`;
  return decision.type === 'drop' ? decision.why : `${method} that nobody wants`;
}

const isFinal = (status: number): boolean => Number.isInteger(status) && status >= 200 && status <= 699;
