import { isIP } from 'node:net';
import type { About, Datagram, Endpoint, Transport, TransportFault, TransportListener } from '@strowger/sip/engine';
import type { Network } from './network.ts';
import type { DatagramTaker, NetworkHost } from './network-host.ts';
import type { Place } from './traffic.ts';

/**
 * A datagram address of the virtual network. It is as unkind as the contract allows: datagrams of one instant come as a
 * batch, and their memory is overwritten as soon as the listener returns.
 */
export class VirtualUdp implements Transport, DatagramTaker {
  readonly local: Endpoint;
  readonly reusesBuffers = true;
  readonly #listener: TransportListener;
  readonly #network: Network;
  readonly #host: NetworkHost;
  readonly #onShut: () => void;
  #queue: { bytes: Uint8Array; to: Place; about: About }[] = [];
  #inbox: { bytes: Uint8Array; from: Place }[] = [];
  #items: Datagram[] = [];
  #memory = new Uint8Array(4_096);
  #state: 'open' | 'closed' | 'vanished' = 'open';

  constructor(local: Endpoint, listener: TransportListener, network: Network, host: NetworkHost, onShut: () => void) {
    this.local = local;
    this.#listener = listener;
    this.#network = network;
    this.#host = host;
    this.#onShut = onShut;
  }

  send(bytes: Uint8Array, host: string, port: number, _connection: number, about: About): void {
    if (this.#state === 'open') this.#queue.push({ bytes, to: { host, port }, about });
    else this.#fail(about, { code: 'closed', text: 'the transport is closed' });
  }

  flush(): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const { bytes, to, about } of queue) {
      const fault = faultOf(bytes, this.local, to);
      if (fault) this.#fail(about, fault);
      else this.#network.carry(this.local, to, new Uint8Array(bytes));
    }
  }

  disconnect(_connection: number): void {}

  async close(): Promise<void> {
    if (this.#state !== 'open') return;
    this.flush();
    this.#state = 'closed';
    this.#onShut();
  }

  vanish(): void {
    this.#state = 'vanished';
    this.#queue = [];
  }

  take(bytes: Uint8Array, { host, port }: Place): void {
    this.#host.receive(() => {
      this.#inbox.push({ bytes, from: { host, port } });
      if (this.#inbox.length === 1) this.#network.timeline.after(0, () => this.#deliver());
    });
  }

  #deliver(): void {
    const inbox = this.#inbox;
    this.#inbox = [];
    if (this.#state !== 'open') return;
    const size = inbox.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (size > this.#memory.length) this.#memory = new Uint8Array(size);
    let offset = 0;
    for (const [i, { bytes, from }] of inbox.entries()) {
      const copy = this.#memory.subarray(offset, offset + bytes.length);
      copy.set(bytes);
      offset += bytes.length;
      this.#items[i] = Object.assign(this.#items[i] ?? { bytes, host: '', port: 0 }, { bytes: copy, ...from });
    }
    this.#listener.onDatagrams(this, this.#items, inbox.length);
    this.#memory.fill(SPOILED);
  }

  #fail(about: About, fault: TransportFault): void {
    if (about === 0) return;
    this.#network.timeline.after(0, () => {
      if (this.#state !== 'vanished') this.#listener.onFailed(this, about, fault);
    });
  }
}

function faultOf(bytes: Uint8Array, local: Endpoint, to: Place): TransportFault | undefined {
  const fault = addressFault(local, to);
  if (fault) return fault;
  return bytes.length > MAX_BYTES
    ? { code: 'tooLarge', text: `no datagram has room for ${bytes.length} bytes` }
    : undefined;
}

/** Why an address cannot be sent to; undefined where it can. */
export function addressFault(local: Endpoint, { host, port }: Place): TransportFault | undefined {
  if (isIP(host) === 0 || isIP(host) !== isIP(local.host))
    return { code: 'unreachable', text: `${host} cannot be reached from ${local.host}` };
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return undefined;
  return { code: 'unreachable', text: `${port} is not a port` };
}

/** 65,535 bytes less the headers of IP and UDP. */
const MAX_BYTES = 65_507;
/** Memory of a batch that is over: nothing that it could be taken for. */
const SPOILED = 0xdb;
