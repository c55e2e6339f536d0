import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderFor, portOf, start } from '../../test/process.ts';

/** The files that a server in memory has loaded when it has started and ended. */
async function loadedBy(t: TestContext, protocols: readonly string[]): Promise<readonly string[]> {
  const listen = protocols.flatMap((protocol) => ['--listen', `${protocol}:127.0.0.1:0`]);
  const words = ['serve', '--domain', 'a.test', '--data', 'memory', ...listen];
  const server = start(t, folderFor(t), words, '', { flags: ['--import', REPORTER] });
  await server.line(/^ready /);
  server.kill('SIGTERM');
  const { code, out } = await server.ended;
  assert.equal(code, 0);
  const report: unknown = JSON.parse(out.split('\n').find((line) => line.startsWith('["')) ?? '[]');
  assert.ok(Array.isArray(report) && report.length > 100, out);
  return report.map(String);
}

const nameOf = (heavy: RegExp, loaded: readonly string[]): string | undefined => loaded.find((url) => heavy.test(url));

test('a server that listens on UDP alone loads nothing for certificates, WebSockets and other commands', async (t) => {
  const loaded = await loadedBy(t, ['udp']);
  assert.deepEqual(
    [...ENCRYPTION, ...WEB_SOCKETS, ...OTHER_COMMANDS].map((heavy) => nameOf(heavy, loaded)).filter(Boolean),
    [],
  );
});

test('a server that listens on WSS loads what is for certificates and WebSockets, and no other command', async (t) => {
  const loaded = await loadedBy(t, ['wss']);
  const missing = [...ENCRYPTION, ...WEB_SOCKETS].filter((heavy) => nameOf(heavy, loaded) === undefined);
  assert.deepEqual(missing, []);
  assert.deepEqual(OTHER_COMMANDS.map((heavy) => nameOf(heavy, loaded)).filter(Boolean), []);
});

test('what a server compiled to start is kept when it is ready, in a folder of its owner, for a start after a crash', async (t) => {
  const folder = folderFor(t);
  const { NODE_COMPILE_CACHE: _, ...world } = process.env;
  const words = ['serve', '--domain', 'a.test', '--data', 'memory', '--listen', 'udp:127.0.0.1:0'];
  const server = start(t, folder, words, '', { env: { ...world, XDG_CACHE_HOME: join(folder, 'caches') } });
  await answerFrom(t, portOf(await server.line(/^ready /), 'udp'));
  server.kill('SIGKILL');
  await server.ended;
  const cache = join(folder, 'caches/strowger');
  assert.ok(existsSync(cache));
  const [version = ''] = readdirSync(cache);
  assert.ok(readdirSync(join(cache, version)).length > 100);
});

/** A server that answers is done with everything that belongs to its start. */
async function answerFrom(t: TestContext, port: number): Promise<void> {
  const socket = createSocket('udp4');
  t.after(() => socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const answered = once(socket, 'message');
  const at = `127.0.0.1:${socket.address().port}`;
  const lines = [
    'OPTIONS sip:a.test SIP/2.0',
    `Via: SIP/2.0/UDP ${at};branch=z9hG4bKstart`,
    'Max-Forwards: 70',
    'To: <sip:a.test>',
    `From: <sip:${at}>;tag=1`,
    'Call-ID: start',
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
  ];
  socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, '127.0.0.1');
  await answered;
}

/** Told to Node before the command: prints the address of every module that was loaded, as one line of JSON, at the end. */
const REPORTER = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
  process.on('exit', () => console.log(JSON.stringify(loaded)));
`)}`;
const ENCRYPTION = [
  /@peculiar\/x509/,
  /reflect-metadata/,
  /\/node\/src\/certificates\//,
  /\/node\/src\/tls-sockets\.ts$/,
];
const WEB_SOCKETS = [/node_modules\/ws\//, /\/node\/src\/web-socket\.ts$/];
const OTHER_COMMANDS = [/\/cli\/src\/lint\//, /\/commands\/(?!serve)[^/]+$/, /\/caller\.ts$/, /\/testkit\//];
