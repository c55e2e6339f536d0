import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { commandEntry } from '../command.ts';
import { createFakeIo } from '../io-fake.ts';
import { main } from '../main.ts';
import { pingOutline } from './ping.ts';
import { pingBody } from './ping-run.ts';

interface Told {
  readonly exit: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

async function ping(words: readonly string[], end = new AbortController()): Promise<Told> {
  const io = createFakeIo();
  const body = pingBody({ timeoutMs: 100, gapMs: 0 });
  const entry = commandEntry(
    'ping',
    async () => pingOutline,
    async () => body,
  );
  const exit = await main(['ping', ...words], io, end.signal, [entry]);
  return { exit, out: io.outLines, err: io.errLines };
}

/** A peer that answers each OPTIONS with what `answer` makes of it; '' is silence. */
async function peer(t: TestContext, answer: (request: string, count: number) => string): Promise<number> {
  const socket: Socket = createSocket('udp4');
  t.after(() => socket.close());
  let count = 0;
  const seen = new Set<string>();
  socket.on('message', (bytes, from) => {
    const request = bytes.toString();
    const cseq = headerOf(request, 'CSeq');
    if (!seen.has(cseq)) count += 1;
    seen.add(cseq);
    const status = answer(request, count);
    if (status !== '') socket.send(replyTo(request, status), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket.address().port;
}

const headerOf = (request: string, name: string): string => new RegExp(`^${name}: .*$`, 'm').exec(request)?.[0] ?? '';

const replyTo = (request: string, status: string): string =>
  [
    `SIP/2.0 ${status}`,
    ...['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => headerOf(request, name).trimEnd()),
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

test('each probe is an OPTIONS of its own, and its answer is told with its time (RFC 3261 §11)', async (t) => {
  const requests: string[] = [];
  const port = await peer(t, (request) => {
    requests.push(request);
    return '200 Fine';
  });
  const { exit, out, err } = await ping([`sip:bob@127.0.0.1:${port}`, '--count', '3']);
  assert.deepEqual([exit, err, out.length], [0, [], 4]);
  for (const line of out.slice(0, 3))
    assert.match(line, new RegExp(`^200 Fine from udp:127\\.0\\.0\\.1:${port} in [\\d.]+ ms$`));
  assert.match(out[3] ?? '', /^3 sent, 3 answered, 0 lost; fastest [\d.]+ ms, mean [\d.]+ ms, slowest [\d.]+ ms$/);
  const [first = ''] = requests;
  assert.match(first, new RegExp(`^OPTIONS sip:bob@127.0.0.1:${port} SIP/2.0\r\n`));
  assert.match(first, /^Max-Forwards: 70\r$/m);
  assert.equal(headerOf(first, 'From').includes('anonymous.invalid'), true);
  assert.equal(new Set(requests.map((request) => headerOf(request, 'CSeq'))).size, 3);
});

test('any final answer shows that somebody is there', async (t) => {
  const port = await peer(t, () => '405 Method Not Allowed');
  const { exit, out } = await ping([`sip:127.0.0.1:${port}`, '--count', '1']);
  assert.equal(exit, 0);
  assert.match(out[0] ?? '', /^405 Method Not Allowed from /);
});

test('a lost probe makes the exit code 3', async (t) => {
  const port = await peer(t, (_, count) => (count === 2 ? '' : '200 OK'));
  const { exit, out } = await ping([`sip:127.0.0.1:${port}`, '--count', '3']);
  assert.equal(exit, 3);
  assert.equal(out[1], `lost: no answer from udp:127.0.0.1:${port} in 0.1 s`);
  assert.match(out[3] ?? '', /^3 sent, 2 answered, 1 lost; fastest /);
});

test('programs get one JSON object', async (t) => {
  const port = await peer(t, (_, count) => (count === 2 ? '' : '200 OK'));
  const { exit, out } = await ping([`sip:127.0.0.1:${port}`, '--count', '2', '--json']);
  assert.deepEqual([exit, out.length], [3, 1]);
  const { probes, minMs, meanMs, maxMs, ...rest } = JSON.parse(out[0] ?? '');
  assert.deepEqual(rest, {
    uri: `sip:127.0.0.1:${port}`,
    sent: 2,
    answered: 1,
    lost: 1,
  });
  assert.ok(minMs === meanMs && meanMs === maxMs && probes[0].ms === minMs);
  const from = `udp:127.0.0.1:${port}`;
  assert.deepEqual([probes[0].status, probes[0].peer], [200, from]);
  assert.deepEqual(probes[1], { lost: `no answer from ${from} in 0.1 s` });
});

test('a peer that refuses TCP connections loses the probe at once', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  const { exit, out } = await ping([`sip:127.0.0.1:${port};transport=tcp`, '--count', '1']);
  assert.deepEqual(
    [exit, out],
    [3, [`lost: tcp:127.0.0.1:${port} refused the connection`, '1 sent, 0 answered, 1 lost']],
  );
});

test('what is no address, and a transport that cannot be used, are wrong usage', async () => {
  for (const [uri, text] of [
    ['foo', '"foo" is no SIP address such as sip:example.test.'],
    ['tel:+123', '"tel:+123" is no SIP address such as sip:example.test.'],
    ['sips:127.0.0.1;transport=udp', 'sips:127.0.0.1;transport=udp: sips: is not spoken over udp.'],
    ['sip:127.0.0.1;transport=pigeon', 'sip:127.0.0.1;transport=pigeon: nobody knows the transport pigeon.'],
  ] as const)
    assert.deepEqual(await ping([uri]), { exit: 1, out: [], err: [`strowger ping: ${text}`] });
});

test('a name that leads nowhere is told with what the name service says', async () => {
  const { exit, out, err } = await ping(['sip:nobody.invalid']);
  assert.deepEqual([exit, out, err.length], [3, [], 1]);
  assert.match(
    err[0] ?? '',
    /^strowger ping: no server for sip:nobody\.invalid: .*A nobody\.invalid: no such name \(NXDOMAIN\)\.$/,
  );
});

test('who is asked to end tells what came until then', async (t) => {
  const end = new AbortController();
  const port = await peer(t, (_, count) => {
    if (count === 2) end.abort();
    return count === 2 ? '' : '200 OK';
  });
  const { exit, out } = await ping([`sip:127.0.0.1:${port}`, '--count', '9'], end);
  assert.deepEqual([exit, out.length], [0, 2]);
  assert.match(out[1] ?? '', /^1 sent, 1 answered, 0 lost; /);
});
