import { bufferText, createClock, createOpener, createRandom, type Opener } from '@strowger/node';
import { type Endpoint, Engine, Tokens, type Transport, type TransportFault } from '@strowger/sip/engine';
import type { Request, Response } from '@strowger/sip/message';
import { printReasons, type ResolvedTarget, type Resolver, tableResolver } from '@strowger/sip/resolve';
import { reply } from '@strowger/sip/routing';
import { DEFAULT_TIMING } from '@strowger/sip/transaction';
import { bracketed, isAddress, isEncrypted, type SipUri } from '@strowger/sip/uri';
import { callOnce } from './call.ts';
import { localAddressToward } from './local-address.ts';
import { PlaceSearch } from './place-search.ts';

/** How a request of ours ended. */
export type Outcome = Answered | Failed;

export interface Answered {
  readonly type: 'response';
  readonly response: Response;
  readonly ms: number;
  /** Where it was sent from. */
  readonly local: Endpoint;
  /** Who answered: `udp:192.0.2.7:5060`. */
  readonly peer: string;
}

/** No place answered in time, or could be sent to, or there is none. */
export interface Failed {
  readonly type: 'failed';
  readonly why: 'lost' | 'aborted' | 'no place';
  /** A sentence, about the last place where there were some, without a full stop. */
  readonly text: string;
}

export interface CallerOptions {
  readonly resolver: Resolver;
  /** PEM files with authorities that are believed beside those of the system. */
  readonly authorities: readonly string[];
  /** Told of each place that failed while there is another one to try. */
  readonly onPassedOver: (text: string) => void;
}

/** How long to wait at each place, and what makes it stop. */
export interface Patience {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * A small user agent for one command. It sends requests to where a URI leads, one place after the other until one answers
 * (RFC 3263 §4.3), and stays with that one.
 */
export class Caller {
  readonly #options: CallerOptions;
  readonly #search: PlaceSearch;
  readonly #random = createRandom();
  readonly #clock = createClock();
  readonly #engine: Engine;
  readonly #transports = new Map<string, Transport>();
  #encrypted: Promise<Opener> | undefined;
  /** The place that is next. */
  #at = 0;

  /** @throws CommandFault for a URI whose transport cannot be had */
  constructor(uri: SipUri, options: CallerOptions) {
    const random = this.#random;
    this.#options = options;
    this.#search = new PlaceSearch(uri, options.resolver);
    this.#engine = new Engine({
      clock: this.#clock,
      text: bufferText,
      tokens: new Tokens(random, [random.uint32(), random.uint32(), random.uint32(), random.uint32()]),
      resolver: tableResolver(() => []),
      timing: DEFAULT_TIMING,
      advertise: (local) => local,
      handler: () => reply(501),
      unmatchedCancel: 'answer',
    });
  }

  /** Unguessable: for tags, Call-IDs and client nonces. */
  token(): string {
    return `${this.#random.uint32().toString(36)}${this.#random.uint32().toString(36)}`;
  }

  /**
   * Sends a request that has every header but Via, which may say where it is sent from.
   * @throws CertificateFault (rejects) for an authority that cannot be read
   */
  async call(requestFrom: (local: Endpoint) => Request, patience: Patience): Promise<Outcome> {
    let found = await this.#search.at(this.#at);
    if (found.type === 'none') return { type: 'failed', why: 'no place', text: printReasons(found.reasons) };
    while (!patience.signal.aborted) {
      const outcome = await this.#callAt(found.target, requestFrom, patience);
      if (outcome.type === 'response' || outcome.why === 'aborted') return outcome;
      this.#at += 1;
      found = await this.#search.at(this.#at);
      if (found.type === 'none') {
        this.#at = 0;
        return outcome;
      }
      this.#options.onPassedOver(outcome.text);
    }
    return BROKEN_OFF;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()));
    this.#clock.sleep();
  }

  async #callAt(
    { protocol, host, port, identity }: ResolvedTarget,
    requestFrom: (local: Endpoint) => Request,
    { timeoutMs, signal }: Patience,
  ): Promise<Outcome> {
    const peer = `${protocol}:${bracketed(host)}:${port}`;
    const from = await localAddressToward(host, port);
    if (from.type === 'none') return lost(`${peer} cannot be reached: ${from.text}`);
    const transport = await this.#transportAt({ protocol, host: from.host, port: 0 });
    const destination = { transport, host, port, connection: 0, identity: isAddress(identity) ? undefined : identity };
    const ended = await callOnce(this.#engine, requestFrom(transport.local), destination, timeoutMs, signal);
    if (ended.type === 'response') return { ...ended, local: transport.local, peer };
    if (ended.why === 'aborted') return BROKEN_OFF;
    return lost(
      ended.fault === undefined ? `no answer from ${peer} in ${timeoutMs / 1000} s` : textOf(ended.fault, peer),
    );
  }

  async #transportAt(local: Endpoint): Promise<Transport> {
    const key = `${local.protocol} ${local.host}`;
    const known = this.#transports.get(key);
    if (known !== undefined) return known;
    const open = isEncrypted(local.protocol) ? await this.#encryptedOpener() : OPEN;
    const [transport] = await open(local, this.#engine);
    if (transport === undefined) throw new Error(`nothing was opened on ${key}`);
    this.#transports.set(key, transport);
    this.#engine.attach(transport);
    return transport;
  }

  /** A server that asks for a certificate is shown one that was made for the occasion. */
  #encryptedOpener(): Promise<Opener> {
    const open = async (): Promise<Opener> => {
      const { createServerCredentials } = await import('@strowger/node/certificates');
      const settings = { ca: this.#options.authorities, domains: [] };
      const names = { domains: ['command.invalid'], addresses: [] };
      const made = await createServerCredentials({ settings, data: undefined, names, now: () => new Date() });
      return createOpener({ credentials: made.credentials, lingerMs: LINGER_MS });
    };
    this.#encrypted ??= open();
    return this.#encrypted;
  }
}

/** A certificate of another name is told with both names, and no authority would mend it. */
function textOf({ code, text }: TransportFault, peer: string): string {
  const address = peer.slice(peer.indexOf(':') + 1);
  const told = text.startsWith(address) ? `${peer}${text.slice(address.length)}` : `${peer}: ${text}`;
  const isStranger = code === 'untrusted' && !text.includes('expected a certificate');
  return isStranger ? `${told}; --ca names a file with an authority to believe` : told;
}

const lost = (text: string): Failed => ({ type: 'failed', why: 'lost', text });
const BROKEN_OFF: Failed = { type: 'failed', why: 'aborted', text: 'broken off' };

const LINGER_MS = 200;
const OPEN: Opener = createOpener({ lingerMs: LINGER_MS });
