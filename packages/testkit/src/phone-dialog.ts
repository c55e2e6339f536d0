import {
  contact,
  cseq,
  type Line,
  line,
  need,
  type Request,
  type Response,
  read,
  readAll,
  recordRoute,
  to,
} from '@strowger/sip/message';
import { linesOf, type Outcome, placeOf, requestFrom, type Sender, Sending } from './phone-requests.ts';
import type { ServerSide } from './server-side.ts';

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** How an INVITE's 2xx is acknowledged: at once, so many milliseconds late, or never. */
  readonly ack?: 'at once' | 'never' | number;
  readonly ackBody?: Uint8Array;
}

export interface DialogStart {
  readonly callId: string;
  /** From and To header values of our requests, tags and all. */
  readonly local: string;
  readonly remote: string;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly target: string;
  readonly routes: readonly string[];
  readonly localSeq: number;
}

/** A dialog of a phone (RFC 3261 §12), with the least that a call needs. */
export class PhoneDialog {
  readonly start: DialogStart;
  readonly #sender: Sender;
  readonly #contact: Line;
  #target: string;
  #localSeq: number;
  #acks = 0;
  #isOver = false;
  /** Ends the repetition of a 2xx, by the CSeq number of its INVITE. */
  readonly #unacknowledged = new Map<number, () => void>();
  /** What is done with requests of the other side but ACK, BYE and CANCEL. Answers 200 when nobody says otherwise. */
  onRequest: (asked: ServerSide) => void = (asked) => this.accept(asked);
  /** Called when the other side has hung up, or nobody acknowledged our 2xx. */
  onOver: (why: 'bye' | 'no ack') => void = () => {};

  constructor(sender: Sender, contactText: string, start: DialogStart) {
    this.#sender = sender;
    this.#contact = line('Contact', `<${contactText}>`);
    this.start = start;
    this.#target = start.target;
    this.#localSeq = start.localSeq;
  }

  /** True after a BYE of either side. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** How many ACKs to 2xx were heard, repeated ones too. */
  get acks(): number {
    return this.#acks;
  }

  /** Where the other side is. */
  get target(): string {
    return this.#target;
  }

  /** Hangs up. */
  bye(): Promise<Outcome> {
    this.#end();
    return this.request('BYE');
  }

  /** Offers something else within the call: a re-INVITE (RFC 3261 §14). */
  invite(options: RequestOptions = {}): Promise<Outcome> {
    return this.request('INVITE', options);
  }

  request(method: string, options: RequestOptions = {}): Promise<Outcome> {
    this.#localSeq += 1;
    const draft = this.#draft(method, this.#localSeq, options);
    return new Promise((resolve) => {
      new Sending(this.#sender, draft, this.#place(), {
        nextSeq: () => {
          this.#localSeq += 1;
          return this.#localSeq;
        },
        onProvisional: () => {},
        onFinal: (outcome, request) => {
          if (method === 'INVITE' && outcome.response !== undefined && outcome.status < 300)
            this.acknowledge(request, outcome.response, options);
          resolve(outcome);
        },
      });
    });
  }

  /** The ACK to a 2xx (RFC 3261 §13.2.2.4); called for each copy of it. */
  acknowledge(invite: Request, response: Response, { ack = 'at once', ackBody }: RequestOptions): void {
    if (ack === 'never') return;
    const { seq } = need(invite, cseq);
    this.#target = contactOf(response) ?? this.#target;
    const options = ackBody === undefined ? {} : { body: ackBody };
    const { transactions } = this.#sender;
    const request = requestFrom(this.#draft('ACK', seq, options), transactions.via(), credentialsOf(invite));
    const send = (): void => transactions.peer.send(request, this.#place());
    if (typeof ack === 'number') transactions.world.after(ack, send);
    else send();
  }

  /** A request of the other side in this dialog. */
  take(asked: ServerSide): void {
    const { method } = asked.request;
    if (method === 'BYE') {
      asked.respond(200, { reason: 'OK' });
      this.#end();
      return this.onOver('bye');
    }
    if (method === 'INVITE') this.#target = contactOf(asked.request) ?? this.#target;
    this.onRequest(asked);
  }

  /** Answers 200; the one to an INVITE is repeated until it is acknowledged (RFC 3261 §13.3.1.4). */
  accept(asked: ServerSide, body?: Uint8Array): void {
    const isInvite = asked.request.method === 'INVITE';
    asked.respond(200, {
      reason: 'OK',
      headers: isInvite ? [this.#contact] : [],
      ...(body === undefined ? {} : { body }),
    });
    if (isInvite) this.#repeat(asked, need(asked.request, cseq).seq);
  }

  takeAck(ack: Request): void {
    this.#acks += 1;
    const { seq } = need(ack, cseq);
    this.#unacknowledged.get(seq)?.();
    this.#unacknowledged.delete(seq);
  }

  #repeat(asked: ServerSide, seq: number): void {
    const { world, timing } = this.#sender.transactions;
    let interval = timing.t1;
    const until = world.now + 64 * timing.t1;
    let unplan = (): void => {};
    const again = (): void => {
      unplan = world.after(interval, () => {
        if (world.now >= until) return this.#giveUp(seq);
        asked.repeat();
        interval = Math.min(interval * 2, timing.t2);
        again();
      });
    };
    again();
    this.#unacknowledged.set(seq, () => unplan());
  }

  /** RFC 3261 §13.3.1.4: without an ACK the session is ended. */
  #giveUp(seq: number): void {
    this.#unacknowledged.delete(seq);
    if (this.#isOver) return;
    void this.bye();
    this.onOver('no ack');
  }

  #end(): void {
    this.#isOver = true;
    for (const stop of this.#unacknowledged.values()) stop();
    this.#unacknowledged.clear();
  }

  #place(): { readonly host: string; readonly port: number } {
    const { names, server } = this.#sender;
    return placeOf(this.start.routes[0] ?? this.#target, names) ?? server;
  }

  #draft(method: string, seq: number, { headers = {}, body }: RequestOptions): Parameters<typeof requestFrom>[0] {
    const { callId, local, remote, routes } = this.start;
    const lines = [...(method === 'INVITE' ? [this.#contact] : []), ...linesOf(headers)];
    return { method, uri: this.#target, from: local, to: remote, callId, seq, routes, lines, body };
  }
}

/** The dialog that a 2xx makes of our INVITE (RFC 3261 §12.1.2). */
export function callerDialog(invite: Request, response: Response): DialogStart {
  const value = (message: Request | Response, name: string): string => textOf(message, name);
  return {
    callId: value(invite, 'call-id'),
    local: value(invite, 'from'),
    remote: value(response, 'to'),
    localTag: tagOf(value(invite, 'from')),
    remoteTag: need(response, to).tag ?? '',
    target: contactOf(response) ?? invite.uri,
    routes: readAll(response, recordRoute)
      .map((route) => route.uriText)
      .toReversed(),
    localSeq: need(invite, cseq).seq,
  };
}

/** The dialog that our 2xx makes of an INVITE (RFC 3261 §12.1.1). */
export function calleeDialog(invite: Request, localTag: string): DialogStart {
  return {
    callId: textOf(invite, 'call-id'),
    local: `${textOf(invite, 'to')};tag=${localTag}`,
    remote: textOf(invite, 'from'),
    localTag,
    remoteTag: tagOf(textOf(invite, 'from')),
    target: contactOf(invite) ?? '',
    routes: readAll(invite, recordRoute).map((route) => route.uriText),
    localSeq: 0,
  };
}

function contactOf(message: Request | Response): string | undefined {
  const value = read(message, contact);
  return value === undefined || value === '*' ? undefined : value.uriText;
}

/** The value of a header field as it stands. */
export function textOf(message: Request | Response, name: string): string {
  const { content } = message;
  for (let i = 0; i < content.count; i += 1) if (content.nameAt(i).toLowerCase() === name) return content.valueAt(i);
  return '';
}

const tagOf = (address: string): string => /;tag=([^;>]+)/.exec(address.slice(address.indexOf('>') + 1))?.[1] ?? '';

/** An ACK has the credentials of its INVITE (RFC 3261 §22.1). */
function credentialsOf(invite: Request): readonly Line[] {
  return ['Authorization', 'Proxy-Authorization'].flatMap((name) => {
    const lines: Line[] = [];
    for (let i = 0; i < invite.content.count; i += 1)
      if (invite.content.nameAt(i) === name) lines.push(line(name, invite.content.valueAt(i)));
    return lines;
  });
}
