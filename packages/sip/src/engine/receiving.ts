import { edit } from '../message/edit.ts';
import { cseq, to, type Via, via } from '../message/headers/index.ts';
import type { Limits } from '../message/limits.ts';
import type { Message, Request, Response } from '../message/message.ts';
import { need, read } from '../message/read.ts';
import { type Malformed, parse } from '../message/wire.ts';
import { feedbackIn, offersFeedback, withFeedback, withoutFeedback } from '../overload/index.ts';
import { RemoteFault } from '../text/faults.ts';
import { cancelKey, clientKey, serverKey } from '../transaction/keys.ts';
import { defaultPort } from '../uri/transport.ts';
import { type Core, flowOf } from './core.ts';
import type { Deciding } from './deciding.ts';
import type { Relief } from './gate.ts';
import { inspect } from './inspect.ts';
import { ENGINE_LIMITS } from './limits.ts';
import type { Flow, Transport } from './ports.ts';
import { type ResponseRoute, responseRouteOf, withReceived } from './response-route.ts';
import { ServerTransaction } from './server-transaction.ts';
import type { ServerSlot } from './slot.ts';
import { forwardResponse, replyStateless } from './stateless.ts';

export interface ReceivingOptions {
  readonly limits: Limits;
  /** Which new requests are too much; none when missing. */
  readonly relief: Relief | undefined;
  /** What happens to a CANCEL that matches no transaction: a stateless proxy sends it after its INVITE (RFC 3261 §16.10, §16.11). */
  readonly unmatchedCancel: 'answer' | 'handle';
}

/** What becomes of each message: the transaction that it belongs to hears of it, or it is a new request to decide on. */
export class Receiving {
  readonly #core: Core;
  readonly #deciding: Deciding;
  readonly #options: ReceivingOptions;

  constructor(core: Core, deciding: Deciding, options: ReceivingOptions) {
    this.#core = core;
    this.#deciding = deciding;
    this.#options = options;
  }

  /** Takes one message that came whole; what goes wrong with it is told and stops here. */
  receive(transport: Transport, bytes: Uint8Array, host: string, port: number, connection: number): void {
    try {
      this.#take(transport, bytes, host, port, connection);
    } catch (error) {
      this.#core.events.emit({ type: 'fault', where: 'engine', error });
    }
  }

  #take(transport: Transport, bytes: Uint8Array, host: string, port: number, connection: number): void {
    const flow = flowOf(transport, host, port, connection);
    const parsed = parse(bytes, this.#core.text, this.#options.limits);
    try {
      if (parsed.kind === 'malformed') return this.#malformed(parsed, transport, flow, bytes.length);
      if (this.#core.events.wanted['message.received'])
        this.#core.events.emit({ type: 'message.received', message: parsed, flow });
      if (parsed.kind === 'request') this.#request(parsed, transport, flow);
      else this.#response(parsed, transport, flow);
    } catch (fault) {
      if (!(fault instanceof RemoteFault)) throw fault;
      const message = parsed.kind === 'malformed' ? parsed.message : parsed;
      this.#refuse(message, fault.status, fault.reason, transport, flow, fault.message);
    }
  }

  #request(received: Request, transport: Transport, flow: Flow): void {
    inspect(received);
    const { relief } = this.#options;
    const top = need(received, via);
    const fixed = withReceived(this.#withoutLoad(top), flow.host, flow.port);
    const request =
      fixed === top ? received : edit(received).replaceTop(via, fixed).request(received.method, received.uri);
    if (flow.connection !== 0 && top.params.has('alias'))
      transport.alias?.(flow.connection, top.port ?? defaultPort(flow.local.protocol)); // RFC 5923 §8.2
    // What was written into the Via changes neither, and what was looked for in it before is found faster.
    const key = serverKey(received);
    const known = this.#core.servers.get(key);
    const route = responseRouteOf(top, transport, flow);
    if (known !== undefined) {
      if (known.receive(request)) this.#deciding.withoutTransaction(request, route, flow);
      return;
    }
    if (request.method === 'ACK') {
      if (!this.#isForOnceAnswered(request, fixed)) this.#deciding.withoutTransaction(request, route, flow);
      return;
    }
    if (request.method === 'CANCEL') {
      const target = this.#core.servers.get(cancelKey(request));
      if (target === undefined && this.#options.unmatchedCancel === 'handle')
        return this.#deciding.withoutTransaction(request, route, flow);
      // RFC 3261 §22.1: from the hop that sent the INVITE; all who got the INVITE know what else it takes.
      if (target === undefined || target.route.host !== route.host)
        throw new RemoteFault(481, 'Call/Transaction Does Not Exist');
      return this.#cancel(key, request, target, route, this.#reliefFor(top));
    }
    const refused = relief?.refusal(received, this.#core.now);
    if (refused !== undefined)
      return void replyStateless(this.#core, this.#told(received), 503, 'Overloaded', transport, flow, refused.headers);
    if (this.#core.servers.size >= ENGINE_LIMITS.serverTransactions)
      return void this.#refuse(
        received,
        503,
        'Too Many Transactions',
        transport,
        flow,
        'table of transactions is full',
      );
    const transaction = new ServerTransaction(this.#core, key, request, route);
    transaction.relief = this.#reliefFor(top);
    this.#core.startServer(transaction);
    this.#deciding.decide(transaction, request, flow);
  }

  /**
   * A Via without what its client and we say to each other about load (RFC 7339 §5.6): responses get the answer to it.
   *
   * DEVIATION(RFC 7339 §5.6): a stateless proxy leaves it there, since nothing else would bring our answer to the client.
   */
  #withoutLoad(top: Via): Via {
    if (!top.params.has('oc')) return top;
    const { relief, unmatchedCancel } = this.#options;
    if (unmatchedCancel === 'answer') return withoutFeedback(top);
    return relief !== undefined && offersFeedback(top) ? withFeedback(top, relief.feedbackAt(this.#core.now)) : top;
  }

  /** Who says what the client asked to be told; `undefined` where it did not ask, or stands in the Via already. */
  #reliefFor(top: Via): Relief | undefined {
    const isAsked = top.params.has('oc') && this.#options.unmatchedCancel === 'answer' && offersFeedback(top);
    return isAsked ? this.#options.relief : undefined;
  }

  /** A request as it came, with what its client asked to be told: for an answer of which nothing is kept. */
  #told(request: Request): Request {
    const { relief } = this.#options;
    const top = relief === undefined ? undefined : topOf(request);
    if (relief === undefined || top === undefined || !offersFeedback(top)) return request;
    const told = withFeedback(top, relief.feedbackAt(this.#core.now));
    return edit(request).replaceTop(via, told).request(request.method, request.uri);
  }

  /** The ACK to an answer that was given without keeping anything: its To tag says so. */
  #isForOnceAnswered(ack: Request, top: Via): boolean {
    return this.#core.tokens.isStatelessTag(need(ack, to).tag, top.branch ?? '');
  }

  /** RFC 3261 §9.2: a CANCEL is answered for itself; the INVITE gets its own answer. */
  #cancel(key: string, request: Request, target: ServerSlot, route: ResponseRoute, relief: Relief | undefined): void {
    const transaction = new ServerTransaction(this.#core, key, request, route);
    transaction.relief = relief;
    this.#core.startServer(transaction);
    this.#deciding.reply(transaction, 200, undefined, []);
    if (!target.isAnswered) target.owner?.onCancel();
  }

  #response(response: Response, transport: Transport, flow: Flow): void {
    inspect(response);
    const top = need(response, via);
    const { branch } = top;
    const client =
      branch === undefined ? undefined : this.#core.clients.get(clientKey(branch, need(response, cseq).method));
    if (client !== undefined) {
      // Who stands behind the server knows our Via too, and could have it spared (RFC 7339 §11).
      const said = flow.host === client.destination.host ? feedbackIn(top) : undefined;
      if (said !== undefined) this.#core.downstream.hear(client.destination, said, this.#core.now);
      return client.receive(response);
    }
    // RFC 6026 §8.2: a proxy that keeps state passes on nothing that it did not ask for.
    const isPassed = this.#options.unmatchedCancel === 'handle' && forwardResponse(this.#core, response, transport);
    if (!isPassed) this.#core.emitDropped('response without a transaction', flow);
  }

  #malformed(malformed: Malformed, transport: Transport, flow: Flow, bytes: number): void {
    const { message, status, reason, position } = malformed;
    const answered = this.#refuse(message, status, reason, transport, flow, undefined);
    if (this.#core.events.wanted['message.malformed'])
      this.#core.events.emit({ type: 'message.malformed', reason, position, bytes, flow, answered });
  }

  /** Answers a request that cannot be handled, when it says enough to be answered; anything else is dropped and counted. */
  #refuse(
    message: Message | undefined,
    status: number,
    reason: string,
    transport: Transport,
    flow: Flow,
    why: string | undefined,
  ): number {
    const answered =
      message?.kind === 'request' &&
      message.method !== 'ACK' &&
      replyStateless(this.#core, this.#told(message), status, reason, transport, flow)
        ? status
        : 0;
    if (why !== undefined && this.#core.events.wanted['message.malformed'])
      this.#core.events.emit({ type: 'message.malformed', reason, position: 0, bytes: 0, flow, answered });
    return answered;
  }
}

/** `undefined` for a top Via that is not there or cannot be read. */
function topOf(request: Request): Via | undefined {
  try {
    return read(request, via);
  } catch (fault) {
    if (fault instanceof RemoteFault) return undefined;
    throw fault;
  }
}
