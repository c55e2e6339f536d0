import type { Request, Response } from '@strowger/sip/message';
import type { Instant } from '@strowger/sip/text';
import {
  ackFor,
  cancelFor,
  client,
  createMachine,
  dueAt,
  expire,
  inviteClient,
  isTerminated,
  type Machine,
  start,
  step,
} from '@strowger/sip/transaction';
import type { Place } from './traffic.ts';
import type { TransactionSite } from './transaction-site.ts';

/** Who asked: every response that counts, and the end without one. */
export interface ClientEvents {
  onResponse(response: Response): void;
  onEnd(why: 'timeout' | 'lost'): void;
}

/** One request of a phone and what came back. */
export class ClientSide {
  readonly request: Request;
  readonly to: Place;
  readonly about: number;
  /** When it began. */
  readonly at: Instant;
  /** Everything that ever came, retransmissions too. */
  readonly responses: Response[] = [];
  readonly #site: TransactionSite;
  readonly #events: ClientEvents;
  readonly #machine: Machine;
  #unplan = (): void => {};
  #cancel: 'no' | 'pending' | 'sent' = 'no';
  #isGivenUp = false;

  constructor(site: TransactionSite, request: Request, to: Place, events: ClientEvents, about: number) {
    this.#site = site;
    this.request = request;
    this.to = to;
    this.about = about;
    this.at = site.world.now;
    this.#events = events;
    const table = request.method === 'INVITE' ? inviteClient : client;
    this.#machine = createMachine(table, site.reliability, site.timing);
  }

  get hasEnded(): boolean {
    return this.#isGivenUp || isTerminated(this.#machine);
  }

  begin(): void {
    const actions: string[] = [];
    start(this.#machine, this.#site.world.now, actions);
    this.#perform(actions, undefined);
  }

  take(response: Response): void {
    this.responses.push(response);
    if (this.#isGivenUp) return;
    const isInvite = this.request.method === 'INVITE';
    const final = isInvite ? (response.status < 300 ? 'success' : 'failure') : 'final';
    this.#step(response.status < 200 ? 'provisional' : final, response);
    if (this.#cancel === 'pending' && this.#machine.state === 'proceeding') this.#sendCancel();
  }

  /** RFC 3261 §9.1: not before a provisional response has come, and not after a final one. */
  cancel(): void {
    if (this.#cancel !== 'no') return;
    if (this.#machine.state === 'proceeding') this.#sendCancel();
    else if (this.#machine.state === 'calling') this.#cancel = 'pending';
  }

  fail(): void {
    this.#step('transportError', undefined);
  }

  #step(input: string, response: Response | undefined): void {
    const actions: string[] = [];
    step(this.#machine, input, this.#site.world.now, actions);
    this.#perform(actions, response);
  }

  #perform(actions: readonly string[], response: Response | undefined): void {
    this.#plan();
    for (const action of actions) {
      if (action === 'send' || action === 'resend') this.#send(this.request);
      else if (action === 'ack' && response !== undefined) this.#send(ackFor(this.request, response));
      else if (action === 'deliver' && response !== undefined) this.#events.onResponse(response);
      else if (action === 'timedOut' || action === 'lost')
        this.#events.onEnd(action === 'timedOut' ? 'timeout' : 'lost');
    }
  }

  #plan(): void {
    this.#unplan();
    const due = dueAt(this.#machine);
    if (due === Number.POSITIVE_INFINITY) return;
    this.#unplan = this.#site.world.at(due, () => {
      const actions: string[] = [];
      expire(this.#machine, this.#site.world.now, actions);
      this.#perform(actions, undefined);
    });
  }

  #send(request: Request): void {
    this.#site.peer.send(request, this.to, 0, this.about);
  }

  #sendCancel(): void {
    this.#cancel = 'sent';
    this.#site.askAside(cancelFor(this.request), this.to);
    this.#site.world.after(64 * this.#site.timing.t1, () => this.#giveUp());
  }

  /** RFC 3261 §9.1: a cancelled request without a final response is over after 64*T1. */
  #giveUp(): void {
    if (this.#machine.state !== 'proceeding') return;
    this.#isGivenUp = true;
    this.#events.onEnd('timeout');
  }
}
