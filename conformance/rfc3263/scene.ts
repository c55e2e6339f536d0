import { ConfigSchema, createServer } from '@strowger/server';
import type { EngineEvent } from '@strowger/sip/engine';
import { print } from '@strowger/sip/message';
import type { Answer, RecordOf, RecordType, Resolver } from '@strowger/sip/resolve';
import {
  createVirtualPorts,
  createVirtualStore,
  createWorld,
  type Heard,
  nodeText,
  Peer,
  type World,
} from '@strowger/testkit';
import { requestText, responseText } from '../support/sip-text.ts';

export interface SceneOptions {
  readonly seed?: number;
  /** Keys of the configuration file. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** How long the name service takes to answer; 0: at once. */
  readonly lookupMs?: number;
}

export interface Call {
  readonly method?: string;
  readonly id?: string;
  /** Further header lines. */
  readonly lines?: readonly string[];
}

/** The records of a zone, by question: `SRV _sip._udp.far.example`. */
export type Zone = Readonly<Record<string, readonly RecordOf[RecordType][]>>;

/** What a server says to each request but ACK and CANCEL, in order: a status, with header lines as `503 Retry-After: 60`. */
export type Answers = readonly (number | string)[];

/** A server of the other domain; it answers every CANCEL with 200 and nothing else. */
export class FarServer {
  answers: Answers;
  readonly #peer: Peer;

  constructor(peer: Peer, answers: Answers) {
    this.#peer = peer;
    this.answers = answers;
    peer.onMessage = (heard) => {
      if (heard.message.kind !== 'request' || heard.label === 'ACK') return;
      this.say(heard, heard.label === 'CANCEL' ? [200] : this.answers);
    };
  }

  /** Answers a request that it has heard. */
  say(heard: Heard | undefined, answers: Answers): void {
    if (heard === undefined) throw new Error('nothing was heard');
    for (const answer of answers) this.#peer.send(answerWith(heard, String(answer)), heard.from, heard.connection);
  }

  get heard(): readonly Heard[] {
    return this.#peer.heard;
  }

  get labels(): readonly string[] {
    return this.#peer.labels;
  }
}

/** A proxy that serves everybody, a caller, and servers of another domain that are found by a zone. */
export class Scene {
  readonly world: World;
  readonly caller: Peer;
  readonly events: EngineEvent[] = [];

  constructor(world: World) {
    this.world = world;
    this.caller = new Peer(world, world.host('10.0.0.2', { name: 'caller' }));
  }

  /** A server at 10.0.1.`number`, port 5060. Where none is, datagrams get lost and connections are refused. */
  server(number: number, answers: Answers, protocol: 'udp' | 'tcp' = 'udp'): FarServer {
    const host = this.world.host(`10.0.1.${number}`, { name: `server ${number}` });
    return new FarServer(new Peer(this.world, host, { protocol }), answers);
  }

  /** The caller sends a request to bob of the domain of the zone; those with the same `id` belong together. */
  call({ method = 'INVITE', id = '1', lines = [] }: Call = {}): void {
    const own = [
      `Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK${id}`,
      `Call-ID: ${id}`,
      `CSeq: 1 ${method}`,
      'To: <sip:bob@far.example>',
    ];
    this.caller.send(requestText(`${method} sip:bob@far.example`, [...own, ...lines]), PROXY);
  }

  /** What the caller has heard since this was asked last. */
  heard(): readonly string[] {
    return this.caller.heard.splice(0).map(({ label }) => label);
  }
}

export async function createScene(
  zone: Zone,
  { seed = 1, config = {}, lookupMs = 0 }: SceneOptions = {},
): Promise<Scene> {
  const world = createWorld({ seed });
  const host = world.host(PROXY.host, { name: 'proxy' });
  const resolver: Resolver = {
    ask: (type, name) =>
      lookupMs === 0 ? answerOf(zone, type, name) : world.sleep(lookupMs).then(() => answerOf(zone, type, name)),
  };
  const ports = { ...createVirtualPorts(world, host), ...createVirtualStore(world), resolver };
  const server = await createServer(ConfigSchema.parse({ ...OPEN, ...config }), ports);
  const scene = new Scene(world);
  server.observe((event) => void scene.events.push(event), ['fault', 'target.unknown']);
  return scene;
}

/** The zone of far.example with these servers for UDP, `PRIORITY WEIGHT NUMBER`. */
export const zoneOf = (...servers: readonly string[]): Zone => zoneFor('udp', servers);

export function zoneFor(protocol: 'udp' | 'tcp', servers: readonly string[]): Zone {
  const replacement = `_sip._${protocol}.far.example`;
  const naptr = {
    order: 10,
    preference: 10,
    flags: 's',
    services: protocol === 'udp' ? 'SIP+D2U' : 'SIP+D2T',
    regexp: '',
  };
  const parts = servers.map((text) => text.split(' '));
  return {
    'NAPTR far.example': [{ ...naptr, replacement }],
    [`SRV ${replacement}`]: parts.map(([priority, weight, number]) => ({
      priority: Number(priority),
      weight: Number(weight),
      port: 5060,
      target: `s${number}.far.example`,
    })),
    ...Object.fromEntries(parts.map(([, , number]) => [`A s${number}.far.example`, [`10.0.1.${number}`]])),
  };
}

function answerOf<T extends RecordType>(zone: Zone, type: T, name: string): Answer<T> {
  const records = zone[`${type} ${name}`] as readonly RecordOf[T][] | undefined;
  return records === undefined ? { type: 'none', why: 'nxdomain' } : { type: 'records', records };
}

function answerWith({ message }: Heard, answer: string): string {
  const [, status = '', line = ''] = /^(\d+) ?(.*)$/.exec(answer) ?? [];
  const bytes = print(message, nodeText);
  return responseText(nodeText.latin1(bytes, 0, bytes.length), `${status} Reason`, line === '' ? [] : [line]);
}

const PROXY = { host: '10.0.0.1', port: 5060 };
const OPEN = {
  domains: ['example.com'],
  listen: [`udp:${PROXY.host}:5060`, `tcp:${PROXY.host}:5060`],
  data: 'memory',
  auth: 'none',
  trusted: ['0.0.0.0/0'],
};
