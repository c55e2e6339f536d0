import { bufferText, createAddressResolver, createClock, createRandom, openTcp, openUdp } from '@strowger/node';
import { type Endpoint, Engine, Tokens, type Transport, type TransportListener } from '@strowger/sip/engine';
import type { Request, Response } from '@strowger/sip/message';
import { nextHopOf, tableResolver } from '@strowger/sip/resolve';
import { reply } from '@strowger/sip/routing';
import { DEFAULT_TIMING } from '@strowger/sip/transaction';
import { bracketed, type SipUri } from '@strowger/sip/uri';
import { CommandFault } from './command-fault.ts';
import { localAddressToward } from './local-address.ts';

/** How a request of ours ended. */
export type Outcome =
  | { readonly type: 'response'; readonly response: Response; readonly ms: number }
  /** Nothing came in time, or the request could not be sent; `text` is a sentence without a full stop. */
  | { readonly type: 'failed'; readonly text: string };

/** A small user agent for one command: it sends requests to one peer and waits for their final responses. */
export interface Caller {
  readonly local: Endpoint;
  /** Where the requests go: `udp:192.0.2.7:5060`. */
  readonly peer: string;
  /** Sends a request that has every header but Via. */
  call(request: Request, timeoutMs: number, signal: AbortSignal): Promise<Outcome>;
  /** Unguessable: for tags, Call-IDs and client nonces. */
  token(): string;
  close(): Promise<void>;
}

/**
 * Opens a socket toward the host of a URI. @throws CommandFault (rejects) for a transport that cannot be used here
 */
export async function openCaller(
  uri: SipUri,
): Promise<Caller | { readonly type: 'unreachable'; readonly text: string }> {
  const hop = nextHopOf(uri);
  if (hop === undefined) throw new CommandFault(`nobody knows the transport that ${uri.text} names.`);
  const { protocol, port } = hop;
  if (protocol !== 'udp' && protocol !== 'tcp')
    throw new CommandFault(`${protocol} comes with a later version; ${uri.text} needs it. Use udp or tcp.`);
  const [host] = hop.literal ? [hop.host] : await createAddressResolver().addresses(hop.host);
  if (host === undefined) return { type: 'unreachable', text: `${hop.host} has no address` };
  const peer = `${protocol}:${bracketed(host)}:${port}`;
  const from = await localAddressToward(host, port);
  if (from.type === 'none') return { type: 'unreachable', text: `${peer} cannot be reached: ${from.text}` };
  const random = createRandom();
  const clock = createClock();
  const token = (): string => `${random.uint32().toString(36)}${random.uint32().toString(36)}`;
  const engine = new Engine({
    clock,
    text: bufferText,
    tokens: new Tokens(random, [random.uint32(), random.uint32(), random.uint32(), random.uint32()]),
    resolver: tableResolver(() => []),
    timing: DEFAULT_TIMING,
    advertise: (local) => local,
    handler: () => reply(501),
    unmatchedCancel: 'answer',
  });
  const transport = await openOne(protocol, from.host, engine);
  engine.attach(transport);
  return {
    local: transport.local,
    peer,
    token,
    call: (request, timeoutMs, signal) =>
      callOnce(engine, request, { transport, host, port, connection: 0 }, timeoutMs, signal),
    close: async () => {
      await transport.close();
      clock.sleep();
    },
  };
}

function openOne(protocol: 'udp' | 'tcp', host: string, listener: TransportListener): Promise<Transport> {
  return protocol === 'udp'
    ? openUdp({ host, port: 0, listener })
    : openTcp({ host, port: 0, listener, lingerMs: LINGER_MS });
}

function callOnce(
  engine: Engine,
  request: Request,
  destination: Parameters<Engine['request']>[1],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const giveUp = (text: string) => (): void => {
      transaction.abandon();
      end({ type: 'failed', text });
    };
    const timer = setTimeout(giveUp(`no answer in ${timeoutMs / 1000} s`), timeoutMs);
    const onAbort = giveUp('broken off');
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(outcome);
    };
    const transaction = engine.request(request, destination, {
      onResponse: (_, response) => {
        if (response.status >= 200) end({ type: 'response', response, ms: performance.now() - startedAt });
      },
      onFailure: (_, why, fault) => end({ type: 'failed', text: fault?.text ?? `no answer (${why})` }),
    });
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}

const LINGER_MS = 200;
