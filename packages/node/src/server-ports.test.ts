import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from '@strowger/sip/message';
import { messageText } from '@strowger/testkit/messages';
import { bytesOf, Witness } from '@strowger/testkit/suites';
import { createNodePorts, openListen } from './server-ports.ts';

const SILENT = new Witness();

test('data in memory needs no folder, and every port is that of this machine', () => {
  const ports = createNodePorts({ data: 'memory' });
  assert.ok(Math.abs(ports.clock.unix() - Date.now()) < 1_000);
  assert.equal(ports.hash('MD5', ''), 'd41d8cd98f00b204e9800998ecf8427e');
  assert.equal(parse(bytesOf(messageText(['OPTIONS sip:a.example SIP/2.0', 'a: b'])), ports.text).kind, 'request');
  assert.deepEqual(ports.resolver.addresses('192.0.2.7'), ['192.0.2.7']);
  ports.close();
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
  assert.throws(() => createNodePorts({ data: file }), { name: 'StoreFault', code: 'NODE_E_STORE_UNREADABLE', file });
});

test('a wildcard opens one address for each that the machine has of the family, with a port of its own', async () => {
  for (const protocol of ['udp', 'tcp'] as const) {
    const opened = await openListen({ protocol, host: '0.0.0.0', port: 0 }, SILENT, { lo: [ip4('127.0.0.1')] });
    assert.deepEqual(
      opened.map(({ local }) => [local.protocol, local.host]),
      [[protocol, '127.0.0.1']],
    );
    assert.notEqual(opened[0]?.local.port, 0);
    await Promise.all(opened.map((transport) => transport.close()));
  }
});

test('a wildcard of a family that the machine has not is refused with a sentence', async () => {
  await assert.rejects(openListen({ protocol: 'udp', host: '::', port: 5060 }, SILENT, {}), {
    name: 'ListenFault',
    code: 'NODE_E_LISTEN',
    message: 'udp:[::]:5060 cannot be opened: this machine has no address of this family.',
  });
});

test('when one address of a wildcard cannot be had, none stays open', async () => {
  const [free] = await openListen({ protocol: 'udp', host: '127.0.0.1', port: 0 }, SILENT);
  const port = free?.local.port ?? 0;
  await free?.close();
  const listen = { protocol: 'udp', host: '0.0.0.0', port } as const;
  const interfaces = { lo: [ip4('127.0.0.1'), ip4('192.0.2.250')] };
  for (let i = 0; i < 2; i += 1)
    await assert.rejects(openListen(listen, SILENT, interfaces), { code: 'NODE_E_NOT_LOCAL', host: '192.0.2.250' });
});

const ip4 = (address: string) =>
  ({ address, family: 'IPv4', netmask: '255.255.255.0', mac: '', internal: false, cidr: null }) as const;
