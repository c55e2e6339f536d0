import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bufferFinding, datagramFinding } from './datagrams.ts';
import { createFakeMachine } from './machine-fake.ts';

const [RECEIVE, SEND] = ['/proc/sys/net/core/rmem_max', '/proc/sys/net/core/wmem_max'];

test('datagrams in batches are told with what makes them', async () => {
  const open = () => assert.fail('nothing is opened');
  const machine = createFakeMachine({ datagrams: async () => ({ type: 'batched', by: 'koffi 3.3.4', open }) });
  assert.deepEqual(await datagramFinding(machine, 'auto'), {
    name: 'datagrams',
    state: 'ok',
    found: 'batched (koffi 3.3.4: up to 64 with one system call; the self-test passed)',
  });
});

test('datagrams one by one are noted with the reason', async () => {
  const { state, found, advice } = await datagramFinding(createFakeMachine(), 'auto');
  assert.deepEqual([state, found], ['note', 'one by one, because the test has no socket']);
  assert.match(advice ?? '', /koffi/);
});

test('a configuration that asks for single datagrams is the reason, and nothing is tried', async () => {
  const machine = createFakeMachine({ datagrams: () => assert.fail('it was tried') });
  const { state, found } = await datagramFinding(machine, 'single');
  assert.deepEqual([state, found], ['note', 'one by one, because the configuration says datagrams: single']);
});

test('socket buffers of 4 MiB are good', async () => {
  const machine = createFakeMachine({}, { [RECEIVE]: '4194304\n', [SEND]: '8388608\n' });
  assert.deepEqual(await bufferFinding(machine), [
    { name: 'socket buffers', state: 'ok', found: '4 MiB, as the server asks for' },
  ]);
});

test('a smaller limit is noted with the command that raises it', async () => {
  const machine = createFakeMachine({}, { [RECEIVE]: '212992\n', [SEND]: '1048576\n' });
  assert.deepEqual(await bufferFinding(machine), [
    {
      name: 'socket buffers',
      state: 'note',
      found: 'net.core.rmem_max is 208 KiB, net.core.wmem_max is 1 MiB, and the server asks for 4 MiB',
      advice: 'Datagrams are lost in a rush: sysctl -w net.core.rmem_max=4194304 net.core.wmem_max=4194304',
    },
  ]);
  const [one] = await bufferFinding(createFakeMachine({}, { [RECEIVE]: '4194303\n', [SEND]: '4194304\n' }));
  assert.ok(one?.advice?.endsWith('sysctl -w net.core.rmem_max=4194304'), one?.advice);
});

test('limits that are hidden or no numbers are noted, and other systems are not asked', async () => {
  for (const files of [{}, { [RECEIVE]: 'much', [SEND]: '4194304' }]) {
    const [finding] = await bufferFinding(createFakeMachine({}, files));
    assert.deepEqual([finding?.state, finding?.found], ['note', 'the system does not say net.core.rmem_max']);
  }
  assert.deepEqual(await bufferFinding(createFakeMachine({ platform: 'darwin' })), []);
});
