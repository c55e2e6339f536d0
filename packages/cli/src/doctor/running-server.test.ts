import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ControlFault } from '@strowger/node/control';
import { CommandFault } from '../command-fault.ts';
import { type Settings, settingsOf } from '../settings.ts';
import { runningServer } from './running-server.ts';

async function settings(data: string): Promise<Settings> {
  const result = await settingsOf({ data }, '/srv', () => '');
  assert.ok(result.type === 'settings');
  return result.settings;
}

const answering = (status: number, body: unknown) => ({ askServer: async () => ({ status, body }) });

test('no server listens nowhere', async () => {
  const { finding, listening } = await runningServer({ askServer: async () => undefined }, await settings('data'));
  assert.deepEqual([finding.state, finding.found, listening], ['ok', 'none runs here now', []]);
});

test('a server that runs is told with its domains and addresses', async () => {
  const body = { domains: ['a.test', 'b.test'], listening: ['udp:192.0.2.2:5060'] };
  const { finding, listening } = await runningServer(answering(200, body), await settings('data'));
  assert.deepEqual([finding.state, finding.found], ['ok', 'runs here now for a.test, b.test']);
  assert.deepEqual(listening, ['udp:192.0.2.2:5060']);
});

test('a server that is starting, and one that says nothing of its addresses, are noted', async () => {
  for (const [status, body] of [
    [503, { error: 'The server is starting; ask again in a moment.' }],
    [200, { listening: 'everywhere' }],
    [200, null],
  ] as const) {
    const { finding, listening } = await runningServer(answering(status, body), await settings('data'));
    assert.deepEqual([finding.state, listening], ['note', undefined]);
  }
});

test('a control socket that does not answer stops a server with a folder, and not one in memory', async () => {
  const fault = new ControlFault('NODE_E_CONTROL_ANSWER', '/srv/data/control.sock', 'does not answer.');
  const silent = { askServer: () => Promise.reject(fault) };
  const { finding, listening } = await runningServer(silent, await settings('data'));
  assert.deepEqual(listening, [], 'its addresses are tried');
  assert.deepEqual(finding, { name: 'server', state: 'fault', found: '/srv/data/control.sock does not answer' });
  assert.equal((await runningServer(silent, await settings('memory'))).finding.state, 'note');
});

test("a folder for sockets that is somebody else's stops every server", async () => {
  const askServer = () => Promise.reject(new CommandFault('/tmp/s is not a folder of this user alone: remove it.'));
  assert.equal((await runningServer({ askServer }, await settings('memory'))).finding.state, 'fault');
});
