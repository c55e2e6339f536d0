import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigSchema, createServer } from '@strowger/server';
import { bodyOf, type Request } from '@strowger/sip/message';
import { createPhone, createVirtualPorts, createVirtualStore, createWorld, play } from '@strowger/testkit';
import { createMessageFilter } from './message-filter.ts';

/** Alice and bob, registered at a server that filters messages. */
async function createSite() {
  const world = createWorld();
  const host = world.host('10.0.0.1', { name: 'server' });
  const config = ConfigSchema.parse({
    domains: ['example.com'],
    listen: ['udp:10.0.0.1:5060'],
    users: ['alice', 'bob'].map((name) => ({ name, password: name })),
  });
  const ports = { ...createVirtualPorts(world, host), ...createVirtualStore(world) };
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const app = createMessageFilter({ unwanted: ['buy now'], text: ports.text, log });
  await createServer(config, ports, { app });
  const [alice, bob] = (['alice', 'bob'] as const).map((name, index) => {
    const server = { host: '10.0.0.1', port: 5060 };
    return createPhone(world, { aor: `sip:${name}@example.com`, at: `10.0.0.${20 + index}`, password: name, server });
  });
  assert.ok(alice !== undefined && bob !== undefined);
  const heard: string[] = [];
  bob.onRequest = (asked) => {
    heard.push(textOf(asked.request));
    asked.respond(200);
  };
  await play(world, () => bob.register());
  return { world, alice, bob, heard, lines };
}

const textOf = (request: Request): string => Buffer.from(bodyOf(request)).toString();

test('a message without unwanted words reaches bob, and its sender had to prove who it is', async () => {
  const { world, alice, heard, lines } = await createSite();
  assert.equal((await play(world, () => alice.message('sip:bob@example.com', 'Lunch?'))).status, 200);
  assert.deepEqual(heard, ['Lunch?']);
  assert.deepEqual(lines, ['sip:alice@example.com to sip:bob@example.com: passed on']);
});

test('an unwanted message is refused, logged and heard by nobody', async () => {
  const { world, alice, heard, lines } = await createSite();
  const { status, response } = await play(world, () => alice.message('sip:bob@example.com', 'BUY NOW, last chance'));
  assert.deepEqual([status, response?.reason, heard], [403, 'Not Wanted Here', []]);
  assert.deepEqual(lines, ['sip:alice@example.com to sip:bob@example.com: answered 403']);
});

test('a message larger than 1300 bytes is refused (RFC 3428 §8)', async () => {
  const { world, alice } = await createSite();
  const send = (length: number) => play(world, () => alice.message('sip:bob@example.com', 'x'.repeat(length)));
  assert.deepEqual([(await send(1300)).status, (await send(1301)).status], [200, 413]);
});

test('what is no text is not looked into, and other requests are left alone', async () => {
  const { world, alice, bob, lines } = await createSite();
  const body = Buffer.from('buy now');
  const picture = () =>
    alice.send('MESSAGE', 'sip:bob@example.com', { headers: { 'Content-Type': 'image/png' }, body });
  assert.equal((await play(world, picture)).status, 200);
  lines.length = 0;
  assert.equal((await play(world, () => alice.send('OPTIONS', 'sip:bob@example.com', { body }))).status, 200);
  assert.deepEqual([lines, bob.incoming], [[], []]);
});
