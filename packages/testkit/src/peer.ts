import type { About, Endpoint, Flow, Transport, TransportFault, TransportListener } from '@strowger/sip/engine';
import { Framer, type Message, parse, print } from '@strowger/sip/message';
import type { Instant } from '@strowger/sip/text';
import { bytesOf } from './messages.ts';
import { nodeText } from './node-text.ts';
import { labelOf, type Place } from './traffic.ts';
import type { VirtualHost } from './virtual-host.ts';
import type { World } from './world.ts';

export interface PeerSettings {
  readonly protocol?: 'udp' | 'tcp';
  /** 5060 when missing; 0: any free one. */
  readonly port?: number;
  /** One of the addresses of the host; its first when missing. */
  readonly address?: string;
}

/** A message that arrived: when, from whom, and on which connection (0 for datagrams). */
export interface Heard {
  readonly at: Instant;
  readonly message: Message;
  /** As ladders call it: `INVITE`, `180 INVITE`. */
  readonly label: string;
  readonly from: Place;
  readonly connection: number;
}

/**
 * A bare socket that speaks SIP: it sends exactly what it is given and writes down what it hears. It knows no rule, so that
 * tests can break any; phones are built on it.
 */
export class Peer {
  readonly local: Endpoint;
  readonly heard: Heard[] = [];
  /** Called for each message that arrives, after it was written down. */
  onMessage: (heard: Heard) => void = () => {};
  /** Called when what was sent with this number could not be handed over. */
  onFailed: (about: About, fault: TransportFault) => void = () => {};
  readonly #world: World;
  readonly #transport: Transport;
  readonly #framers = new Map<number, Framer>();
  #waiting: { readonly matches: (heard: Heard) => boolean; readonly resolve: (heard: Heard) => void }[] = [];

  /** @throws Error when the address is taken */
  constructor(world: World, host: VirtualHost, { protocol = 'udp', port = 5060, address }: PeerSettings = {}) {
    this.#world = world;
    const settings = { listener: this.#listener(), port, ...(address === undefined ? {} : { host: address }) };
    this.#transport = protocol === 'udp' ? host.udp(settings) : host.tcp(settings);
    this.local = this.#transport.local;
  }

  /** Sends a message, a text or bytes as they are. Over TCP on that connection; 0: on a live one to that place, or a new one. */
  send(what: Message | string | Uint8Array, to: Place, connection = 0, about = 0): void {
    const bytes = typeof what === 'string' ? bytesOf(what) : what instanceof Uint8Array ? what : print(what, nodeText);
    this.#transport.send(bytes, to.host, to.port, connection, about);
    this.#transport.flush();
  }

  /** The next message that matches: a label, or a condition. Resolves as the world runs. */
  next(matches: string | ((heard: Heard) => boolean) = () => true): Promise<Heard> {
    const condition = typeof matches === 'string' ? (heard: Heard) => heard.label === matches : matches;
    return new Promise((resolve) => this.#waiting.push({ matches: condition, resolve }));
  }

  /** What it has heard, as ladder labels, in order. */
  get labels(): readonly string[] {
    return this.heard.map(({ label }) => label);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #listener(): TransportListener {
    return {
      onDatagrams: (_transport, items, count) => {
        for (const { bytes, host, port } of items.slice(0, count)) this.#take(bytes.slice(), { host, port }, 0);
      },
      onData: (_transport, flow, bytes) => this.#takeStream(flow, bytes),
      onConnected: () => {},
      onClosed: (_transport, flow) => void this.#framers.delete(flow.connection),
      onFailed: (_transport, about, fault) => this.onFailed(about, fault),
    };
  }

  #takeStream({ host, port, connection }: Flow, bytes: Uint8Array): void {
    const framer = this.#framers.get(connection) ?? new Framer();
    this.#framers.set(connection, framer);
    for (const message of framer.push(bytes).messages) this.#take(message, { host, port }, connection);
  }

  /** What is no SIP message, such as a keep-alive, is not heard. */
  #take(bytes: Uint8Array, from: Place, connection: number): void {
    const message = parse(bytes, nodeText);
    if (message.kind === 'malformed') return;
    const heard: Heard = { at: this.#world.now, message, label: labelOf(bytes), from, connection };
    this.heard.push(heard);
    const told = this.#waiting.filter(({ matches }) => matches(heard));
    this.#waiting = this.#waiting.filter((waiting) => !told.includes(waiting));
    for (const { resolve } of told) resolve(heard);
    this.onMessage(heard);
  }
}
