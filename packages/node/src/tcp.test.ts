import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { bytesOf, transportCompliance, Witness } from '@strowger/testkit/suites';
import { openTcp } from './tcp.ts';

transportCompliance({
  name: 'TCP over node:net',
  kind: 'stream',
  create: async () => {
    const stalled: Socket[] = [];
    const servers: ReturnType<typeof createServer>[] = [];
    return {
      open: ({ family, ...options }) => openTcp({ ...options, host: family === 'ipv6' ? '::1' : '127.0.0.1' }),
      stalledPeer: async () => {
        const server = createServer({ pauseOnConnect: true }, (socket) => stalled.push(socket.on('error', () => {})));
        servers.push(server);
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const bound = server.address();
        return { host: '127.0.0.1', port: typeof bound === 'object' && bound !== null ? bound.port : 0 };
      },
      close: async () => {
        for (const socket of stalled) socket.destroy();
        await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      },
    };
  },
});

const SILENT = new Witness();

test('addresses that cannot be opened for TCP are refused with a code and a sentence', async () => {
  const first = await openTcp({ host: '127.0.0.1', port: 0, listener: SILENT });
  const { port } = first.local;
  await assert.rejects(openTcp({ host: '127.0.0.1', port, listener: SILENT }), {
    name: 'ListenFault',
    code: 'NODE_E_TAKEN',
    port,
  });
  await assert.rejects(openTcp({ host: '192.0.2.250', port: 0, listener: SILENT }), {
    code: 'NODE_E_NOT_LOCAL',
    protocol: 'tcp',
  });
  await assert.rejects(openTcp({ host: '0.0.0.0', port: 0, listener: SILENT }), { code: 'NODE_E_WILDCARD' });
  await assert.rejects(openTcp({ host: '::', port: 0, listener: SILENT }), { code: 'NODE_E_WILDCARD' });
  await assert.rejects(openTcp({ host: 'a.name.example', port: 0, listener: SILENT }), { code: 'NODE_E_NOT_LOCAL' });
  await first.close();
});

test('the local address of a transport is the shortest way to write it', async () => {
  const transport = await openTcp({ host: '0:0:0:0:0:0:0:1', port: 0, listener: SILENT });
  assert.equal(transport.local.host, '::1');
  await transport.close();
});

test('connections are made from the address that listens', async () => {
  const [alice, bob] = [new Witness(), new Witness()];
  const from = await openTcp({ host: '127.0.0.2', port: 0, listener: alice });
  const to = await openTcp({ host: '127.0.0.1', port: 0, listener: bob });
  const came = new Promise<void>((resolve) => {
    bob.onNote = resolve;
  });
  from.send(bytesOf('hello'), to.local.host, to.local.port, 0, 0);
  from.flush();
  await came;
  assert.equal(bob.all('connected')[0]?.flow.host, '127.0.0.2');
  await Promise.all([from.close(), to.close()]);
});
