import { fail } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport, TransportListener } from '@strowger/sip/engine';
import { bytesOf, Witness } from './transport-witness.ts';

export type Family = 'ipv4' | 'ipv6';

export interface PeerAddress {
  readonly host: string;
  readonly port: number;
}

export interface OpenOptions {
  readonly listener: TransportListener;
  readonly family: Family;
  /** 0: any free one. */
  readonly port: number;
  readonly maxQueuedBytes: number;
  readonly maxConnections: number;
}

/** Where transports are tried: the loopback of this machine, or a world of its own. */
export interface TransportSite {
  open(options: OpenOptions): Promise<Transport>;
  /** Streams: an address that takes connections and never reads from them. */
  stalledPeer?(): Promise<PeerAddress>;
  /** Virtual sites move their time until it holds; where this is missing, real time passes. */
  passTime?(holds: () => boolean): Promise<void>;
  /** Puts away what `stalledPeer` made; the suite closes the transports. */
  close(): Promise<void>;
}

/** A transport with the witness that listens to it. */
export interface Party {
  readonly transport: Transport;
  readonly witness: Witness;
  /** Queues one text; `about` 0 asks for no report. */
  send(text: string, to: PeerAddress, extra?: { readonly connection?: number; readonly about?: number }): void;
  flush(): void;
}

/** A site in use by one case: opens parties, waits, and puts everything away. */
export class Trial {
  readonly site: TransportSite;
  readonly #parties: Party[] = [];
  #wake: () => void = () => {};

  constructor(site: TransportSite) {
    this.site = site;
  }

  async party(options: Partial<Omit<OpenOptions, 'listener'>> = {}): Promise<Party> {
    const witness = new Witness();
    witness.onNote = () => this.#wake();
    const { family = 'ipv4', port = 0, maxQueuedBytes = 4 * 1024 * 1024, maxConnections = 100 } = options;
    const transport = await this.site.open({ listener: witness, family, port, maxQueuedBytes, maxConnections });
    const party: Party = {
      transport,
      witness,
      send: (text, to, { connection = 0, about = 0 } = {}) =>
        witness.guard(() => transport.send(bytesOf(text), to.host, to.port, connection, about)),
      flush: () => witness.guard(() => transport.flush()),
    };
    this.#parties.push(party);
    return party;
  }

  /** Waits for an event that makes it hold; fails after five seconds with what was waited for and what was seen. */
  async until(holds: () => boolean, what: string): Promise<void> {
    if (this.site.passTime) await this.site.passTime(holds);
    else await this.#passRealTime(holds);
    if (!holds()) fail(`waited in vain for ${what}; seen: ${this.#seen()}`);
  }

  /** Streams: sends one message and waits for it; gives the number of the sender's connection. */
  async connect(from: Party, to: Party): Promise<number> {
    const before = to.witness.receivedBytes();
    from.send('hello', to.transport.local);
    from.flush();
    await this.until(() => to.witness.receivedBytes() === before + 5, 'the first message');
    const { host, port } = to.transport.local;
    const made = from.witness.all('connected').findLast((told) => told.flow.host === host && told.flow.port === port);
    return made?.flow.connection ?? fail('the sender was not told of its connection');
  }

  async end(): Promise<void> {
    const closed = Promise.all(this.#parties.map(({ transport }) => transport.close()));
    await this.finished(closed);
    await this.site.close();
  }

  /** Waits for a promise of a transport; virtual time passes meanwhile. */
  async finished(promise: Promise<unknown>): Promise<void> {
    let isDone = false;
    const done = promise.then(() => {
      isDone = true;
      this.#wake();
    });
    await this.until(() => isDone, 'a promise');
    await done;
  }

  async #passRealTime(holds: () => boolean): Promise<void> {
    const deadline = new AbortController();
    const late = sleep(DEADLINE_MS, 'late', { signal: deadline.signal }).catch(() => 'late');
    while (!holds()) {
      const noted = new Promise((resolve) => {
        this.#wake = () => resolve('noted');
      });
      if ((await Promise.race([noted, late])) === 'late') break;
    }
    deadline.abort();
  }

  #seen(): string {
    return this.#parties.map(({ witness }) => JSON.stringify(witness.told.map(summaryOf).slice(-20))).join(' | ');
  }
}

function summaryOf(told: Witness['told'][number]): string {
  if (told.type === 'failed') return `failed ${told.about} ${told.fault.code}`;
  if (told.type === 'refused') return `refused ${told.fault.code}`;
  if (told.type === 'closed') return `closed ${told.flow.connection} ${told.fault?.code ?? 'in order'}`;
  if (told.type === 'connected') return `connected ${told.flow.connection}`;
  return `${told.type} of ${told.bytes.length} bytes`;
}

const DEADLINE_MS = 5_000;
