import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from '@strowger/sip/message';
import { openNameServer } from '@strowger/testkit';
import { messageText } from '@strowger/testkit/messages';
import { bytesOf } from '@strowger/testkit/suites';
import { createNodePorts } from './server-ports.ts';

test('data in memory needs no folder, and every port is that of this machine', () => {
  const ports = createNodePorts({ data: 'memory' });
  assert.ok(Math.abs(ports.clock.unix() - Date.now()) < 1_000);
  assert.equal(ports.hash('MD5', ''), 'd41d8cd98f00b204e9800998ecf8427e');
  assert.equal(parse(bytesOf(messageText(['OPTIONS sip:a.example SIP/2.0', 'a: b'])), ports.text).kind, 'request');
  assert.deepEqual(ports.resolver.ask('A', 'localhost'), { type: 'records', records: ['127.0.0.1'] });
  ports.close();
});

test('names are asked for at the name servers of the configuration', async (t) => {
  const names = await openNameServer({ 'A far.example': ['192.0.2.7'] });
  t.after(() => names.close());
  const ports = createNodePorts({ data: 'memory', dns: { servers: [names.address] } });
  t.after(() => ports.close());
  assert.deepEqual(await ports.resolver.ask('A', 'far.example'), { type: 'records', records: ['192.0.2.7'] });
});

test('a data folder is made for its owner only and keeps what was stored', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, 'a', 'b');
  const first = createNodePorts({ data });
  await first.settings.put('colour', 'green');
  first.close();
  const second = createNodePorts({ data });
  assert.equal(await second.settings.get('colour'), 'green');
  second.close();
  if (process.platform !== 'win32') assert.equal(statSync(data).mode & 0o777, 0o700);
});

test('a data folder that cannot be made is a fault of the store that names it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const code = 'NODE_E_STORE_UNREADABLE';
  const message = `${file} cannot be made: there is a file of this name.`;
  assert.throws(() => createNodePorts({ data: file }), { name: 'StoreFault', code, file, message });
  if (process.platform === 'linux')
    assert.throws(() => createNodePorts({ data: '/proc/x/y' }), { name: 'StoreFault', code, file: '/proc/x/y' });
});
