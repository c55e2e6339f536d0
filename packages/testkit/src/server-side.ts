import { edit, type Line, need, type Request, type Response, recordRoute, via } from '@strowger/sip/message';
import { UsageFault } from '@strowger/sip/text';
import {
  createMachine,
  dueAt,
  expire,
  inviteServer,
  isTerminated,
  type Machine,
  replyTo,
  server,
  start,
  step,
} from '@strowger/sip/transaction';
import type { Heard } from './peer.ts';
import type { TransactionSite } from './transaction-site.ts';

export interface Answering {
  readonly reason?: string;
  readonly headers?: readonly Line[];
  readonly body?: Uint8Array;
}

/** One request that a phone was asked, and what it said. */
export class ServerSide {
  /** With `received` and `rport` in its top Via. */
  readonly request: Request;
  readonly heard: Heard;
  /** What our To tag is where the request brought none. */
  readonly toTag: string;
  readonly #site: TransactionSite;
  readonly #machine: Machine;
  #last: Response | undefined;
  #unplan = (): void => {};

  constructor(site: TransactionSite, request: Request, heard: Heard) {
    this.#site = site;
    const top = need(request, via);
    const rport = top.params.has('rport') ? top.params.set('rport', String(heard.from.port)) : top.params;
    const received = top.withParams(rport.set('received', heard.from.host));
    this.request = edit(request).replaceTop(via, received).request(request.method, request.uri);
    this.heard = heard;
    this.toTag = site.token();
    this.#machine = createMachine(request.method === 'INVITE' ? inviteServer : server, site.reliability, site.timing);
    start(this.#machine, site.world.now, []);
  }

  get isAnswered(): boolean {
    return this.#last !== undefined && this.#last.status >= 200;
  }

  /** The last response; nothing before the first one. */
  get said(): Response | undefined {
    return this.#last;
  }

  /** Answers; a dialog's Record-Route is copied by itself. @throws UsageFault after a final response */
  respond(status: number, { reason = 'Because', headers = [], body }: Answering = {}): Response {
    if (this.isAnswered) throw new UsageFault(`${this.request.method} has its final answer already`);
    const response = replyTo(this.request, status, reason, {
      toTag: this.toTag,
      ...(status > 100 && status < 300 ? { copy: [recordRoute] } : {}),
      edit: (copy) => {
        for (const line of headers) copy.add(line);
        if (body !== undefined) copy.body(body);
      },
    });
    this.#last = response;
    const isInvite = this.request.method === 'INVITE';
    const final = isInvite ? (status < 300 ? 'sendSuccess' : 'sendFailure') : 'sendFinal';
    this.#step(status < 200 ? 'sendProvisional' : final);
    return response;
  }

  /** Sends the last response once more: the 2xx that nobody acknowledges (RFC 3261 §13.3.1.4). */
  repeat(): void {
    if (this.#last !== undefined) this.#send(this.#last);
  }

  /** True when an ACK is not for this transaction, but for the 2xx that it was answered with. */
  take(input: 'request' | 'ack'): boolean {
    return this.#step(input).includes('deliverAck');
  }

  #step(input: string): readonly string[] {
    const actions: string[] = [];
    step(this.#machine, input, this.#site.world.now, actions);
    this.#perform(actions);
    return actions;
  }

  #perform(actions: readonly string[]): void {
    for (const action of actions)
      if (this.#last !== undefined && (action === 'reply' || action === 'resend')) this.#send(this.#last);
    this.#unplan();
    if (isTerminated(this.#machine)) return this.#site.forget(this.request);
    const due = dueAt(this.#machine);
    if (due === Number.POSITIVE_INFINITY) return;
    this.#unplan = this.#site.world.at(due, () => {
      const out: string[] = [];
      expire(this.#machine, this.#site.world.now, out);
      this.#perform(out);
    });
  }

  /** RFC 3261 §18.2.2, RFC 3581 §4: on the connection; else to the source, at the port that the Via wants. */
  #send(response: Response): void {
    const top = need(this.request, via);
    const { from, connection } = this.heard;
    const port = connection !== 0 || top.params.has('rport') ? from.port : (top.port ?? 5060);
    this.#site.peer.send(response, { host: from.host, port }, connection);
  }
}
