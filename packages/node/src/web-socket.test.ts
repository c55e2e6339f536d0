import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { transportCompliance } from '@strowger/testkit/suites';
import { createSampleAuthority } from '../test/sample-credentials.ts';
import { openWebSocket } from './web-socket.ts';
import { createWebSocketGate } from './web-socket-gate.ts';

const authority = await createSampleAuthority();
const credentials = authority.credentials(await authority.issue({ addresses: ['127.0.0.1', '::1'] }));

for (const protocol of ['ws', 'wss'] as const) {
  transportCompliance({
    name: `${protocol} over the package ws`,
    kind: 'stream',
    create: async () => {
      const stalled: Socket[] = [];
      const servers: Server[] = [];
      const tls = protocol === 'wss' ? { tls: { credentials } } : {};
      return {
        open: ({ family, ...options }) =>
          openWebSocket({
            ...options,
            ...tls,
            host: family === 'ipv6' ? '::1' : '127.0.0.1',
            maxMessageBytes: 8_000_000,
          }),
        stalledPeer: async () => {
          const gate = createWebSocketGate(
            { maxMessageBytes: 1_000, origins: [] },
            {
              opened: (webSocket, socket) => {
                webSocket.on('error', () => {}).pause();
                stalled.push(socket.pause());
              },
              refused: () => {},
            },
          );
          const server =
            protocol === 'ws'
              ? createServer((socket) => gate.take(socket))
              : createTlsServer(credentials.server, (socket) => gate.take(socket));
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
}
