import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNodePorts } from '@strowger/node';
import { ConfigSchema, createServer } from '@strowger/server';
import { parseUri, type SipUri } from '@strowger/sip/uri';
import { createVirtualPorts, createVirtualStore, createWorld, play } from '@strowger/testkit';
import { ping } from './options-ping.ts';

/** A server and a host that pings it, 10 ms away. */
async function createSite() {
  const world = createWorld();
  const server = world.host('10.0.0.1', { name: 'server' });
  const pinger = createVirtualPorts(world, world.host('10.0.0.2', { name: 'pinger' }), {
    names: { 'example.com': ['10.0.0.1'] },
  });
  const config = ConfigSchema.parse({ domains: ['example.com'], listen: ['udp:10.0.0.1:5060'] });
  await createServer(config, { ...createVirtualPorts(world, server), ...createVirtualStore(world) });
  return { world, ping: () => play(world, () => ping(sipUri('sip:example.com'), '10.0.0.2', pinger)) };
}

test('a server answers OPTIONS after one way there and one way back', async () => {
  const site = await createSite();
  assert.deepEqual(await site.ping(), { type: 'answered', status: 200, ms: 20 });
});

test('an OPTIONS that is lost is sent again after half a second (RFC 3261 §17.1.2.1)', async () => {
  const site = await createSite();
  site.world.path('pinger', 'server').dropNext(1);
  assert.deepEqual(await site.ping(), { type: 'answered', status: 200, ms: 520 });
});

test('without an answer it is lost after 32 seconds (RFC 3261 §17.1.2.2)', async () => {
  const site = await createSite();
  site.world.link('pinger', 'server').set({ loss: 1 });
  assert.deepEqual(await site.ping(), { type: 'lost', why: 'timeout' });
  assert.equal(site.world.now, 32_000);
});

test('the same code pings over real sockets', async () => {
  const ports = createNodePorts({ data: 'memory' });
  const server = await createServer(ConfigSchema.parse({ listen: ['udp:127.0.0.1:0'] }), ports);
  const uri = sipUri(`sip:127.0.0.1:${server.listening[0]?.port}`);
  const pong = await ping(uri, '127.0.0.1', createNodePorts({ data: 'memory' }));
  assert.deepEqual({ ...pong, ms: 0 }, { type: 'answered', status: 200, ms: 0 });
  await server.stop(0);
  ports.close();
});

function sipUri(text: string): SipUri {
  const uri = parseUri(text);
  assert.ok(uri.type === 'sip');
  return uri;
}
