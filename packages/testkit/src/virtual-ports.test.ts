import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransportListener } from '@strowger/sip/engine';
import { play } from './play.ts';
import { createVirtualPorts } from './virtual-ports.ts';
import { createWorld } from './world.ts';

const SILENT: TransportListener = {
  onDatagrams: () => {},
  onData: () => {},
  onConnected: () => {},
  onClosed: () => {},
  onFailed: () => {},
};

test('a wildcard opens every address of the host of that family, a literal only itself', async () => {
  const world = createWorld();
  const host = world.host('10.0.0.1', { also: ['10.0.0.2', '2001:db8::1'] });
  const { open } = createVirtualPorts(world, host);
  const opened = async (listen: { readonly protocol: 'udp' | 'tcp'; readonly host: string }): Promise<string[]> =>
    (await open({ ...listen, port: 5060 }, SILENT)).map(({ local }) => `${local.protocol} ${local.host}`);
  assert.deepEqual(await opened({ protocol: 'udp', host: '0.0.0.0' }), ['udp 10.0.0.1', 'udp 10.0.0.2']);
  assert.deepEqual(await opened({ protocol: 'tcp', host: '::' }), ['tcp 2001:db8::1']);
  assert.deepEqual(await opened({ protocol: 'tcp', host: '10.0.0.2' }), ['tcp 10.0.0.2']);
});

test('names are found whatever their case, at once or after a while; an unknown one has no address', async () => {
  const world = createWorld();
  const names = { 'a.example': ['10.0.0.9', '10.0.0.8'] };
  const host = world.host('10.0.0.1');
  const { resolver } = createVirtualPorts(world, host, { names });
  const found = { type: 'records', records: ['10.0.0.9', '10.0.0.8'] };
  assert.deepEqual(resolver.ask('A', 'A.example'), found);
  assert.deepEqual(resolver.ask('AAAA', 'a.example'), { type: 'none', why: 'nodata' });
  assert.deepEqual(resolver.ask('SRV', '_sip._udp.a.example'), { type: 'none', why: 'nodata' });
  const slow = createVirtualPorts(world, host, { names, lookupMs: 300 }).resolver;
  assert.deepEqual(await play(world, async () => slow.ask('A', 'a.example')), found);
  assert.equal(world.now, 300);
});

test('another life of the same host draws other numbers; the same world the same ones', async () => {
  const numbersOf = async (): Promise<readonly number[]> => {
    const world = createWorld({ seed: 9 });
    const host = world.host('10.0.0.1');
    const first = createVirtualPorts(world, host).random.uint32();
    await world.runFor(10);
    return [first, createVirtualPorts(world, host).random.uint32()];
  };
  const [first, second] = await numbersOf();
  assert.notEqual(first, second);
  assert.deepEqual(await numbersOf(), [first, second]);
});
