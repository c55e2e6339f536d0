import { type Line, line, newRequest, type Request, type Response } from '@strowger/sip/message';
import { tryParseUri, unbracketed } from '@strowger/sip/uri';
import type { ClientSide } from './client-side.ts';
import { EMPTY_WALLET, type PhoneAccount, type Wallet } from './phone-account.ts';
import type { PhoneTransactions } from './phone-transactions.ts';
import type { Place } from './traffic.ts';

/** What a request came to. Without a response: 408 for none in time, 503 for none to be had (RFC 3261 §8.1.3.1). */
export interface Outcome {
  readonly status: number;
  readonly response: Response | undefined;
}

/** A request but for its Via, CSeq and credentials. */
export interface Draft {
  readonly method: string;
  readonly uri: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly seq: number;
  readonly routes: readonly string[];
  readonly lines: readonly Line[];
  readonly body: Uint8Array | undefined;
}

/** How a phone sends a request: what it proves, and where to. */
export interface Sender {
  readonly transactions: PhoneTransactions;
  readonly account: PhoneAccount | undefined;
  /** Where everything goes whose way is not known. */
  readonly server: Place;
  /** The addresses of host names. */
  readonly names: Readonly<Record<string, string>>;
  /** What was proved last; kept for phones that prove it unasked. */
  wallet: Wallet;
  readonly proves: 'unasked' | 'asked' | 'never';
}

export interface SendingEvents {
  /** The CSeq number of the next attempt. */
  nextSeq(): number;
  onProvisional(response: Response): void;
  /** Each 2xx to an INVITE; else the one final outcome. Challenges that are answered are not told. */
  onFinal(outcome: Outcome, request: Request): void;
}

/** One wish of a phone: a request, sent again with credentials for as long as a server wants them. */
export class Sending {
  readonly #sender: Sender;
  readonly #draft: Draft;
  readonly #to: Place;
  readonly #events: SendingEvents;
  #current: ClientSide | undefined;
  #isCancelled = false;

  constructor(sender: Sender, draft: Draft, to: Place, events: SendingEvents) {
    this.#sender = sender;
    this.#draft = draft;
    this.#to = to;
    this.#events = events;
    const request = requestFrom(draft, sender.transactions.via(), []);
    const first = sender.proves === 'unasked' ? sender.account?.authorize(request, sender.wallet) : undefined;
    if (first !== undefined) sender.wallet = first.wallet;
    this.#send(draft, first?.lines ?? [], first?.wallet ?? EMPTY_WALLET);
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#current?.cancel();
  }

  #send(draft: Draft, credentials: readonly Line[], wallet: Wallet): void {
    const request = requestFrom(draft, this.#sender.transactions.via(), credentials);
    this.#current = this.#sender.transactions.ask(request, this.#to, {
      onResponse: (response) => this.#heard(response, request, wallet),
      onEnd: (why) => this.#events.onFinal({ status: why === 'timeout' ? 408 : 503, response: undefined }, request),
    });
  }

  #heard(response: Response, request: Request, wallet: Wallet): void {
    if (response.status < 200) return this.#events.onProvisional(response);
    const isChallenge = response.status === 401 || response.status === 407;
    const { account, proves } = this.#sender;
    const next =
      isChallenge && proves !== 'never' && !this.#isCancelled ? account?.answer(response, request, wallet) : undefined;
    if (next === undefined) return this.#events.onFinal({ status: response.status, response }, request);
    this.#sender.wallet = next.wallet;
    this.#send({ ...this.#draft, seq: this.#events.nextSeq() }, next.lines, next.wallet);
  }
}

/** The request as it is sent. */
export function requestFrom(draft: Draft, via: string, credentials: readonly Line[]): Request {
  const edit = newRequest().appendLine('Via', via).appendLine('Max-Forwards', '70');
  for (const route of draft.routes) edit.appendLine('Route', `<${route}>`);
  edit
    .appendLine('From', draft.from)
    .appendLine('To', draft.to)
    .appendLine('Call-ID', draft.callId)
    .appendLine('CSeq', `${draft.seq} ${draft.method}`);
  for (const one of [...credentials, ...draft.lines]) edit.add(one);
  edit.body(draft.body ?? new Uint8Array(0));
  return edit.request(draft.method, draft.uri);
}

/** Where a URI leads; `undefined` for a name that is not known. */
export function placeOf(uriText: string, names: Sender['names']): Place | undefined {
  const uri = tryParseUri(uriText);
  if (uri?.type !== 'sip') return undefined;
  const named = unbracketed(uri.params.get('maddr') ?? uri.host);
  const host = names[named] ?? named;
  return /^[\d.]+$/.test(host) || host.includes(':') ? { host, port: uri.port ?? 5060 } : undefined;
}

export const linesOf = (headers: Readonly<Record<string, string>>): Line[] =>
  Object.entries(headers).map(([name, value]) => line(name, value));
