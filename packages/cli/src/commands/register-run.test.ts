import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderFor } from '../../test/process.ts';
import { commandEntry } from '../command.ts';
import { createFakeIo } from '../io-fake.ts';
import { main } from '../main.ts';
import { registerOutline } from './register.ts';
import { registerBody } from './register-run.ts';

interface Told {
  readonly exit: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

async function register(words: readonly string[], password = 'wonder', timeoutMs = 2_000): Promise<Told> {
  const io = createFakeIo({ input: `${password}\n` });
  const body = registerBody({ timeoutMs });
  const entry = commandEntry(
    'register',
    async () => registerOutline,
    async () => body,
  );
  const exit = await main(['register', ...words, '--password-stdin'], io, new AbortController().signal, [entry]);
  return { exit, out: io.outLines, err: io.errLines };
}

/** A server in this process with the users alice and zoë, until the test ends; answers its addresses. */
async function serve(t: TestContext, yaml = ''): Promise<{ udp: string; tcp: string }> {
  const folder = folderFor(t);
  const config = `domains: [a.test]\ndata: memory\nlisten: [udp:127.0.0.1:0, tcp:127.0.0.1:0]\nusers: [{ name: alice, password: wonder }]\n${yaml}`;
  const io = createFakeIo({ folder, files: { [join(folder, 'strowger.yaml')]: config } });
  const end = new AbortController();
  const ready = new Promise<string>((resolve) => {
    const watched = { ...io, out: (line: string) => line.startsWith('ready ') && resolve(line) };
    const done = main(['serve'], { ...watched, out: (line) => void watched.out(line) }, end.signal);
    t.after(async () => {
      end.abort();
      assert.equal(await done, 0);
    });
  });
  const [, udp = '', tcp = ''] = /^ready udp:(\S+) tcp:(\S+)$/.exec(await ready) ?? [];
  return { udp: `sip:${udp}`, tcp: `sip:${tcp};transport=tcp` };
}

test('a challenge is answered, and the contacts of the address are told (RFC 3261 §10.2, §22.2)', async (t) => {
  for (const digest of ['[MD5]', '[SHA-512-256, SHA-256, MD5]']) {
    const { udp, tcp } = await serve(t, `digest: ${digest}`);
    const first = await register(['sip:alice@a.test', '--proxy', udp]);
    assert.deepEqual([first.exit, first.err], [0, []]);
    assert.equal(first.out[0], 'sip:alice@a.test is registered.');
    assert.match(first.out[2] ?? '', /^sip:alice@127\.0\.0\.1:\d+ +1 h +this command$/);
    const second = await register(['sip:alice@a.test', '--proxy', tcp, '--expires', '120']);
    assert.equal(second.exit, 0);
    assert.equal(second.out.length, 4);
    assert.ok(
      second.out.some((line) => /^sip:alice@127\.0\.0\.1:\d+;transport=tcp +2 min +this command$/.test(line)),
      second.out.join('\n'),
    );
  }
});

test('an expiry of 0 removes every contact of the address (RFC 3261 §10.2.2)', async (t) => {
  const { udp } = await serve(t);
  await register(['sip:alice@a.test', '--proxy', udp]);
  await register(['sip:alice@a.test', '--proxy', udp]);
  const { exit, out } = await register(['sip:alice@a.test', '--proxy', udp, '--expires', '0']);
  assert.deepEqual([exit, out], [0, ['sip:alice@a.test has no contact now.']]);
});

test('a wrong password is a SIP failure with its reason, and is not tried twice (RFC 3261 §22.1)', async (t) => {
  const { udp } = await serve(t);
  assert.deepEqual(await register(['sip:alice@a.test', '--proxy', udp], 'wrong'), {
    exit: 2,
    out: [],
    err: ['strowger register: 401 Unauthorized: the name or the password is wrong'],
  });
});

test('what the server says about a refusal is told', async (t) => {
  const { udp } = await serve(t);
  assert.deepEqual(await register(['sip:alice@a.test', '--proxy', udp, '--expires', '10']), {
    exit: 2,
    out: [],
    err: ['strowger register: 423 Interval Too Brief', '  Min-Expires: 60'],
  });
  const peer = await silentPeer(t, (request) =>
    replyTo(request, '403 Go\u0007 Away', ['Warning: 399 a.test "not you"']),
  );
  assert.deepEqual((await register(['sip:alice@a.test', '--proxy', peer])).err, [
    'strowger register: 403 Go\\u0007 Away',
    '  Warning: 399 a.test "not you"',
  ]);
});

test('both a proxy and a registrar may ask, and each keeps its answer (RFC 3261 §22.3)', async (t) => {
  const seen: string[] = [];
  const peer = await silentPeer(t, (request) => {
    seen.push(request);
    const [hasProxy, hasServer] = [/^Proxy-Authorization: /m.test(request), /^Authorization: /m.test(request)];
    if (!hasProxy)
      return replyTo(request, '407 Who', [
        'Proxy-Authenticate: Digest realm="p", nonce="1", algorithm=MD5, qop="auth"',
      ]);
    if (!hasServer) return replyTo(request, '401 Who', ['WWW-Authenticate: Digest realm="r", nonce="2"']);
    return replyTo(request, '200 OK', ['Contact: <sip:x@192.0.2.1>']);
  });
  const { exit, out } = await register(['sip:alice@a.test', '--proxy', peer]);
  assert.deepEqual([exit, seen.length], [0, 3]);
  assert.match(out[2] ?? '', /^sip:x@192\.0\.2\.1 +1 h$/);
  assert.match(seen[2] ?? '', /^Proxy-Authorization: .*nc=00000002/m);
  assert.deepEqual(
    seen.map((request) => /^CSeq: (\d+)/m.exec(request)?.[1]),
    ['1', '2', '3'],
  );
  assert.equal(new Set(seen.map((request) => /^Call-ID: (.*)/m.exec(request)?.[1])).size, 1);
});

test('no answer in time is told with the exit code 3', async (t) => {
  const peer = await silentPeer(t, () => '');
  const { exit, err } = await register(['sip:alice@a.test', '--proxy', peer], 'x', 50);
  assert.equal(exit, 3);
  assert.match(err[0] ?? '', /^strowger register: no answer from udp:127\.0\.0\.1:\d+ in 0\.05 s\.$/);
});

test('a domain without an address needs a proxy', async () => {
  const { exit, out, err } = await register(['sip:alice@nobody.invalid']);
  assert.deepEqual([exit, out, err.length], [3, [], 1]);
  assert.match(err[0] ?? '', /^strowger register: no server for sip:nobody\.invalid: .*\. Name one with --proxy\.$/);
});

test('what is no address of a user, no proxy, or no password is wrong usage', async () => {
  const first = async (words: readonly string[], password = 'x'): Promise<string> => {
    const { exit, out, err } = await register(words, password);
    assert.deepEqual([exit, out.length, err.length], [1, 0, 1]);
    return err[0] ?? '';
  };
  for (const aor of ['alice', 'sip:a.test', 'tel:+123'])
    assert.match(await first([aor]), /is no address of a user such as sip:alice@example\.test\.$/);
  assert.match(
    await first(['sip:a@a.test', '--proxy', 'here']),
    /"here" is no SIP address such as sip:127\.0\.0\.1\.$/,
  );
  assert.match(await first(['sip:a@127.0.0.1'], ''), /standard input has no password/);
});

/** Answers a URI of a peer that replies with what `answer` makes of each request; '' is silence. */
async function silentPeer(t: TestContext, answer: (request: string) => string): Promise<string> {
  const socket = createSocket('udp4');
  t.after(() => socket.close());
  socket.on('message', (bytes, from) => {
    const reply = answer(bytes.toString());
    if (reply !== '') socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return `sip:127.0.0.1:${socket.address().port}`;
}

function replyTo(request: string, status: string, more: readonly string[]): string {
  const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Expires'].map(
    (name) => new RegExp(`^${name}: .*$`, 'm').exec(request)?.[0].trimEnd() ?? '',
  );
  return [`SIP/2.0 ${status}`, ...copied, ...more, 'Content-Length: 0', '', ''].join('\r\n');
}
