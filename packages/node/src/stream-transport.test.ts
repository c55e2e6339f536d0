import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { bytesOf, Trial } from '@strowger/testkit/suites';
import { type StreamLimits, StreamTransport } from './stream-transport.ts';
import { openTcp } from './tcp.ts';
import { SocketWire } from './wire.ts';

function trialWith(
  t: TestContext,
  limits: Partial<StreamLimits>,
  dial?: (host: string, port: number) => Socket,
): Trial {
  const trial = new Trial({
    open: async ({ listener, port }) => {
      if (dial === undefined) return openTcp({ host: '127.0.0.1', port, listener, ...limits });
      const local = { protocol: 'tcp', host: '127.0.0.1', port: 1 } as const;
      const door = {
        dial: (peer: string, peerPort: number) => new SocketWire(dial(peer, peerPort), 'connect'),
        shut: async () => {},
      };
      return new StreamTransport(local, listener, door, { ...SOME_LIMITS, ...limits });
    },
    close: async () => {},
  });
  t.after(() => trial.end());
  return trial;
}

/** A plain TCP server to play the other side by hand. */
async function plainServer(t: TestContext): Promise<{ port: number; next: () => Promise<Socket> }> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets: Socket[] = [];
  const all: Socket[] = [];
  server.on('connection', (socket) => {
    sockets.push(socket.on('error', () => {}));
    all.push(socket);
  });
  t.after(() => {
    for (const socket of all) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    next: async () => {
      const [socket] = sockets.length > 0 ? [sockets.shift()] : await once(server, 'connection');
      return socket as Socket;
    },
  };
}

test('a peer that never answers fails as a timeout once the time to connect is over', async (t) => {
  const silent = new Socket();
  const trial = trialWith(t, { connectTimeoutMs: 10 }, () => silent);
  const alice = await trial.party();
  alice.send('one', { host: '192.0.2.1', port: 5_060 }, { about: 1 });
  alice.send('two', { host: '192.0.2.1', port: 5_060 }, { about: 2 });
  alice.flush();
  await trial.until(() => alice.witness.told.length === 2, 'two failures');
  const seen = alice.witness.all('failed').map(({ about, fault }) => [about, fault.code, fault.text]);
  const text = '192.0.2.1:5060 did not answer in time';
  assert.deepEqual(seen, [
    [1, 'timeout', text],
    [2, 'timeout', text],
  ]);
  assert.equal(silent.destroyed, true);
});

test('the messages of one flush leave in one write', async (t) => {
  const trial = trialWith(t, {});
  const bob = await trial.party();
  const writes: number[] = [];
  const counting = trialWith(t, {}, (host, port) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    const write = socket.write.bind(socket) as (bytes: Uint8Array, done?: (error?: Error | null) => void) => boolean;
    socket.write = (bytes: Uint8Array | string, done?: unknown) => {
      writes.push(bytes.length);
      return write(bytes as Uint8Array, done as () => void);
    };
    return socket;
  });
  const alice = await counting.party();
  await trial.connect(alice, bob);
  for (let i = 0; i < 50; i += 1) alice.send('0123456789', bob.transport.local, { about: i % 2 });
  alice.flush();
  await trial.until(() => bob.witness.receivedBytes() === 505, 'fifty messages');
  assert.deepEqual(writes, [5, 500]);
});

test('a connection without traffic is ended when its idle time is over, and its end is told as a timeout', async (t) => {
  const trial = trialWith(t, { idleTimeoutMs: 20 });
  const [alice, bob] = [await trial.party(), await trial.party()];
  await trial.connect(alice, bob);
  await trial.until(
    () => alice.witness.all('closed').length === 1 && bob.witness.all('closed').length === 1,
    'both ends',
  );
  const codes = [alice, bob].map((party) => party.witness.all('closed')[0]?.fault?.code);
  assert.ok(codes.includes('timeout'), `${codes}`);
});

test('a connection that came in and never sends a byte is ended soon, one that sends is kept', async (t) => {
  const trial = trialWith(t, { firstByteTimeoutMs: 20 });
  const alice = await trial.party();
  const { host, port } = alice.transport.local;
  const [silent, talking] = [connect({ host, port }), connect({ host, port })];
  talking.write('hello');
  silent.resume();
  await trial.until(() => alice.witness.receivedBytes() === 5 && alice.witness.all('closed').length === 1, 'one end');
  const [closed] = alice.witness.all('closed');
  assert.deepEqual([closed?.flow.port === talking.localPort, closed?.fault?.code], [false, 'timeout']);
  talking.destroy();
});

test('a reset by the peer ends the connection as reset', async (t) => {
  const trial = trialWith(t, {});
  const [alice, peer] = [await trial.party(), await plainServer(t)];
  alice.send('hello', { host: '127.0.0.1', port: peer.port });
  alice.flush();
  const socket = await peer.next();
  await trial.until(() => alice.witness.all('connected').length === 1, 'the connection');
  socket.resetAndDestroy();
  await trial.until(() => alice.witness.all('closed').length === 1, 'the end');
  assert.equal(alice.witness.all('closed')[0]?.fault?.code, 'reset');
});

test('a peer that ends only its own side still gets what was queued, and no later message chooses the connection', async (t) => {
  const trial = trialWith(t, {});
  const [alice, peer] = [await trial.party(), await plainServer(t)];
  const to = { host: '127.0.0.1', port: peer.port };
  alice.send('question', to);
  alice.flush();
  const socket = await peer.next();
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes.toString();
  });
  await trial.until(() => alice.witness.all('connected').length === 1, 'the connection');
  const connection = alice.witness.all('connected')[0]?.flow.connection ?? 0;
  alice.send(' more', to, { connection });
  const ended = once(socket, 'end');
  socket.end('half');
  await Promise.all([ended, trial.until(() => alice.witness.all('closed').length === 1, 'the end')]);
  assert.deepEqual(alice.witness.texts(), ['half']);
  assert.equal(heard, 'question more');
  assert.equal(alice.witness.all('closed')[0]?.fault, undefined);
  alice.send('late', to, { connection, about: 1 });
  await trial.until(() => alice.witness.all('failed').length === 1, 'the failure');
});

test('a peer that never ends its side is left after the linger time', async (t) => {
  const trial = trialWith(t, { lingerMs: 20 });
  const [alice, peer] = [await trial.party(), await plainServer(t)];
  alice.send('hello', { host: '127.0.0.1', port: peer.port });
  alice.flush();
  const socket = await peer.next();
  socket.resume();
  await trial.until(() => alice.witness.all('connected').length === 1, 'the connection');
  alice.transport.disconnect(alice.witness.all('connected')[0]?.flow.connection ?? 0);
  await trial.until(() => alice.witness.all('closed').length === 1, 'the end');
  assert.equal(alice.witness.all('closed')[0]?.fault, undefined);
});

test('what a peer has not taken when the linger time is over fails as a timeout', async (t) => {
  const trial = trialWith(t, { lingerMs: 20, maxQueuedBytes: 64 * 1024 * 1024 });
  const [alice, peer] = [await trial.party(), await plainServer(t)];
  alice.send('x'.repeat(32 * 1024 * 1024), { host: '127.0.0.1', port: peer.port }, { about: 1 });
  alice.flush();
  const socket = await peer.next();
  socket.pause();
  await trial.until(() => alice.witness.all('connected').length === 1, 'the connection');
  await trial.end();
  assert.equal(alice.witness.all('closed')[0]?.fault?.code, 'timeout');
  assert.deepEqual(
    alice.witness.all('failed').map(({ about, fault }) => [about, fault.code]),
    [[1, 'timeout']],
  );
});

test('an IPv6 address is the same peer however it is written', async (t) => {
  const dialled: string[] = [];
  const trial = trialWith(t, {}, (host) => {
    dialled.push(host);
    return new Socket();
  });
  const alice = await trial.party();
  for (const host of ['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:db8::1']) alice.send('x', { host, port: 5_060 });
  alice.flush();
  assert.deepEqual(dialled, ['2001:db8::1']);
});

test('an address that has made as many connections as it may is turned away until one of them has ended', async (t) => {
  const trial = trialWith(t, { maxConnectionsPerPeer: 2 });
  const bob = await trial.party();
  const { port } = bob.transport.local;
  const dial = (localAddress: string): Socket => {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    t.after(() => socket.destroy());
    return socket.on('error', () => {});
  };
  const opened = (): number => bob.witness.all('connected').length;
  const [first] = [dial('127.0.0.1'), dial('127.0.0.1')];
  await trial.until(() => opened() === 2, 'two connections');
  await new Promise((resolve) => dial('127.0.0.1').once('close', resolve));
  assert.equal(opened(), 2);
  dial('127.0.0.2');
  await trial.until(() => opened() === 3, 'a connection of somebody else');
  first.destroy();
  await trial.until(() => bob.witness.all('closed').length === 1, 'the end of the first');
  dial('127.0.0.1');
  await trial.until(() => opened() === 4, 'a new one in its place');
});

const SOME_LIMITS: StreamLimits = {
  maxQueuedBytes: 1_000_000,
  maxConnections: 10,
  maxConnectionsPerPeer: 10,
  connectTimeoutMs: 1_000,
  firstByteTimeoutMs: 0,
  idleTimeoutMs: 0,
  lingerMs: 1_000,
};

test('without TLS a connection serves every name that leads to its address, and alias makes no more of it (RFC 3261 §18.1.1, RFC 5923 §9.3)', async (t) => {
  const trial = trialWith(t, {});
  const [alice, bob] = [await trial.party(), await trial.party()];
  const there = bob.transport.local;
  for (const name of ['a.example', 'b.example'])
    alice.transport.send(bytesOf(name), there.host, there.port, 0, 0, name);
  alice.flush();
  await trial.until(() => bob.witness.receivedBytes() === 18, 'both');
  const { flow } = bob.witness.all('connected')[0] ?? assert.fail('no connection');
  bob.transport.alias?.(flow.connection, alice.transport.local.port);
  bob.transport.send(bytesOf('back'), flow.host, flow.port, 0, 0, 'c.example');
  bob.flush();
  await trial.until(() => alice.witness.receivedBytes() === 4, 'what goes back');
  assert.deepEqual([alice.witness.all('connected').length, bob.witness.all('connected').length], [1, 1]);
  bob.send('new', alice.transport.local);
  bob.flush();
  await trial.until(() => alice.witness.all('connected').length === 2, 'a connection to the port that is listened on');
});
