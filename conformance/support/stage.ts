import { ConfigSchema, createServer, type Server } from '@strowger/server';
import type { EngineEvent, Transport, TransportListener } from '@strowger/sip/engine';
import { tableResolver } from '@strowger/sip/resolve';
import {
  createVirtualPorts,
  createVirtualStore,
  createWorld,
  nodeText,
  type Place,
  type World,
} from '@strowger/testkit';

export interface StageOptions {
  readonly seed?: number;
  /** Keys of the configuration file, beside those of `OPEN`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What names stand for; every other name stands for `ELSEWHERE`. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** What somebody elsewhere answers to what they get, one character a byte; without it they say nothing. */
  readonly answers?: (text: string) => readonly string[];
}

export type Way = 'datagram' | 'stream';

/** A message that the server sent. */
export interface Sent {
  readonly protocol: string;
  readonly to: Place;
  readonly bytes: Uint8Array;
  /** One character a byte. */
  readonly text: string;
}

/**
 * A server on a virtual network of its own, a caller that sends it any bytes, and somebody everywhere else who takes what the
 * server passes on and says nothing. A test looks at what comes out. The server trusts everybody and asks nobody who they
 * are, so that what it says is about the message alone.
 */
export class Stage {
  readonly world: World;
  readonly server: Server;
  /** What could not be understood, what was dropped, and errors. */
  readonly events: EngineEvent[] = [];
  /** How many connections of the caller the server has ended. */
  hangups = 0;
  readonly #udp: Transport;
  readonly #tcp: Transport;

  constructor(world: World, server: Server, answers: (text: string) => readonly string[]) {
    this.world = world;
    this.server = server;
    const caller = world.host(CALLER, { name: 'caller' });
    this.#udp = caller.udp({ port: 5060, listener: this.#listener() });
    this.#tcp = caller.tcp({ port: 5060, listener: this.#listener() });
    const elsewhere = world.host(ELSEWHERE, { name: 'elsewhere', also: [ELSEWHERE_V6] });
    for (const host of elsewhere.addresses) {
      elsewhere.udp({ host, port: 5060, listener: this.#listener(answers) });
      elsewhere.tcp({ host, port: 5060, cuts: 'none', listener: this.#listener(answers) });
    }
    // Where the Route of a torture message leads, which is too big for a datagram (RFC 3261 §18.1.1).
    world.host('127.0.0.1', { name: 'loopback' }).tcp({ port: 5080, cuts: 'none', listener: this.#listener() });
    server.observe((event) => this.events.push(event), ['message.malformed', 'message.dropped', 'fault']);
  }

  /** Sends bytes from the caller: one datagram, or a stretch of its connection, which stays open. */
  say(way: Way, bytes: Uint8Array): void {
    const transport = way === 'datagram' ? this.#udp : this.#tcp;
    transport.send(bytes, SERVER, 5060, 0, 0);
    transport.flush();
  }

  /** Sends one datagram, lets a second pass, and says what the server sent meanwhile. */
  async datagram(bytes: Uint8Array, ms = 1_000): Promise<readonly Sent[]> {
    return this.#during(ms, () => this.say('datagram', bytes));
  }

  /** The same on the connection of the caller. */
  async stream(bytes: Uint8Array, ms = 1_000): Promise<readonly Sent[]> {
    return this.#during(ms, () => this.say('stream', bytes));
  }

  /** What the server sends while so much time passes. */
  async later(ms: number): Promise<readonly Sent[]> {
    return this.#during(ms, () => {});
  }

  /** Everything of the server that outlives a message. */
  get tables(): { readonly servers: number; readonly clients: number } {
    const { servers, clients } = this.server.engine.core;
    return { servers: servers.size, clients: clients.size };
  }

  /** The errors that no message should be able to cause. */
  get faults(): readonly unknown[] {
    return this.events.flatMap((event) => (event.type === 'fault' ? [event.error] : []));
  }

  async #during(ms: number, action: () => void): Promise<readonly Sent[]> {
    const before = this.world.traffic.length;
    action();
    await this.world.runFor(ms);
    return this.world.traffic
      .slice(before)
      .filter(({ from }) => SERVERS.includes(from.host))
      .map(({ protocol, to, bytes }) => ({ protocol, to, bytes, text: textOf(bytes) }));
  }

  #listener(answers: (text: string) => readonly string[] = () => []): TransportListener {
    const answer = (
      transport: Transport,
      bytes: Uint8Array,
      { host, port, connection }: Place & { connection: number },
    ) => {
      for (const text of answers(textOf(bytes))) transport.send(bytesOf(text), host, port, connection, 0);
      transport.flush();
    };
    return {
      onDatagrams: (transport, items, count) => {
        for (const { bytes, host, port } of items.slice(0, count))
          answer(transport, bytes, { host, port, connection: 0 });
      },
      onData: (transport, flow, bytes) => answer(transport, bytes, flow),
      onConnected: () => {},
      onClosed: () => {
        this.hangups += 1;
      },
      onFailed: () => {},
    };
  }
}

export async function createStage({
  seed = 1,
  config = {},
  names = {},
  answers = () => [],
}: StageOptions = {}): Promise<Stage> {
  const world = createWorld({ seed });
  const host = world.host(SERVER, { name: 'server', also: [SERVER_V6] });
  const server = await createServer(ConfigSchema.parse({ ...OPEN, ...config }), {
    ...createVirtualPorts(world, host),
    ...createVirtualStore(world),
    resolver: tableResolver((name) => names[name] ?? [ELSEWHERE]),
  });
  return new Stage(world, server, answers);
}

/** One character a byte. */
const textOf = (bytes: Uint8Array): string => nodeText.latin1(bytes, 0, bytes.length);
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

export const SERVER = '203.0.113.1';
export const SERVER_V6 = '2001:db8:ffff::1';
export const CALLER = '203.0.113.2';
export const ELSEWHERE = '203.0.113.3';
export const ELSEWHERE_V6 = '2001:db8:ffff::3';

const SERVERS = [SERVER, SERVER_V6];
const OPEN = {
  domains: ['example.com'],
  listen: [`udp:${SERVER}:5060`, `tcp:${SERVER}:5060`, `udp:[${SERVER_V6}]:5060`, `tcp:[${SERVER_V6}]:5060`],
  data: 'memory',
  auth: 'none',
  trusted: ['0.0.0.0/0', '::/0'],
};
