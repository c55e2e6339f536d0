import { createVirtualPorts, createWorld, Peer, type World, type WorldOptions } from '@strowger/testkit';
import { Engine, type EngineEvent, type Relief, Tokens } from '../src/engine/index.ts';
import type { Decision, Handler, Plan } from '../src/routing/index.ts';
import { DEFAULT_TIMING } from '../src/transaction/index.ts';

export interface EngineSiteOptions {
  readonly world?: WorldOptions;
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly unmatchedCancel?: 'answer' | 'handle';
  readonly relief?: Relief;
}

/** An engine with one handler at 10.0.0.1:5060, by UDP and TCP, and bare sockets to talk to it. */
export interface EngineSite {
  readonly world: World;
  readonly engine: Engine;
  readonly events: EngineEvent[];
  readonly place: { readonly host: string; readonly port: number };
  peer(at: string, options?: { readonly port?: number; readonly protocol?: 'udp' | 'tcp' }): Peer;
  /** Lets time pass until nothing is left to do. @throws Error when something is */
  settle(ms?: number): Promise<void>;
}

export async function createEngineSite(handler: Handler, options: EngineSiteOptions = {}): Promise<EngineSite> {
  const world = createWorld(options.world);
  const host = world.host('10.0.0.1', { name: 'engine' });
  const ports = createVirtualPorts(world, host, options.names === undefined ? {} : { names: options.names });
  const engine = new Engine({
    clock: ports.clock,
    text: ports.text,
    tokens: new Tokens(ports.random, [1, 2, 3, 4]),
    resolver: ports.resolver,
    timing: DEFAULT_TIMING,
    advertise: (local) => local,
    handler,
    unmatchedCancel: options.unmatchedCancel ?? 'answer',
    ...(options.relief === undefined ? {} : { relief: options.relief }),
  });
  const place = { host: '10.0.0.1', port: 5060 };
  for (const protocol of ['udp', 'tcp'] as const)
    for (const transport of await ports.open({ protocol, ...place }, engine)) engine.attach(transport);
  const events: EngineEvent[] = [];
  engine.observe((event) => void events.push(event));
  return {
    world,
    engine,
    events,
    place,
    peer: (at, settings = {}) => new Peer(world, world.host(at), settings),
    settle: async (ms = 300_000) => {
      await world.runFor(ms);
      const { servers, clients, wheel } = engine.core;
      if (servers.size + clients.size + wheel.size > 0)
        throw new Error(`left: ${[...servers.keys(), ...clients.keys()].join(', ')}; ${wheel.size} deadlines`);
    },
  };
}

export const forward = (plan: Plan): Decision => ({
  type: 'forward',
  plan,
  options: { recordRoute: 'no', timerCMs: 200_000, recurse: 'no' },
});

export interface WrittenRequest {
  readonly method?: string;
  readonly uri?: string;
  readonly branch?: string;
  readonly callId?: string;
  readonly cseq?: string;
  readonly to?: string;
  /** Whole header lines, behind the others. */
  readonly more?: readonly string[];
}

/** A request of a peer, written by hand. */
export function requestText(peer: Peer, request: WrittenRequest = {}): string {
  const { method = 'INVITE', uri = 'sip:bob@example.com', branch = 'z9hG4bK1', callId = 'c1', more = [] } = request;
  const { protocol, host, port } = peer.local;
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/${protocol.toUpperCase()} ${host}:${port};branch=${branch}`,
    'Max-Forwards: 70',
    'From: <sip:alice@example.com>;tag=f',
    `To: ${request.to ?? `<${uri}>`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${request.cseq ?? `1 ${method}`}`,
    ...more,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

/** An answer to what a peer heard: its lines are sent back with another start line. */
export function answerText(heard: Peer['heard'][number], status: number): string {
  const { content } = heard.message;
  const lines = [`SIP/2.0 ${status} Reason`];
  for (let i = 0; i < content.count; i += 1) {
    const name = content.nameAt(i);
    if (!/^(Via|From|To|Call-ID|CSeq)$/.test(name)) continue;
    const tag = name === 'To' && !content.valueAt(i).includes('tag=') ? ';tag=t' : '';
    lines.push(`${name}: ${content.valueAt(i)}${tag}`);
  }
  return [...lines, 'Content-Length: 0', '', ''].join('\r\n');
}
