import type { Server, Socket } from 'node:net';
import { createServer } from 'node:tls';
import { transportCompliance } from '@strowger/testkit/suites';
import { createSampleAuthority } from '../test/sample-credentials.ts';
import { openTls } from './tls.ts';

const authority = await createSampleAuthority();
const credentials = authority.credentials(await authority.issue({ addresses: ['127.0.0.1', '::1'] }));

transportCompliance({
  name: 'TLS over node:tls',
  kind: 'stream',
  create: async () => {
    const stalled: Socket[] = [];
    const servers: Server[] = [];
    return {
      open: ({ family, ...options }) =>
        openTls({ ...options, host: family === 'ipv6' ? '::1' : '127.0.0.1', credentials }),
      stalledPeer: async () => {
        const server = createServer(credentials.server, (socket) => stalled.push(socket.on('error', () => {}).pause()));
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
