import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { createOpener } from '@strowger/node';
import type { Listen } from '../server-config.ts';
import { doorFindings } from './doors.ts';
import { createFakeMachine } from './machine-fake.ts';

const HERE: Listen = { protocol: 'udp', host: '127.0.0.1', port: 0 };
const MACHINE = createFakeMachine({ open: createOpener({ datagrams: 'single' }) });

test('addresses that can be opened are told, and are free again afterwards', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  server.close();
  await once(server, 'close');
  const all: readonly Listen[] = [HERE, { ...HERE, protocol: 'wss', port }];
  for (const round of ['first', 'second'])
    assert.deepEqual(
      (await doorFindings(MACHINE, all, [])).map(({ state, found }) => [state, found]),
      [
        ['ok', 'udp:127.0.0.1:0 can be opened'],
        ['ok', `wss:127.0.0.1:${port} can be opened`],
      ],
      round,
    );
});

test('a port that another program has is at fault, in the name of the protocol', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  assert.deepEqual(await doorFindings(MACHINE, [{ protocol: 'tls', host: '127.0.0.1', port }], []), [
    {
      name: 'listen',
      state: 'fault',
      found: `tls:127.0.0.1:${port} is taken: another program listens there`,
      advice: 'Stop it or choose another port.',
    },
  ]);
});

test('an address that is not of this machine is at fault', async () => {
  const [finding] = await doorFindings(MACHINE, [{ ...HERE, host: '192.0.2.77' }], []);
  assert.deepEqual([finding?.state, finding?.found.startsWith('192.0.2.77 is not an address')], ['fault', true]);
});

test('where the server that runs here listens nothing is opened, of a wildcard only with all its addresses', async () => {
  const opened: string[] = [];
  const machine = createFakeMachine({
    open: async ({ host }) => {
      opened.push(host);
      return [];
    },
  });
  const listen: readonly Listen[] = [{ protocol: 'tls', host: '0.0.0.0', port: 5061 }];
  const taken = ['tls:127.0.0.1:5061', 'tls:192.0.2.2:5061'];
  const [finding] = await doorFindings(machine, listen, taken);
  assert.deepEqual([finding?.state, finding?.found], ['ok', 'tls:0.0.0.0:5061 is open: the server that runs here']);
  assert.deepEqual(opened, []);
  await doorFindings(machine, listen, taken.slice(1));
  assert.deepEqual(opened, ['0.0.0.0']);
});

test('nothing is opened beside a server that does not say where it listens', async () => {
  const machine = createFakeMachine({ open: () => assert.fail('it was opened') });
  const [finding] = await doorFindings(machine, [HERE], undefined);
  assert.deepEqual([finding?.state, finding?.found.includes('was not tried')], ['note', true]);
});
