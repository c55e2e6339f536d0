import type { Request, Response } from '../message/message.ts';
import type { Transport, TransportFault } from './ports.ts';
import type { ResponseRoute } from './response-route.ts';
import type { Timed } from './wheel.ts';

/** Transactions as the tables of an engine hold them. */

/** Where a client transaction sends: a transport of ours, the peer's address, and a connection or 0. */
export interface Destination {
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
  readonly connection: number;
  /** The name that led there, which the peer has to prove where there are certificates (RFC 5922 §7.3); missing for an address. */
  readonly identity?: string | undefined;
}

/** Who answers a request: a proxy's fork, or a handler that has not decided yet. */
export interface ServerOwner {
  /** The client has given up (CANCEL). */
  onCancel(): void;
  /** The transaction is over; late answers are dropped. */
  onEnd(): void;
}

/** What every transaction has, whichever side it is. */
interface Slot extends Timed {
  readonly key: string;
  readonly method: string;
  /** Asks what becomes of what this transaction sends; 0 while nobody asks. */
  about: Inquiry | 0;
  onSendFailed(fault: TransportFault): void;
}

/** What a transport is given with a message, for the transaction that wants to hear that it did not leave. */
export class Inquiry {
  /** `undefined` when it does not want to any more. */
  slot: Slot | undefined;

  constructor(slot: Slot) {
    this.slot = slot;
  }
}

export interface ClientSlot extends Slot {
  readonly destination: Destination;
  start(): void;
  receive(response: Response): void;
}

export interface ServerSlot extends Slot {
  readonly route: ResponseRoute;
  owner: ServerOwner | undefined;
  /** True once a final response was given. */
  readonly isAnswered: boolean;
  /** The first look at its deadlines, when it is in the table. */
  watch(): void;
  /** The same request again, or an ACK; true when the ACK is for a 2xx and so for whoever the INVITE went to (RFC 6026 §7.1). */
  receive(request: Request): boolean;
}
