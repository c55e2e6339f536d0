import { cseq } from '../message/headers/index.ts';
import type { Request, Response } from '../message/message.ts';
import { need } from '../message/read.ts';
import type { Instant } from '../text/time.ts';
import { ackFor } from '../transaction/ack.ts';
import { cancelFor } from '../transaction/cancel.ts';
import { client } from '../transaction/client.ts';
import { inviteClient } from '../transaction/invite-client.ts';
import { clientKey } from '../transaction/keys.ts';
import { createMachine, dueAt, expire, isTerminated, type Machine, start, step } from '../transaction/machine.ts';
import { isReliable } from '../uri/transport.ts';
import type { Core } from './core.ts';
import type { TransportFault } from './ports.ts';
import type { ClientSlot, Destination, Inquiry } from './slot.ts';
import type { Timed } from './wheel.ts';

/** Who asked for a client transaction. */
export interface ClientOwner {
  /** Each provisional response, each 2xx to an INVITE, and the first of the other final responses. */
  onResponse(transaction: ClientTransaction, response: Response): void;
  /** No final response came, or the request could not be sent (RFC 3261 §17.1.4). */
  onFailure(transaction: ClientTransaction, why: 'timeout' | 'transport', fault: TransportFault | undefined): void;
  /** Nothing was heard for as long as the owner wanted to wait before it looks elsewhere; the transaction goes on. */
  onSilence?(transaction: ClientTransaction): void;
}

/** The slot of one client transaction: the machine's words are performed here, with the messages at hand (RFC 3261 §17.1). */
export class ClientTransaction implements ClientSlot {
  dueAt: Instant = Number.POSITIVE_INFINITY;
  next: Timed | undefined = undefined;
  previous: Timed | undefined = undefined;
  place = -1;

  readonly key: string;
  readonly method: string;
  readonly destination: Destination;
  about: Inquiry | 0 = 0;
  readonly #core: Core;
  /** `undefined` when there is nothing left to tell. */
  #owner: ClientOwner | undefined;
  readonly #machine: Machine;
  /** Needed for a CANCEL and the ACK to a failure; dropped with the final response. */
  #request: Request | undefined;
  /** What is sent again: the request, after a failure its ACK. */
  #bytes: Uint8Array | undefined;
  #cancel: 'no' | 'pending' | 'sent' = 'no';
  readonly #silenceMs: number;
  /** `Infinity` from the first response on. */
  #silentAt: Instant = Number.POSITIVE_INFINITY;
  #wasHeard = false;

  constructor(
    core: Core,
    owner: ClientOwner,
    request: Request,
    branch: string,
    destination: Destination,
    silenceMs = Number.POSITIVE_INFINITY,
  ) {
    this.#core = core;
    this.#owner = owner;
    this.#request = request;
    this.method = request.method;
    this.destination = destination;
    this.#silenceMs = silenceMs;
    this.key = clientKey(branch, request.method);
    const transport = isReliable(destination.transport.local.protocol) ? 'reliable' : 'unreliable';
    this.#machine = createMachine(request.method === 'INVITE' ? inviteClient : client, transport, core.timing);
  }

  start(): void {
    if (this.#request === undefined) return;
    this.#bytes = this.#core.print(this.#request, this.destination);
    this.#silentAt = this.#core.now + this.#silenceMs;
    const actions: string[] = [];
    start(this.#machine, this.#core.now, actions);
    this.#perform(actions, undefined, undefined);
  }

  /** True once a response other than a final one came and none since. */
  get isProceeding(): boolean {
    return this.#machine.state === 'proceeding';
  }

  /** True once any response came. */
  get wasHeard(): boolean {
    return this.#wasHeard;
  }

  receive(response: Response): void {
    this.#wasHeard = true;
    this.#silentAt = Number.POSITIVE_INFINITY;
    const input =
      response.status < 200
        ? 'provisional'
        : this.method !== 'INVITE'
          ? 'final'
          : response.status < 300
            ? 'success'
            : 'failure';
    this.#step(input, response, undefined);
    if (this.#cancel === 'pending' && this.isProceeding) this.#sendCancel();
  }

  /** Asks the server to give up an INVITE: at once, or as soon as it has shown that it knows it (RFC 3261 §9.1). */
  cancel(): void {
    if (this.method !== 'INVITE' || this.#cancel !== 'no') return;
    if (this.isProceeding) this.#sendCancel();
    else if (this.#machine.state === 'calling') this.#cancel = 'pending';
  }

  /**
   * Its owner has gone on to another server: the request is sent no more. An INVITE is cancelled should its server be heard of
   * after all.
   */
  leave(): void {
    if (this.method !== 'INVITE') return this.abandon();
    this.#bytes = undefined;
    this.cancel();
  }

  /** From now on somebody else is told, as far as anybody is. */
  tellInstead(owner: ClientOwner): void {
    if (this.#owner !== undefined) this.#owner = owner;
  }

  /** Nobody waits for it any more. */
  abandon(): void {
    this.#core.forgetClient(this);
  }

  /** RFC 3261 §18.4. A queue that is full says nothing about the peer: over UDP the request is sent again in any case. */
  onSendFailed(fault: TransportFault): void {
    if (fault.code === 'queueFull' && !this.#machine.reliable) return;
    this.#step('transportError', undefined, fault);
  }

  onDue(now: Instant): void {
    const isSilent = this.#silentAt <= now;
    if (isSilent) this.#silentAt = Number.POSITIVE_INFINITY;
    const actions: string[] = [];
    expire(this.#machine, now, actions);
    this.#perform(actions, undefined, undefined);
    if (isSilent) this.#owner?.onSilence?.(this);
  }

  #step(input: string, response: Response | undefined, fault: TransportFault | undefined): void {
    const actions: string[] = [];
    step(this.#machine, input, this.#core.now, actions);
    this.#perform(actions, response, fault);
  }

  #perform(actions: readonly string[], response: Response | undefined, fault: TransportFault | undefined): void {
    if (isTerminated(this.#machine)) this.#core.forgetClient(this);
    else this.#core.wheel.set(this, Math.min(dueAt(this.#machine), this.#silentAt));
    for (const action of actions) {
      if (action === 'send' || action === 'resend') this.#send(this.#bytes);
      else if (action === 'ack' && response !== undefined) this.#sendAck(response);
      else if (action === 'deliver' && response !== undefined) this.#owner?.onResponse(this, response);
      else if (action === 'timedOut') this.#owner?.onFailure(this, 'timeout', undefined);
      else if (action === 'lost') this.#lost(fault);
    }
    if (response !== undefined && response.status >= 200) this.#release(response);
  }

  /** A finished transaction waits up to half a minute: it must not keep its messages for so long. */
  #release(response: Response): void {
    this.#request = undefined;
    if (this.method !== 'INVITE' || response.status < 300) this.#bytes = undefined;
    if (this.method !== 'INVITE' || response.status >= 300) this.#owner = undefined;
  }

  /** Whose ACK is lost has had his answer. */
  #lost(fault: TransportFault | undefined): void {
    if (this.#owner !== undefined) this.#owner.onFailure(this, 'transport', fault);
    else if (fault !== undefined) this.#core.emitFault(fault, this.destination);
  }

  /** RFC 3261 §17.1.1.2: the same ACK for each retransmission of the failure. */
  #sendAck(response: Response): void {
    if (this.#request !== undefined) this.#bytes = this.#core.print(ackFor(this.#request, response), this.destination);
    this.#send(this.#bytes);
  }

  #sendCancel(): void {
    if (this.#request === undefined) return;
    this.#cancel = 'sent';
    const branch = this.key.slice(0, this.key.length - this.method.length);
    this.#core.startClient(
      new ClientTransaction(this.#core, NOBODY, cancelFor(this.#request), branch, this.destination),
    );
  }

  #send(bytes: Uint8Array | undefined): void {
    const { transport, host, port, connection, identity } = this.destination;
    if (bytes !== undefined) transport.send(bytes, host, port, connection, this.about, identity);
  }

  /** For logs and tests. */
  get describe(): string {
    return `${this.method} ${this.#request === undefined ? '' : need(this.#request, cseq).seq} ${this.#machine.state}`;
  }
}

/** Owner of transactions whose outcome changes nothing: a CANCEL of ours. */
const NOBODY: ClientOwner = { onResponse: () => undefined, onFailure: () => undefined };
