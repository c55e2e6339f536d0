import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, type OpenOptions, Trial, transportCompliance, Witness } from '@strowger/testkit/suites';
import { datagramSupport, openUdp } from './index.ts';

for (const [name, datagrams] of [
  ['node:dgram', 'single'],
  ['system calls for many datagrams', 'auto'],
] as const)
  transportCompliance({
    name: `UDP over ${name}`,
    kind: 'datagram',
    create: async () => ({
      open: ({ family, ...options }) =>
        openUdp({ ...options, host: family === 'ipv6' ? '::1' : '127.0.0.1', datagrams }),
      close: async () => {},
    }),
  });

test('this machine, where the tests run, sends datagrams in batches', async () => {
  const support = await datagramSupport();
  assert.equal(support.type, 'batched', support.type === 'single' ? support.why : '');
});

const SILENT = new Witness();

test('addresses that cannot be opened for UDP are refused with a code and a sentence', async () => {
  const first = await openUdp({ host: '127.0.0.1', port: 0, listener: SILENT });
  const { port } = first.local;
  await assert.rejects(openUdp({ host: '127.0.0.1', port, listener: SILENT }), {
    name: 'ListenFault',
    code: 'NODE_E_TAKEN',
    port,
  });
  await assert.rejects(openUdp({ host: '192.0.2.250', port: 0, listener: SILENT }), {
    code: 'NODE_E_NOT_LOCAL',
    protocol: 'udp',
  });
  await assert.rejects(openUdp({ host: '2001:db8::1', port: 0, listener: SILENT }), { code: 'NODE_E_NOT_LOCAL' });
  await assert.rejects(openUdp({ host: '0.0.0.0', port: 0, listener: SILENT }), { code: 'NODE_E_WILDCARD' });
  await assert.rejects(openUdp({ host: '::', port: 0, listener: SILENT }), { code: 'NODE_E_WILDCARD' });
  await assert.rejects(openUdp({ host: 'a.name.example', port: 0, listener: SILENT }), { code: 'NODE_E_NOT_LOCAL' });
  await first.close();
});

test('an address of the other family cannot be reached', async () => {
  const trial = new Trial({
    open: ({ listener }) => openUdp({ host: '127.0.0.1', port: 0, listener }),
    close: async () => {},
  });
  const alice = await trial.party();
  alice.send('x', { host: '::1', port: 5_060 }, { about: 1 });
  alice.flush();
  await trial.until(() => alice.witness.all('failed').length === 1, 'the failure');
  assert.equal(alice.witness.all('failed')[0]?.fault.code, 'unreachable');
  await trial.end();
});

test('messages fail with a full queue while the system has too many bytes to send', async () => {
  const open = ({ listener }: OpenOptions) => openUdp({ host: '127.0.0.1', port: 0, listener, maxQueuedBytes: -1 });
  const trial = new Trial({ open, close: async () => {} });
  const alice = await trial.party();
  alice.send('x', { host: '127.0.0.1', port: 5_060 }, { about: 1 });
  alice.flush();
  await trial.until(() => alice.witness.all('failed').length === 1, 'the failure');
  assert.equal(alice.witness.all('failed')[0]?.fault.code, 'queueFull');
  await trial.end();
});

test('what is queued when the transport closes is sent first', async () => {
  const [alice, bob] = [new Witness(), new Witness()];
  const from = await openUdp({ host: '127.0.0.1', port: 0, listener: alice });
  const to = await openUdp({ host: '127.0.0.1', port: 0, listener: bob });
  const came = new Promise<void>((resolve) => {
    bob.onNote = resolve;
  });
  from.send(bytesOf('last words'), to.local.host, to.local.port, 0, 0);
  await Promise.all([from.close(), came]);
  assert.deepEqual(bob.texts(), ['last words']);
  await to.close();
});
