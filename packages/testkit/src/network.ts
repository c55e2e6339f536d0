import { isIPv6, SocketAddress } from 'node:net';
import type { Endpoint } from '@strowger/sip/engine';
import type { Instant } from '@strowger/sip/text';
import type { NetworkHost } from './network-host.ts';
import { type Conditions, type Loss, Path } from './path.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';
import type { Timeline } from './timeline.ts';
import { labelOf, type Place, type Traffic } from './traffic.ts';

/** Something that happened besides messages: for the report of a failed test. */
export interface Note {
  readonly at: Instant;
  readonly text: string;
}

/** The written line of a message; what became of it may be learned later. */
export interface TrafficRecord extends Traffic {
  copies: number;
  loss: Loss | undefined;
}

/** All hosts, the paths between them, and what was seen on the way. */
export class Network<Host extends NetworkHost = NetworkHost> {
  readonly timeline: Timeline;
  readonly seed: number;
  readonly hosts: Host[] = [];
  readonly traffic: TrafficRecord[] = [];
  readonly notes: Note[] = [];
  readonly #conditions: Conditions;
  readonly #hostByAddress = new Map<string, Host>();
  readonly #paths = new Map<string, Path>();
  #connections = 0;

  constructor(timeline: Timeline, seed: number, conditions: Conditions) {
    this.timeline = timeline;
    this.seed = seed;
    this.#conditions = conditions;
  }

  random(label: string): SeededRandom {
    return createSeededRandom(this.seed, label);
  }

  addHost(host: Host): void {
    this.hosts.push(host);
    for (const address of host.addresses) this.#hostByAddress.set(address, host);
  }

  hostAt(address: string): Host | undefined {
    return this.#hostByAddress.get(address) ?? this.#hostByAddress.get(canonicalAddress(address));
  }

  /** The name of the host with that address; the address where there is none. */
  nameOf(address: string): string {
    return this.hostAt(address)?.name ?? address;
  }

  /** One direction between the hosts of two addresses. What a host says to itself takes no time and is never lost. */
  path(from: string, to: string): Path {
    const [here, there] = [this.nameOf(from), this.nameOf(to)];
    const key = `${here} > ${there}`;
    let path = this.#paths.get(key);
    if (path === undefined) {
      const conditions = here === there ? { ...this.#conditions, ...LOOPBACK } : this.#conditions;
      path = new Path(conditions, this.random(`path ${key}`));
      this.#paths.set(key, path);
    }
    return path;
  }

  nextConnection(): number {
    this.#connections += 1;
    return this.#connections;
  }

  record(local: Endpoint, from: Place, to: Place, bytes: Uint8Array): TrafficRecord {
    const { host, port } = from;
    const record: TrafficRecord = {
      at: this.timeline.now,
      protocol: local.protocol,
      from: { host, port },
      to,
      bytes,
      label: labelOf(bytes),
      copies: 1,
      loss: undefined,
    };
    this.traffic.push(record);
    if (this.traffic.length > MAX_TRAFFIC) this.traffic.splice(0, MAX_TRAFFIC / 10);
    return record;
  }

  note(text: string): void {
    this.notes.push({ at: this.timeline.now, text });
    if (this.notes.length > MAX_NOTES) this.notes.splice(0, MAX_NOTES / 10);
  }

  /** Takes one datagram to whoever has the address when it arrives. The bytes must not change any more. */
  carry(from: Endpoint, target: Place, bytes: Uint8Array): void {
    const to = { host: canonicalAddress(target.host), port: target.port };
    const record = this.record(from, from, to, bytes);
    const fate = this.path(from.host, to.host).fateOf(bytes.length, record.label);
    record.copies = 'loss' in fate ? 0 : fate.delays.length;
    record.loss = 'loss' in fate ? fate.loss : undefined;
    if ('loss' in fate) return;
    for (const delay of fate.delays) this.timeline.after(delay, () => this.#arrive(record, from));
  }

  /** Streams that waited for a path or a host look again. */
  release(): void {
    for (const host of this.hosts) host.releaseStreams();
  }

  #arrive(record: TrafficRecord, from: Place): void {
    const socket = this.hostAt(record.to.host)?.udpAt(record.to);
    if (socket !== undefined) socket.take(record.bytes, from);
    else {
      record.copies -= 1;
      if (record.copies === 0) record.loss = 'nobody there';
    }
  }
}

/** The shortest way to write an IPv6 address; everything else as it is. */
export function canonicalAddress(address: string): string {
  return isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}

const LOOPBACK = { delayMs: 0, jitterMs: 0, loss: 0, duplicate: 0, reorder: 0 };
const MAX_TRAFFIC = 20_000;
const MAX_NOTES = 2_000;
