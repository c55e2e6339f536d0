import { createNodePorts } from '@strowger/node';
import { ConfigSchema, createServer, type Server } from '@strowger/server';
import { bracketed } from '@strowger/sip/uri';

/** A server inside of a program: its configuration, its data, and a look at what it decides. */
export async function startServer(listen: readonly string[], log: (line: string) => void): Promise<Server> {
  const config = ConfigSchema.parse({
    domains: ['example.test'],
    listen,
    users: [
      { name: 'alice', password: 'correct horse' },
      { name: 'bob', password: 'battery staple' },
    ],
  });
  const server = await createServer(config, createNodePorts({ data: 'memory' }));
  server.observe(
    (event) => {
      if (event.type === 'request.decided') log(`${event.method}: ${event.decision} ${event.status || ''}`.trimEnd());
    },
    ['request.decided'],
  );
  return server;
}

/** The addresses that it listens on, with the ports that the system chose. */
export const addressesOf = (server: Server): readonly string[] =>
  server.listening.map(({ protocol, host, port }) => `${protocol}:${bracketed(host)}:${port}`);

if (import.meta.main) {
  const server = await startServer(['udp:127.0.0.1:5060', 'tcp:127.0.0.1:5060'], console.log);
  console.log(`listens on ${addressesOf(server).join(' and ')}; Ctrl-C ends it`);
  process.once('SIGINT', () => void server.stop(4_000));
}
