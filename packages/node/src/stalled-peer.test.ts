import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { Engine, Tokens, type Transport, type TransportFault, type TransportListener } from '@strowger/sip/engine';
import { tableResolver } from '@strowger/sip/resolve';
import { reply } from '@strowger/sip/routing';
import { DEFAULT_TIMING } from '@strowger/sip/transaction';
import { bytesOf, textOf } from '@strowger/testkit/suites';
import { WebSocket } from 'ws';
import { createSampleAuthority } from '../test/sample-credentials.ts';
import { createClock } from './clock.ts';
import { openTcp } from './tcp.ts';
import { bufferText } from './text.ts';
import { openTls } from './tls.ts';
import { openWebSocket } from './web-socket.ts';

const authority = await createSampleAuthority();
const credentials = authority.credentials(await authority.issue({ addresses: ['127.0.0.1'] }));
const HOST = '127.0.0.1';
const QUEUE_BYTES = 200_000;

type Stream = 'tcp' | 'tls' | 'ws' | 'wss';
const STREAMS: readonly Stream[] = ['tcp', 'tls', 'ws', 'wss'];

/** Opens one address of a protocol. */
async function open(t: TestContext, protocol: Stream, listener: TransportListener): Promise<Transport> {
  const common = { host: HOST, port: 0, listener, lingerMs: 100, maxQueuedBytes: QUEUE_BYTES };
  const transport =
    protocol === 'tcp'
      ? await openTcp(common)
      : protocol === 'tls'
        ? await openTls({ ...common, credentials })
        : await openWebSocket({ ...common, ...(protocol === 'wss' ? { tls: { credentials } } : {}) });
  t.after(() => transport.close());
  return transport;
}

for (const stalledBy of STREAMS) {
  test(`a peer that asks by ${stalledBy} and never reads is cut, while a thousand requests of others are answered`, async (t) => {
    const server = await createServer(t);
    const place = server.places.get(stalledBy) ?? 0;
    const stalled = await stalledPeer(t, stalledBy, place);
    const ends = new Promise((resolve) => stalled.socket.once('close', resolve));
    void pester(stalled, ends);
    const answered = new Map<string, number>();
    let wake = (): void => {};
    const count = (protocol: string, text: string): void => {
      answered.set(protocol, (answered.get(protocol) ?? 0) + text.split('SIP/2.0 200 OK\r\n').length - 1);
      wake();
    };
    for (const protocol of STREAMS) {
      const listener = {
        ...NOBODY,
        onData: (_t: Transport, _f: unknown, bytes: Uint8Array) => count(protocol, textOf(bytes)),
      };
      const clients = await Promise.all(Array.from({ length: 5 }, () => open(t, protocol, listener)));
      for (const [index, client] of clients.entries()) {
        for (let i = 0; i < 50; i += 1)
          client.send(
            bytesOf(optionsText(`${protocol}-${index}-${i}`, '')),
            HOST,
            server.places.get(protocol) ?? 0,
            0,
            0,
          );
        client.flush();
      }
    }
    while (STREAMS.some((protocol) => (answered.get(protocol) ?? 0) < 250))
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    assert.deepEqual([...answered.values()], [250, 250, 250, 250]);
    await ends;
    while (server.faults.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(server.faults, ['queueFull']);
  });
}

/** A server that answers every request 200, on each protocol, and notes how connections end that do not end in order. */
async function createServer(t: TestContext) {
  const clock = createClock();
  let next = 0;
  const random = {
    uint32: () => {
      next += 1;
      return next;
    },
  };
  const engine = new Engine({
    clock,
    text: bufferText,
    tokens: new Tokens(random, [1, 2, 3, 4]),
    resolver: tableResolver(() => []),
    timing: DEFAULT_TIMING,
    advertise: (local) => local,
    handler: () => reply(200),
    unmatchedCancel: 'answer',
  });
  const faults: string[] = [];
  const listener: TransportListener = {
    onDatagrams: (...told) => engine.onDatagrams(...told),
    onData: (...told) => engine.onData(...told),
    onConnected: () => {},
    onClosed: (transport, flow, fault: TransportFault | undefined) => {
      if (fault !== undefined) faults.push(fault.code);
      engine.onClosed(transport, flow);
    },
    onFailed: (...told) => engine.onFailed(...told),
  };
  const places = new Map<Stream, number>();
  for (const protocol of STREAMS) {
    const transport = await open(t, protocol, listener);
    engine.attach(transport);
    places.set(protocol, transport.local.port);
  }
  t.after(() => clock.sleep());
  return { places, faults };
}

/** A connection whose owner writes and does not read. */
async function stalledPeer(
  t: TestContext,
  protocol: Stream,
  port: number,
): Promise<{ readonly socket: Socket; send(text: string, sent: () => void): void }> {
  const isSecret = protocol === 'tls' || protocol === 'wss';
  const socket = isSecret ? connectTls({ host: HOST, port, rejectUnauthorized: false }) : connect({ host: HOST, port });
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  if (protocol === 'tcp' || protocol === 'tls') {
    await once(socket, isSecret ? 'secureConnect' : 'connect');
    socket.pause();
    return { socket, send: (text, sent) => void socket.write(text, sent) };
  }
  const webSocket = new WebSocket(`ws://${HOST}:${port}/`, 'sip', { createConnection: () => socket });
  webSocket.on('error', () => {});
  await once(webSocket, 'open');
  webSocket.pause();
  return { socket, send: (text, sent) => webSocket.send(text, sent) };
}

/** Asks and asks until the connection ends: how much the system holds back for a peer is its own affair. */
async function pester(stalled: Awaited<ReturnType<typeof stalledPeer>>, ends: Promise<unknown>): Promise<void> {
  const ballast = 'x'.repeat(4_000);
  for (let i = 0; !stalled.socket.destroyed; i += 1) {
    const sent = new Promise<void>((resolve) => stalled.send(optionsText(`stalled-${i}`, ballast), resolve));
    if (i % 50 === 49) await Promise.race([sent, ends]);
  }
}

const optionsText = (id: string, ballast: string): string =>
  [
    'OPTIONS sip:127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/TCP client.invalid;branch=z9hG4bK${id};rport`,
    'Max-Forwards: 70',
    `From: <sip:a@client.invalid>;tag=1${ballast}`,
    'To: <sip:127.0.0.1>',
    `Call-ID: ${id}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');

const NOBODY: TransportListener = {
  onDatagrams: () => {},
  onData: () => {},
  onConnected: () => {},
  onClosed: () => {},
  onFailed: () => {},
};
