import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ApiRequest } from '@strowger/server';
import { type Control, callControl, openControl } from './control.ts';

const ask = (method: string, path: string, more: Partial<ApiRequest> = {}): ApiRequest => ({
  method,
  path,
  query: new Map(),
  body: undefined,
  ...more,
});

function socketPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-control-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'control.sock');
}

async function open(t: TestContext, path: string, ...rest: Partial<Parameters<typeof openControl>>): Promise<Control> {
  const handler = rest[1] ?? (async () => ({ status: 200, body: 'here' }));
  const control = await openControl(path, handler);
  t.after(() => control.close());
  return control;
}

test('a request and its answer pass through the socket as they are', async (t) => {
  const path = socketPath(t);
  const seen: ApiRequest[] = [];
  await open(t, path, path, async (request) => {
    seen.push(request);
    return { status: 418, body: { text: 'é', list: [1, null] } };
  });
  const request = ask('PUT', '/v1/users/../a%2Fb', {
    query: new Map([['aor', 'sip:a&b=c d@é']]),
    body: { password: 'pä"ss' },
  });
  assert.deepEqual(await callControl(path, request), { status: 418, body: { text: 'é', list: [1, null] } });
  assert.deepEqual(await callControl(path, ask('GET', '/')), { status: 418, body: { text: 'é', list: [1, null] } });
  assert.deepEqual(seen, [request, ask('GET', '/')]);
});

test('only the owner may use the socket', async (t) => {
  const path = socketPath(t);
  await open(t, path);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('nobody answers where there is no socket, or a dead one', async (t) => {
  const path = socketPath(t);
  assert.equal(await callControl(path, ask('GET', '/')), undefined);
  leaveDeadSocket(path);
  assert.equal(await callControl(path, ask('GET', '/')), undefined);
});

test('a socket of a dead process is replaced, a living one is not', async (t) => {
  const path = socketPath(t);
  leaveDeadSocket(path);
  await open(t, path);
  await assert.rejects(
    openControl(path, async () => ({ status: 200, body: 'thief' })),
    { name: 'ControlFault', code: 'NODE_E_CONTROL_LIVE', path },
  );
  assert.deepEqual(await callControl(path, ask('GET', '/')), { status: 200, body: 'here' });
});

test('a file that is no socket is left alone', async (t) => {
  const path = socketPath(t);
  writeFileSync(path, 'a letter');
  await assert.rejects(
    openControl(path, async () => ({ status: 200, body: '' })),
    { code: 'NODE_E_CONTROL_PATH', message: `${path} cannot be opened: something that is no socket has this name.` },
  );
  assert.equal(statSync(path).size, 8);
});

test('a folder that is not there is a fault with a sentence', async (t) => {
  const path = join(socketPath(t), 'none', 'control.sock');
  await assert.rejects(
    openControl(path, async () => ({ status: 200, body: '' })),
    { code: 'NODE_E_CONTROL_PATH', message: `${path} cannot be opened: its folder is not there.` },
  );
});

test('a path that is too long for a socket is a fault with a sentence', async (t) => {
  const path = `${socketPath(t)}${'x'.repeat(120)}`;
  await assert.rejects(
    openControl(path, async () => ({ status: 200, body: '' })),
    { code: 'NODE_E_CONTROL_PATH', message: `${path} cannot be opened: the path is too long for a socket.` },
  );
});

test('a closed socket leaves nothing behind, and its last answer still goes out', async (t) => {
  const path = socketPath(t);
  let closed: Promise<void> | undefined;
  const control = await openControl(path, async () => {
    closed = control.close();
    return { status: 200, body: 'last' };
  });
  assert.deepEqual(await callControl(path, ask('GET', '/')), { status: 200, body: 'last' });
  await closed;
  assert.equal(existsSync(path), false);
});

test('a process that ends by itself leaves no socket behind', (t) => {
  const path = socketPath(t);
  const script = `
    const { openControl } = await import(process.argv[1]);
    await openControl(process.argv[2], async () => ({ status: 200, body: '' }));
    process.exit(7);`;
  const module = new URL('./control.ts', import.meta.url).href;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script, module, path]);
  assert.deepEqual([status, existsSync(path)], [7, false]);
});

test('a body of more than 64 KiB, and one that is not JSON, are refused', async (t) => {
  const path = socketPath(t);
  await open(t, path);
  const body = 'x'.repeat(64 * 1024);
  assert.equal((await callControl(path, ask('PUT', '/', { body })))?.status, 413);
  assert.equal((await callControl(path, ask('PUT', '/', { body: body.slice(2) })))?.status, 200);
  assert.equal(await rawStatus(path, 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n{'), 400);
});

test('a handler that fails is answered 500 with what it said', async (t) => {
  const path = socketPath(t);
  await open(t, path, path, () => Promise.reject(new Error('the store is closed')));
  assert.deepEqual(await callControl(path, ask('GET', '/')), { status: 500, body: { error: 'the store is closed' } });
});

test('something else that listens is told apart, and a silent one is not waited for', async (t) => {
  const path = socketPath(t);
  const other = createServer((socket) => void socket.on('data', () => socket.end('220 mail\r\n')));
  await new Promise<void>((resolve) => void other.listen(path, resolve));
  await assert.rejects(callControl(path, ask('GET', '/')), { code: 'NODE_E_CONTROL_ANSWER' });
  await new Promise((resolve) => other.close(resolve));
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => void silent.listen(path, resolve));
  t.after(() => silent.close());
  await assert.rejects(callControl(path, ask('GET', '/'), 20), { code: 'NODE_E_CONTROL_ANSWER' });
});

/** As a process leaves it that was killed. */
function leaveDeadSocket(path: string): void {
  const script = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  const { signal } = spawnSync(process.execPath, ['-e', script, path]);
  assert.equal(signal, 'SIGKILL');
  assert.ok(existsSync(path));
}

async function rawStatus(path: string, text: string): Promise<number> {
  const { connect } = await import('node:net');
  const socket = connect(path);
  socket.write(text);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(Buffer.from(chunk));
  return Number(Buffer.concat(chunks).toString().split(' ')[1]);
}
