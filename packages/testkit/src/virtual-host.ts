import type { Clock, Protocol, Transport, TransportListener } from '@strowger/sip/engine';
import { type UnixMs, UsageFault } from '@strowger/sip/text';
import { canonicalAddress, type Network } from './network.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { StreamHost } from './stream-end.ts';
import { STREAM_SETTINGS, type StreamSettings } from './stream-settings.ts';
import type { Place } from './traffic.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { VirtualTcp } from './virtual-tcp.ts';
import { VirtualUdp } from './virtual-udp.ts';

export interface UdpSettings {
  readonly listener: TransportListener;
  /** 0 or missing: any free one. */
  readonly port?: number;
  /** One of the addresses of the host; its first when missing. */
  readonly host?: string;
}

export interface TcpSettings extends UdpSettings, Partial<StreamSettings> {}

/** A machine of the virtual network. */
export class VirtualHost implements StreamHost {
  readonly name: string;
  /** The first is the one used when nothing is said. */
  readonly addresses: readonly string[];
  readonly #network: Network<VirtualHost>;
  readonly #unixAtStart: UnixMs;
  readonly #udp = new Map<string, VirtualUdp>();
  readonly #tcp = new Map<string, VirtualTcp>();
  /** Also the transports that listen no more but still end their connections. */
  readonly #streams = new Set<VirtualTcp>();
  #clocks: Clock[] = [];
  #nextPort = 49_152;
  #isUp = true;
  #waiting: (() => void)[] | undefined;

  constructor(network: Network<VirtualHost>, name: string, addresses: readonly string[], unixAtStart: UnixMs) {
    this.#network = network;
    this.name = name;
    this.addresses = addresses;
    this.#unixAtStart = unixAtStart;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get isPaused(): boolean {
    return this.#waiting !== undefined;
  }

  /** Opens a datagram address. @throws Error when it is taken; UsageFault when it is not of this host or the host is down */
  udp(settings: UdpSettings): Transport {
    const place = this.#placeFor('udp', settings, this.#udp);
    const socket = new VirtualUdp({ protocol: 'udp', ...place }, settings.listener, this.#network, this, () =>
      this.#udp.delete(keyOf(place)),
    );
    this.#udp.set(keyOf(place), socket);
    return socket;
  }

  /** Opens a stream address. @throws Error when it is taken; UsageFault when it is not of this host or the host is down */
  tcp(settings: TcpSettings): Transport {
    const place = this.#placeFor('tcp', settings, this.#tcp);
    const { listener, host: _host, port: _port, ...limits } = settings;
    const onShut = (): void => void this.#tcp.delete(keyOf(place));
    const transport = new VirtualTcp(
      { protocol: 'tcp', ...place },
      listener,
      this.#network,
      this,
      { ...STREAM_SETTINGS, ...limits },
      onShut,
    );
    this.#tcp.set(keyOf(place), transport);
    this.#streams.add(transport);
    return transport;
  }

  /** A clock whose alarm dies with the host. */
  clock(): Clock {
    const clock = createVirtualClock(this.#network.timeline, this.#unixAtStart);
    this.#clocks.push(clock);
    return clock;
  }

  /** Numbers of this host's own. */
  random(label: string): SeededRandom {
    return this.#network.random(`${this.name}: ${label}`);
  }

  /**
   * Everything that runs on the host is gone at once: sockets, alarms, what was queued; none of its listeners hears another
   * word. `process`: the machine lives and resets its streams. `power`: peers hear nothing until the host is restarted.
   */
  crash(how: 'process' | 'power' = 'process'): void {
    this.#network.note(`${this.name} crashes (${how})`);
    for (const socket of this.#udp.values()) socket.vanish();
    for (const transport of this.#streams) transport.vanish(how);
    for (const clock of this.#clocks) clock.sleep();
    this.#udp.clear();
    this.#tcp.clear();
    this.#streams.clear();
    this.#clocks = [];
    this.#waiting = undefined;
    this.#isUp = how === 'process';
  }

  /** The power is back; what ran before is to be opened anew. */
  restart(): void {
    this.#network.note(`${this.name} is back`);
    this.#isUp = true;
    this.#network.release();
  }

  /** The host stops reading, as a program does that hangs. Its alarms go on; what arrives waits. */
  pause(): void {
    this.#network.note(`${this.name} stops reading`);
    this.#waiting ??= [];
  }

  /** The host reads again, first of all what has waited. */
  resume(): void {
    this.#network.note(`${this.name} reads again`);
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    this.#network.timeline.after(0, () => {
      for (const action of waiting) action();
    });
    this.#network.release();
  }

  /** Lets something arrive: now, or when the host reads again. */
  receive(action: () => void): void {
    if (this.#waiting === undefined) action();
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(action);
  }

  udpAt(place: Place): VirtualUdp | undefined {
    return this.#isUp ? this.#udp.get(keyOf(place)) : undefined;
  }

  tcpAt(place: Place): VirtualTcp | undefined {
    return this.#isUp ? this.#tcp.get(keyOf(place)) : undefined;
  }

  releaseStreams(): void {
    for (const transport of this.#streams) transport.release();
  }

  /** The streams of all transports are reset where the way to the other host is cut. */
  resetStreams(isCut: (peer: string) => boolean): void {
    for (const transport of this.#streams) transport.resetStreams(isCut);
  }

  freePort(): number {
    const port = this.#nextPort;
    this.#nextPort = port === 65_535 ? 49_152 : port + 1;
    return port;
  }

  #placeFor(protocol: Protocol, { host, port = 0 }: UdpSettings, taken: ReadonlyMap<string, Transport>): Place {
    const address = canonicalAddress(host ?? this.addresses[0] ?? '');
    if (!this.addresses.includes(address)) throw new UsageFault(`${address} is not an address of ${this.name}`);
    if (!this.#isUp) throw new UsageFault(`${this.name} has no power`);
    if (port !== 0) {
      const place = { host: address, port };
      if (taken.has(keyOf(place))) throw new Error(`${protocol}:${address}:${port} is taken`);
      return place;
    }
    for (;;) {
      const place = { host: address, port: this.freePort() };
      if (!taken.has(keyOf(place))) return place;
    }
  }
}

const keyOf = ({ host, port }: Place): string => `${host} ${port}`;
const MAX_WAITING = 10_000;
