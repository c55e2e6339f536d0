import type { About, Endpoint, Flow, TransportFault, TransportListener } from '@strowger/sip/engine';
import { canonicalAddress, type Network } from './network.ts';
import type { NetworkHost } from './network-host.ts';
import { StreamEnd, type StreamHost, type StreamOwner } from './stream-end.ts';
import type { StreamSettings } from './stream-settings.ts';
import type { Place } from './traffic.ts';
import { addressFault } from './virtual-udp.ts';

/** A stream address of the virtual network: the connections it made and took. */
export class VirtualTcp implements StreamOwner {
  readonly local: Endpoint;
  readonly reusesBuffers = false;
  readonly listener: TransportListener;
  readonly network: Network<StreamHost>;
  readonly host: NetworkHost;
  readonly settings: StreamSettings;
  readonly #onShut: () => void;
  readonly #all = new Set<StreamEnd>();
  readonly #byNumber = new Map<number, StreamEnd>();
  readonly #byPeer = new Map<string, StreamEnd>();
  readonly #touched = new Set<StreamEnd>();
  #state: 'open' | 'closed' | 'vanished' = 'open';
  #closing: Promise<void> | undefined;
  #lastGone: (() => void) | undefined;

  constructor(
    local: Endpoint,
    listener: TransportListener,
    network: Network<StreamHost>,
    host: NetworkHost,
    settings: StreamSettings,
    onShut: () => void,
  ) {
    this.local = local;
    this.listener = listener;
    this.network = network;
    this.host = host;
    this.settings = settings;
    this.#onShut = onShut;
  }

  get isFull(): boolean {
    return this.#all.size >= this.settings.maxConnections;
  }

  get isVanished(): boolean {
    return this.#state === 'vanished';
  }

  send(bytes: Uint8Array, host: string, port: number, connection: number, about: About): void {
    const { maxQueuedBytes } = this.settings;
    const found =
      connection === 0 ? this.#reach({ host: canonicalAddress(host), port }) : (this.#byNumber.get(connection) ?? GONE);
    if (!(found instanceof StreamEnd)) this.fail(about, found);
    else if (bytes.length > maxQueuedBytes)
      this.fail(about, { code: 'tooLarge', text: `${bytes.length} bytes are more than the queue holds` });
    else if (found.queuedBytes + bytes.length > maxQueuedBytes) {
      const fault: TransportFault = {
        code: 'queueFull',
        text: `${found.flow.host}:${found.flow.port} does not read fast enough`,
      };
      this.fail(about, fault);
      found.cut(fault);
    } else {
      found.enqueue(bytes, about);
      this.#touched.add(found);
    }
  }

  flush(): void {
    for (const end of this.#touched) end.flush();
    this.#touched.clear();
  }

  disconnect(connection: number): void {
    this.#byNumber.get(connection)?.end();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** The host is gone: no word to the listener, and one to the peers only if the machine lives. */
  vanish(how: 'process' | 'power'): void {
    this.#state = 'vanished';
    for (const end of this.#all) end.vanish(how);
    this.#all.clear();
    this.#byNumber.clear();
    this.#byPeer.clear();
    this.#lastGone?.();
  }

  accept(peer: Place): StreamEnd | undefined {
    return this.isFull ? undefined : this.#add(peer, this.local);
  }

  release(): void {
    for (const end of this.#all) end.release();
  }

  resetStreams(isCut: (peer: string) => boolean): void {
    for (const end of this.#all) {
      if (isCut(end.flow.host)) end.finishSoon({ code: 'reset', text: 'the connection was reset' });
    }
  }

  retire(end: StreamEnd): void {
    this.#byNumber.delete(end.flow.connection);
    if (this.#byPeer.get(keyOf(end.flow)) === end) this.#byPeer.delete(keyOf(end.flow));
  }

  forget(end: StreamEnd): void {
    this.retire(end);
    this.#all.delete(end);
    if (this.#all.size === 0) this.#lastGone?.();
  }

  fail(about: About, fault: TransportFault): void {
    if (about === 0) return;
    this.network.timeline.after(0, () => {
      if (this.#state !== 'vanished') this.listener.onFailed(this, about, fault);
    });
  }

  async #close(): Promise<void> {
    if (this.#state === 'open') this.#state = 'closed';
    this.#onShut();
    for (const end of [...this.#all]) {
      if (end.isConnecting) end.cut(CLOSED);
      else end.end();
    }
    if (this.#all.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#lastGone = resolve;
    });
  }

  #reach(peer: Place): StreamEnd | TransportFault {
    const known = this.#byPeer.get(keyOf(peer));
    if (known) return known;
    if (this.#state !== 'open') return CLOSED;
    const fault = addressFault(this.local, peer);
    if (fault) return fault;
    if (this.isFull) return { code: 'queueFull', text: 'there are too many connections already' };
    const end = this.#add(peer, { host: this.local.host, port: this.host.freePort() });
    end.connect();
    return end;
  }

  #add(peer: Place, from: Place): StreamEnd {
    const flow: Flow = {
      local: this.local,
      host: peer.host,
      port: peer.port,
      connection: this.network.nextConnection(),
    };
    const end = new StreamEnd(this, flow, { host: from.host, port: from.port });
    this.#all.add(end);
    this.#byNumber.set(flow.connection, end);
    if (!this.#byPeer.has(keyOf(peer))) this.#byPeer.set(keyOf(peer), end);
    return end;
  }
}

const keyOf = ({ host, port }: Place): string => `${host} ${port}`;
const GONE: TransportFault = { code: 'closed', text: 'the connection is gone' };
const CLOSED: TransportFault = { code: 'closed', text: 'the transport is closed' };
