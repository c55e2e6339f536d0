import { type Line, line, need, to } from '@strowger/sip/message';
import { DEFAULT_TIMING, mergedKey, type Timing } from '@strowger/sip/transaction';
import { Peer, type PeerSettings } from './peer.ts';
import { EMPTY_WALLET, PhoneAccount } from './phone-account.ts';
import { type CallOptions, type CallSite, IncomingCall, OutgoingCall } from './phone-calls.ts';
import { type PhoneDialog, textOf } from './phone-dialog.ts';
import { type Draft, linesOf, type Outcome, type Sender, Sending } from './phone-requests.ts';
import { PhoneTransactions } from './phone-transactions.ts';
import type { ServerSide } from './server-side.ts';
import type { Place } from './traffic.ts';
import type { World } from './world.ts';

export interface PhoneOptions extends PeerSettings {
  /** `sip:alice@example.com`. */
  readonly aor: string;
  /** Where the phone is: an address of the virtual network. */
  readonly at: string;
  /** The host's name in ladders; the user of the address-of-record when missing. */
  readonly name?: string;
  /** Without one the phone proves nothing. */
  readonly password?: string;
  /** Where the phone sends everything whose way is not given. */
  readonly server: Place;
  /** The addresses of the host names that it meets in routes and contacts; others it leaves to its server. */
  readonly names?: Readonly<Record<string, string>>;
  /** The URI that others reach it by; its own address when missing. */
  readonly contact?: string;
  /** Sends credentials before it is asked, from the first challenge on; or only when it is asked; or never. */
  readonly proves?: Sender['proves'];
  readonly timing?: Timing;
}

export interface RegisterOptions {
  /** Seconds; nothing is said when missing. */
  readonly expires?: number;
  /** Whole values of Contact; the phone's own when missing. */
  readonly contacts?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose bindings; the phone's own address when missing. */
  readonly aor?: string;
}

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly routes?: readonly string[];
  readonly to?: Place;
}

/**
 * A scripted phone of the virtual network (RFC 3261 §8, §10, §13): registers, calls, answers, hangs up, and keeps every rule
 * until a script tells it otherwise. Everything that it does takes virtual time.
 */
export class Phone {
  readonly aor: string;
  readonly contact: string;
  /** What it has heard, and the way to send anything at all. */
  readonly peer: Peer;
  readonly transactions: PhoneTransactions;
  /** Every call it was asked to take. */
  readonly incoming: IncomingCall[] = [];
  /** What is done with a call; the default rings and accepts at once. */
  onInvite: (call: IncomingCall) => void = ringAndAccept;
  /** What is done with other requests outside a call: 200 by default. */
  onRequest: (asked: ServerSide) => void = (asked) => void asked.respond(200, { reason: 'OK' });
  readonly #sender: Sender;
  readonly #site: CallSite;
  readonly #dialogs = new Map<string, PhoneDialog>();
  /** Requests that were heard and may come again by another way. */
  readonly #merged = new Set<string>();
  readonly #registerCallId: string;
  #registerSeq = 0;

  constructor(world: World, options: PhoneOptions) {
    const { aor, at, password, server, names = {}, proves = 'asked', timing = DEFAULT_TIMING } = options;
    const user = userOf(aor);
    const host = world.host(at, { name: options.name ?? user });
    this.aor = aor;
    this.peer = new Peer(world, host, options);
    const random = host.random(`phone ${this.peer.local.port} ${this.peer.local.protocol} ${world.now}`);
    this.transactions = new PhoneTransactions(world, this.peer, timing, random, {
      onRequest: (asked) => this.#onRequest(asked),
      onAck: (ack) => this.#dialogOf(textOf(ack, 'call-id'), need(ack, to).tag)?.takeAck(ack),
      onCancel: (asked) => this.incoming.find((call) => call.asked === asked)?.takeCancel(),
    });
    const { protocol, host: address, port } = this.peer.local;
    const place = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
    this.contact = options.contact ?? `sip:${user}@${place}${protocol === 'udp' ? '' : `;transport=${protocol}`}`;
    const account =
      password === undefined ? undefined : new PhoneAccount(user, password, () => this.transactions.token());
    this.#sender = { transactions: this.transactions, account, server, names, wallet: EMPTY_WALLET, proves };
    this.#site = {
      sender: this.#sender,
      contact: this.contact,
      onDialog: (dialog) => this.#dialogs.set(keyOf(dialog.start.callId, dialog.start.localTag), dialog),
    };
    this.#registerCallId = this.transactions.token();
  }

  /** Registers its contact, or those that are named (RFC 3261 §10.2). */
  register(options: RegisterOptions = {}): Promise<Outcome> {
    const { expires, aor = this.aor, contacts = [`<${this.contact}>`], headers = {} } = options;
    const lines: Line[] = contacts.map((value) => line('Contact', value));
    if (expires !== undefined) lines.push(line('Expires', String(expires)));
    lines.push(...linesOf(headers));
    this.#registerSeq += 1;
    const draft = this.#draft('REGISTER', `sip:${domainOf(this.aor)}`, aor, lines, {});
    const registering: Draft = { ...draft, callId: this.#registerCallId, seq: this.#registerSeq };
    return this.#send(registering, {}, () => {
      this.#registerSeq += 1;
      return this.#registerSeq;
    });
  }

  /** Takes its contact back (RFC 3261 §10.2.2). */
  unregister(): Promise<Outcome> {
    return this.register({ expires: 0 });
  }

  /** Sends a request outside any call. */
  send(method: string, uri: string, options: SendOptions = {}): Promise<Outcome> {
    const lines = linesOf(options.headers ?? {});
    const draft = this.#draft(method, uri, uri, lines, options);
    let { seq } = draft;
    return this.#send(draft, options, () => {
      seq += 1;
      return seq;
    });
  }

  message(uri: string, text: string): Promise<Outcome> {
    const body = new TextEncoder().encode(text);
    return this.send('MESSAGE', uri, { headers: { 'Content-Type': 'text/plain' }, body });
  }

  /** Calls somebody (RFC 3261 §13.2). */
  call(uri: string, options: CallOptions = {}): OutgoingCall {
    const lines = [line('Contact', `<${this.contact}>`), ...linesOf(options.headers ?? {})];
    const draft = this.#draft('INVITE', uri, uri, lines, options);
    return new OutgoingCall(this.#site, draft, options.to ?? this.#sender.server, options);
  }

  #send(draft: Draft, { to: place }: SendOptions, nextSeq: () => number): Promise<Outcome> {
    return new Promise((resolve) => {
      new Sending(this.#sender, draft, place ?? this.#sender.server, {
        nextSeq,
        onProvisional: () => {},
        onFinal: resolve,
      });
    });
  }

  #draft(method: string, uri: string, toUri: string, lines: readonly Line[], options: SendOptions): Draft {
    return {
      method,
      uri,
      from: `<${this.aor}>;tag=${this.transactions.token()}`,
      to: `<${toUri}>`,
      callId: this.transactions.token(),
      seq: 1,
      routes: options.routes ?? [],
      lines,
      body: options.body,
    };
  }

  #onRequest(asked: ServerSide): void {
    const { request } = asked;
    const tag = need(request, to).tag;
    if (tag !== undefined) {
      const dialog = this.#dialogOf(textOf(request, 'call-id'), tag);
      if (dialog === undefined || dialog.isOver) return void asked.respond(481);
      return dialog.take(asked);
    }
    const merged = mergedKey(request) ?? '';
    if (this.#merged.has(merged)) return void asked.respond(482); // RFC 3261 §8.2.2.2
    this.#merged.add(merged);
    if (request.method !== 'INVITE') return this.onRequest(asked);
    const call = new IncomingCall(this.#site, asked);
    this.incoming.push(call);
    this.onInvite(call);
  }

  #dialogOf(callIdText: string, tag: string | undefined): PhoneDialog | undefined {
    return this.#dialogs.get(keyOf(callIdText, tag ?? ''));
  }
}

/** A phone on a host of the world, made where there is none. @throws Error when its address is taken */
export const createPhone = (world: World, options: PhoneOptions): Phone => new Phone(world, options);

const ringAndAccept = (call: IncomingCall): void => {
  call.ring();
  call.accept();
};

const keyOf = (id: string, localTag: string): string => `${localTag} ${id}`;
const userOf = (aor: string): string => /^sips?:([^@]+)@/.exec(aor)?.[1] ?? aor;
const domainOf = (aor: string): string => aor.slice(aor.indexOf('@') + 1);
