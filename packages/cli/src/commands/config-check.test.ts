import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeIo, type FakeIo } from '../io-fake.ts';
import { main } from '../main.ts';

async function check(yaml: string): Promise<FakeIo & { exit: number }> {
  const io = createFakeIo({ files: { '/home/al/s.yaml': yaml } });
  const exit = await main(['config', 'check', 's.yaml'], io, new AbortController().signal);
  return { ...io, exit };
}

test('a good file is told to be in order, with what it means', async () => {
  const { exit, outLines, errLines } = await check(
    'domains: [a.test]\nlisten: [udp:127.0.0.1:5060]\nusers: [{ name: al, password: x }]',
  );
  assert.deepEqual([exit, errLines], [0, []]);
  assert.deepEqual(outLines, [
    's.yaml: in order',
    '  domains  a.test',
    '  listen   udp:127.0.0.1:5060',
    '  data     /home/al/strowger-data',
    '  auth     digest',
    '  users    1',
  ]);
});

test('an empty file is in order and means the defaults', async () => {
  const { exit, outLines } = await check('');
  assert.equal(exit, 0);
  assert.ok(outLines.includes('  domains  one made up at the first start'));
  assert.ok((await check('data: memory')).outLines.includes('  data     in memory only'));
});

test('every fault is a line on standard error, and the exit code is 1', async () => {
  const { exit, outLines, errLines } = await check('redirct: true\nproxy: { timerC: 180 }');
  assert.deepEqual([exit, outLines], [1, []]);
  assert.deepEqual(errLines, [
    's.yaml:1:1: redirct: found the unknown key redirct with true, expected one of domains, listen, datagrams, tls, webSocket, data, durability, auth, digest, users, trusted, login, registrar, proxy, redirect, advertise, dns, enum, edge, guard, log; did you mean redirect?',
    's.yaml:2:18: proxy.timerC: found 180, expected a whole number of seconds from 181 to 86400 (more than three minutes, RFC 3261 §16.6).',
    '2 faults',
  ]);
});

test('a file that is not there is one fault', async () => {
  const io = createFakeIo();
  assert.equal(await main(['config', 'check', 'no.yaml'], io, new AbortController().signal), 1);
  assert.deepEqual(io.errLines, [
    'no.yaml: found no file of this name, expected a readable YAML file; check the path.',
    '1 fault',
  ]);
});
