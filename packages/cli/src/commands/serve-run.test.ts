import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderFor, portOf, run, start } from '../../test/process.ts';
import { createFakeIo } from '../io-fake.ts';
import { main } from '../main.ts';

const LOCAL = ['--listen', 'udp:127.0.0.1:0', '--listen', 'tcp:127.0.0.1:0'];

interface Served {
  readonly exit: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

/** Runs `serve` in this process until it says that it is ready, and then stops it. */
async function serveOnce(folder: string, words: readonly string[], yaml?: string): Promise<Served> {
  const end = new AbortController();
  const io = createFakeIo({ folder, files: yaml === undefined ? {} : { [join(folder, 'strowger.yaml')]: yaml } });
  const watched = {
    ...io,
    out: (line: string) => {
      io.out(line);
      if (/^ready |"ready"/.test(line)) end.abort();
    },
  };
  const exit = await main(['serve', ...words], watched, end.signal);
  return { exit, out: io.outLines, err: io.errLines };
}

test('a server with nothing configured makes its data and two users, serves, and ends in order', async (t) => {
  const folder = folderFor(t);
  const server = start(t, folder, ['serve', ...LOCAL]);
  const ready = await server.line(/^ready /);
  assert.match(ready, /^ready udp:127\.0\.0\.1:\d+ tcp:127\.0\.0\.1:\d+$/);
  assert.equal(statSync(join(folder, 'strowger-data')).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder, 'strowger-data/control.sock')).mode & 0o777, 0o600);

  const password = /^ {2}Password {2,}(\S+)$/.exec(await server.line(/^ {2}Password {2,}\w+-/))?.[1] ?? '';
  const aor = /(sip:alice@strowger-[0-9a-f]{4}\.internal)/.exec(await server.line(/Address of record/))?.[1] ?? '';
  const [udp, tcp] = [`sip:127.0.0.1:${portOf(ready, 'udp')}`, `sip:127.0.0.1:${portOf(ready, 'tcp')};transport=tcp`];
  await server.line(new RegExp(`Outbound proxy {6}${udp}$`));

  assert.match((await run(t, folder, ['user', 'list'])).out, new RegExp(`^${aor} +store$`, 'm'));
  for (const proxy of [udp, tcp]) {
    const registered = await run(t, folder, ['register', aor, '--password-stdin', '--proxy', proxy], `${password}\n`);
    assert.deepEqual([registered.code, registered.err], [0, '']);
    assert.match(registered.out, /sip:alice@127\.0\.0\.1:\d+\S* +1 h +this command/);
    const ping = await run(t, folder, ['ping', proxy, '--count', '2']);
    assert.deepEqual([ping.code, ping.out.split('\n').length], [0, 4]);
  }
  const bindings = await run(t, folder, ['bindings', 'alice', '--json']);
  assert.equal(JSON.parse(bindings.out).bindings.length, 2);

  server.kill('SIGTERM');
  const { code, out, err } = await server.ended;
  assert.equal(code, 0);
  assert.ok(!err.includes(password) && out.split(password).length === 4, 'the password is shown with the advice alone');
  assert.equal(existsSync(join(folder, 'strowger-data/control.sock')), false);
  assert.match((await run(t, folder, ['bindings'])).out, new RegExp(`^${aor} +sip:alice@127`, 'm'));
});

test('SIGINT ends a server with exit code 0 as well', async (t) => {
  const server = start(t, folderFor(t), ['serve', '--data', 'memory', ...LOCAL]);
  await server.line(/^ready /);
  server.kill('SIGINT');
  assert.equal((await server.ended).code, 0);
});

test('a second signal ends a server that waits for an open call', async (t) => {
  const folder = folderFor(t);
  const silent = createSocket('udp4');
  t.after(() => silent.close());
  await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve));
  writeFileSync(join(folder, 'open.yaml'), 'trusted: [127.0.0.0/8]\ndata: memory');
  const server = start(t, folder, ['serve', '--config', 'open.yaml', ...LOCAL]);
  const port = portOf(await server.line(/^ready /), 'udp');
  const forwarded = new Promise((resolve) => silent.once('message', resolve));
  silent.send(inviteTo(silent.address().port), port, '127.0.0.1');
  await forwarded;
  server.kill('SIGTERM');
  await server.line(/server\.stopping/, 'stderr');
  server.kill('SIGTERM');
  assert.equal((await server.ended).code, 130);
});

/** Something that a server waits for: an INVITE to somebody who never answers. */
const inviteTo = (port: number): string =>
  [
    `INVITE sip:x@127.0.0.1:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKtest;rport`,
    'Max-Forwards: 70',
    'From: <sip:y@elsewhere.invalid>;tag=1',
    `To: <sip:x@127.0.0.1:${port}>`,
    'Call-ID: one',
    'CSeq: 1 INVITE',
    `Contact: <sip:y@127.0.0.1:${port}>`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

test('passwords are made at the first start only', async (t) => {
  const folder = folderFor(t);
  const first = await serveOnce(folder, LOCAL);
  assert.equal(first.exit, 0);
  assert.ok(first.out.some((line) => line.includes('Their passwords are shown this once')));
  const second = await serveOnce(folder, LOCAL);
  assert.equal(second.exit, 0);
  assert.equal(second.out.length, 3);
  assert.match(
    second.out[0] ?? '',
    /^Phones register as sip:NAME@strowger-\w{4}\.internal and send to sip:127\.0\.0\.1:\d+ or /,
  );
  assert.match(second.out[1] ?? '', /strowger user password NAME/);
});

test('with JSON logs every line of both streams is one object, and the last one says that the server is ready', async (t) => {
  const { exit, out, err } = await serveOnce(folderFor(t), ['--data', 'memory', '--log-format', 'json', ...LOCAL]);
  assert.equal(exit, 0);
  const [first, ready] = out.map((line) => JSON.parse(line));
  assert.equal(out.length, 2);
  assert.deepEqual(
    [first.event, first.users.map(({ name }: { name: string }) => name)],
    ['first-start', ['alice', 'bob']],
  );
  assert.deepEqual(Object.keys(ready), ['event', 'listen']);
  assert.equal(ready.event, 'ready');
  assert.match(ready.listen.join(' '), /^udp:127\.0\.0\.1:\d+ tcp:127\.0\.0\.1:\d+$/);
  const events = err.map((line) => JSON.parse(line).event);
  assert.deepEqual(events, ['server.started', 'server.stopping', 'server.stopped']);
  assert.ok(!err.join('\n').includes(first.users[0].password));
});

test('nobody is made where users are configured, or nobody is asked for a password', async (t) => {
  const folder = folderFor(t);
  for (const yaml of ['users: [{ name: carol, password: x }]', 'auth: none']) {
    const { exit, out } = await serveOnce(folder, LOCAL, `${yaml}\ndata: memory`);
    assert.deepEqual([exit, out.length], [0, 3], yaml);
  }
});

test('phones in browsers are told what to connect to (RFC 7118)', async (t) => {
  const folder = folderFor(t);
  const words = [...LOCAL, '--listen', 'wss:127.0.0.1:0', '--listen', 'ws:127.0.0.1:0'];
  const first = await serveOnce(folder, words);
  const ready = first.out.at(-1) ?? '';
  assert.ok(first.out.includes(`  In a browser        wss://127.0.0.1:${portOf(ready, 'wss')}`), first.out.join('\n'));
  assert.ok(first.out.includes(`  or                  ws://127.0.0.1:${portOf(ready, 'ws')}`));
  const later = await serveOnce(folder, words);
  assert.match(later.out[0] ?? '', /, in a browser connect to wss:\/\/127\.0\.0\.1:\d+ or ws:\/\/127\.0\.0\.1:\d+\.$/);
  const { out } = await serveOnce(folderFor(t), ['--log-format', 'json', ...words]);
  const { webSockets } = JSON.parse(out[0] ?? '');
  assert.deepEqual(webSockets.length, 2);
});

test('a wildcard with port 0 gives every address a port of its own', async (t) => {
  const { exit, out } = await serveOnce(folderFor(t), ['--data', 'memory', '--listen', 'udp:0.0.0.0:0']);
  assert.equal(exit, 0);
  assert.match(out.at(-1) ?? '', /^ready udp:.*\b127\.0\.0\.1:[1-9]/);
  assert.ok(!out.join('\n').includes('0.0.0.0'));
});

/** What a server says that cannot start: one line, no stack. */
async function refusal(folder: string, ...words: readonly string[]): Promise<string> {
  const { exit, out, err } = await serveOnce(folder, words);
  assert.deepEqual([exit, out], [1, []]);
  assert.equal(err.length, 1, err.join('\n'));
  const [line = ''] = err;
  assert.ok(line.startsWith('strowger serve: ') && line.endsWith('.') && !line.includes('    at '), line);
  return line;
}

test('a taken port is told in one sentence, and what was open before it is closed', async (t) => {
  const folder = folderFor(t);
  const port = await takenPort(t);
  const words = ['--data', 'memory', '--listen', 'tcp:127.0.0.1:0', '--listen', `udp:127.0.0.1:${port}`];
  assert.match(await refusal(folder, ...words), /: udp:127\.0\.0\.1:\d+ is taken: /);
  const inProcess = await run(t, folder, ['serve', ...words]);
  assert.deepEqual([inProcess.code, inProcess.out], [1, '']);
});

test('an address of another machine, and a family without addresses, are told in one sentence', async (t) => {
  const folder = folderFor(t);
  assert.match(
    await refusal(folder, '--data', 'memory', '--listen', 'udp:192.0.2.250:5060'),
    /192\.0\.2\.250 is not an address of this machine/,
  );
});

test('a data folder that cannot be is told in one sentence', async (t) => {
  const folder = folderFor(t);
  writeFileSync(join(folder, 'file'), '');
  assert.match(await refusal(folder, '--data', 'file', ...LOCAL), /file cannot be made: there is a file of this name/);
  assert.match(await refusal(folder, '--data', 'file/x', ...LOCAL), /cannot be made: a part of the path is a file/);
});

test('a database that is foreign or damaged is told in one sentence and left alone', async (t) => {
  const folder = folderFor(t);
  mkdirSync(join(folder, 'data'));
  const file = join(folder, 'data/strowger.db');
  writeFileSync(file, 'a letter to somebody');
  assert.match(await refusal(folder, '--data', 'data', ...LOCAL), /strowger\.db is not a Strowger store/);
  assert.equal(readFileSync(file, 'utf8'), 'a letter to somebody');
  assert.equal(existsSync(join(folder, 'data/control.sock')), false);
});

test('a faulty configuration is told line by line', async (t) => {
  const { exit, out, err } = await serveOnce(folderFor(t), ['--listen', 'carrier:pigeon']);
  assert.deepEqual([exit, out], [1, []]);
  assert.match(err[0] ?? '', /^--listen: found /);
});

test('a second server on the same data is refused, and the first goes on', async (t) => {
  const folder = folderFor(t);
  const first = start(t, folder, ['serve', ...LOCAL]);
  await first.line(/^ready /);
  assert.match(await refusal(folder, ...LOCAL), /another server runs with the data in .*strowger-data; stop it/);
  assert.equal((await run(t, folder, ['user', 'list'])).code, 0);
  first.kill('SIGTERM');
  assert.equal((await first.ended).code, 0);
});

test('a socket that a killed server left is replaced', async (t) => {
  const folder = folderFor(t);
  const first = start(t, folder, ['serve', ...LOCAL]);
  await first.line(/^ready /);
  first.kill('SIGKILL');
  await first.ended;
  assert.ok(existsSync(join(folder, 'strowger-data/control.sock')));
  assert.equal((await serveOnce(folder, LOCAL)).exit, 0);
});

test('two servers in memory may start from one folder', async (t) => {
  const folder = folderFor(t);
  const words = ['serve', '--data', 'memory', ...LOCAL];
  const first = start(t, folder, words);
  await first.line(/^ready /);
  const second = start(t, folder, words);
  await second.line(/^ready /);
  assert.match((await run(t, folder, ['user', 'list', '--data', 'memory'])).out, /sip:alice@/);
  second.kill('SIGTERM');
  const { code, err } = await second.ended;
  assert.equal(code, 0);
  assert.match(err, /control\.taken/);
  first.kill('SIGTERM');
  assert.equal((await first.ended).code, 0);
});

async function takenPort(t: TestContext): Promise<number> {
  const socket = createSocket('udp4');
  t.after(() => socket.close());
  await new Promise<void>((resolve) => socket.bind({ port: 0, address: '127.0.0.1', exclusive: true }, resolve));
  return socket.address().port;
}
