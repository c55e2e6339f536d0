import { createNodePorts } from '@strowger/node';
import type { ServerPorts } from '@strowger/server';
import { Engine, type Random, Tokens, type Transport } from '@strowger/sip/engine';
import { line, newRequest, type Request } from '@strowger/sip/message';
import { goalOf, printReasons } from '@strowger/sip/resolve';
import { reply } from '@strowger/sip/routing';
import { DEFAULT_TIMING } from '@strowger/sip/transaction';
import { parseUri, type SipUri } from '@strowger/sip/uri';

export type Pong =
  | { readonly type: 'answered'; readonly status: number; readonly ms: number }
  | { readonly type: 'lost'; readonly why: string };

/** Those of Node, or those of a virtual network: the engine cannot tell. */
export type PingPorts = Pick<ServerPorts, 'clock' | 'random' | 'text' | 'resolver' | 'open'>;

/** Sends one OPTIONS over UDP from a local address (RFC 3261 §11) and waits for its answer, half a minute at most. */
export async function ping(uri: SipUri, from: string, ports: PingPorts): Promise<Pong> {
  const engine = new Engine({
    ...ports,
    tokens: new Tokens(ports.random, keyFrom(ports.random)),
    timing: DEFAULT_TIMING,
    advertise: (local) => local,
    handler: () => reply(501), // what is asked of us in return
    unmatchedCancel: 'answer',
  });
  const [transport] = await ports.open({ protocol: 'udp', host: from, port: 0 }, engine);
  if (transport === undefined) return { type: 'lost', why: `${from} is no address of this machine` };
  engine.attach(transport);
  const pong = await send(engine, transport, uri);
  await engine.drain(0);
  await transport.close();
  return pong;
}

async function send(engine: Engine, transport: Transport, uri: SipUri): Promise<Pong> {
  const goal = goalOf(uri);
  if (typeof goal === 'string') return { type: 'lost', why: goal };
  const found = await engine.core.search(goal, engine.core.chance).next(engine.core.clock.now());
  if (found.type === 'none') return { type: 'lost', why: printReasons(found.reasons) };
  const { host, port } = found.target;
  const sentAt = engine.core.clock.now();
  return new Promise((resolve) => {
    const destination = { transport, host, port, connection: 0 };
    engine.request(optionsTo(uri, engine.core.tokens), destination, {
      onResponse: (_, { status }) => {
        if (status >= 200) resolve({ type: 'answered', status, ms: engine.core.clock.now() - sentAt });
      },
      onFailure: (_, why) => resolve({ type: 'lost', why }),
    });
  });
}

/** Every header but Via, which the engine adds (RFC 3261 §8.1.1). */
function optionsTo(uri: SipUri, tokens: Tokens): Request {
  return newRequest()
    .add(line('Max-Forwards', '70'))
    .add(line('From', `<sip:ping@anonymous.invalid>;tag=${tokens.tag()}`))
    .add(line('To', `<${uri.text}>`))
    .add(line('Call-ID', tokens.tag()))
    .add(line('CSeq', '1 OPTIONS'))
    .request('OPTIONS', uri.text);
}

const keyFrom = (random: Random) => [random.uint32(), random.uint32(), random.uint32(), random.uint32()] as const;

if (import.meta.main) {
  const [target = 'sip:127.0.0.1', from = '127.0.0.1'] = process.argv.slice(2);
  const uri = parseUri(target);
  if (uri.type === 'sip') console.log(await ping(uri, from, createNodePorts({ data: 'memory' })));
}
