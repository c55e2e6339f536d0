import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderFor, portOf, run, start } from '../../test/process.ts';
import { commandEntry } from '../command.ts';
import type { Machine } from '../doctor/machine.ts';
import { createFakeMachine } from '../doctor/machine-fake.ts';
import { createFakeIo, type FakeIo } from '../io-fake.ts';
import { main } from '../main.ts';
import { doctorOutline } from './doctor.ts';
import { doctorBody } from './doctor-run.ts';

const FILES = {
  '/proc/sys/net/core/rmem_max': '4194304',
  '/proc/sys/net/core/wmem_max': '4194304',
  '/sys/devices/system/clocksource/clocksource0/current_clocksource': 'tsc',
};
const BATCHED: Partial<Machine> = {
  datagrams: async () => ({ type: 'batched', by: 'koffi 3.3.4', open: () => assert.fail('nothing is opened') }),
};

async function doctor(
  words: readonly string[],
  differing: Partial<Machine> = BATCHED,
  yaml?: string,
): Promise<FakeIo & { exit: number }> {
  const io = createFakeIo(yaml === undefined ? {} : { files: { '/home/al/s.yaml': yaml } });
  const machine = createFakeMachine(differing, FILES);
  const entry = commandEntry(
    'doctor',
    async () => doctorOutline,
    async () => doctorBody(() => machine),
  );
  const exit = await main(['doctor', ...words], io, new AbortController().signal, [entry]);
  return { ...io, exit };
}

test('a good machine has a line for each finding, nothing to note, and exit code 0', async () => {
  const { exit, outLines, errLines } = await doctor([]);
  assert.deepEqual([exit, errLines], [0, []]);
  assert.deepEqual(outLines, [
    'STATE  WHAT            FOUND',
    'ok     Node            24.21.0 (V8 13.6, libuv 1.52.1, OpenSSL 3.5.8) at /usr/bin/node',
    'ok     processor       4 cores',
    'ok     memory          8 GiB; Node takes up to 4 GiB for values',
    'ok     open files      1,048,576',
    'ok     clock           2026-12-01T12:00Z; the monotonic clock is in order',
    'ok     clock source    tsc',
    'ok     datagrams       batched (koffi 3.3.4: up to 64 with one system call; the self-test passed)',
    'ok     socket buffers  4 MiB, as the server asks for',
    'ok     IPv4            127.0.0.1, 192.0.2.2',
    'ok     IPv6            ::1, 2001:db8::2',
    'ok     configuration   no file: the defaults are used',
    'ok     name service    192.0.2.53, those of the system',
    'ok     data            /home/al/strowger-data',
    'ok     store           SQLite 3.53.4; nothing is stored yet',
    'ok     server          none runs here now',
    'ok     listen          udp:0.0.0.0:5060 can be opened on 2 addresses',
    'ok     listen          tcp:0.0.0.0:5060 can be opened on 2 addresses',
    '',
    'Nothing is at fault; nothing to note.',
  ]);
});

test('notes are counted, told with what to do, and leave the exit code at 0', async () => {
  const { exit, outLines } = await doctor([], { ...BATCHED, cores: 1, openFiles: 1_024 });
  assert.equal(exit, 0);
  assert.ok(outLines.some((line) => /^note +open files +1,024, .*\. For many of them: ulimit -n 1048576/.test(line)));
  assert.equal(outLines.at(-1), 'Nothing is at fault; 2 notes.');
  assert.equal((await doctor([], { ...BATCHED, cores: 1 })).outLines.at(-1), 'Nothing is at fault; 1 note.');
});

test('faults of the configuration are those that config check prints, and the exit code is 1', async () => {
  const { exit, outLines } = await doctor(['--config', 's.yaml'], BATCHED, 'proxy: { timerC: 180 }\nauth: maybe');
  assert.equal(exit, 1);
  const faults = outLines.filter((line) => line.startsWith('fault'));
  assert.match(
    faults[0] ?? '',
    /^fault {2}configuration {3}s\.yaml:1:18: proxy\.timerC: found 180, expected a whole number of seconds from 181 to 86400/,
  );
  assert.equal(faults.length, 2);
  assert.equal(outLines.at(-1), '2 faults; nothing to note. The server cannot start like this.');
  assert.ok(!outLines.some((line) => /^ok +(?:configuration|data|server|listen) /.test(line)), 'nothing is guessed');
});

test('a configuration that is not there is one fault', async () => {
  const { exit, outLines } = await doctor(['--config', 'none.yaml']);
  assert.equal(exit, 1);
  assert.equal(outLines.at(-1), '1 fault; nothing to note. The server cannot start like this.');
});

test('what the configuration says is looked at: its name servers, data and addresses', async () => {
  const yaml = 'listen: [udp:127.0.0.1:5070]\ndata: memory\ndatagrams: single\ndns: { servers: [192.0.2.1] }';
  const { outLines } = await doctor(['--config', 's.yaml'], BATCHED, yaml);
  for (const line of [
    'ok     configuration   /home/al/s.yaml is in order',
    'ok     name service    192.0.2.1, by the configuration',
    'ok     listen          udp:127.0.0.1:5070 can be opened',
  ])
    assert.ok(outLines.includes(line), line);
  assert.equal(outLines.filter((line) => line.startsWith('note')).length, 2);
});

test('--json prints an array, with advice only where there is some', async () => {
  const { exit, outLines } = await doctor(['--json'], { ...BATCHED, cores: 1 });
  assert.equal(exit, 0);
  const [node, processor] = JSON.parse(outLines.join('\n'));
  assert.deepEqual(Object.keys(node), ['name', 'state', 'found']);
  assert.deepEqual([processor.name, processor.state, typeof processor.advice], ['processor', 'note', 'string']);
});

test('the command looks at this machine, and knows the server that runs here', async (t) => {
  const folder = folderFor(t);
  const server = start(t, folder, ['serve', '--listen', 'udp:127.0.0.1:0']);
  const port = portOf(await server.line(/^ready /), 'udp');
  const io = createFakeIo({ folder, files: { [`${folder}/s.yaml`]: `listen: [udp:127.0.0.1:${port}]` } });
  await main(['doctor', '--config', 's.yaml', '--json'], io, new AbortController().signal);
  const findings: { name: string; state: string; found: string }[] = JSON.parse(io.outLines.join('\n'));
  const foundOf = (name: string) => findings.find((one) => one.name === name)?.found ?? '';
  assert.match(foundOf('server'), /^runs here now for strowger-[0-9a-f]{4}\.internal$/);
  assert.match(foundOf('store'), /2 users, 0 bindings$/);
  assert.equal(foundOf('listen'), `udp:127.0.0.1:${port} is open: the server that runs here`);
  server.kill('SIGTERM');
  await server.ended;
  const { code, out } = await run(t, folder, ['doctor']);
  assert.match(out, /^ok {5}server +none runs here now$/m);
  assert.equal(code, /^fault/m.test(out) ? 1 : 0);
});
