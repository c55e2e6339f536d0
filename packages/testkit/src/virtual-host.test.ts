import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Trial } from './suites/transport.ts';
import { Witness } from './suites/transport-witness.ts';
import { createWorld, type World } from './world.ts';

interface Scene {
  readonly world: World;
  readonly trial: Trial;
}

/** Parties are opened on `alice`, `bob`, `carol` in this order. */
function scene(protocol: 'udp' | 'tcp'): Scene {
  const world = createWorld();
  const hosts = ['alice', 'bob', 'carol'].map((name, i) => world.host(`10.0.0.${i + 1}`, { name }));
  const free = [...hosts];
  const trial = new Trial({
    open: async ({ listener, port }) => (free.shift() ?? world.host('10.0.0.9'))[protocol]({ listener, port }),
    passTime: (holds) => world.run({ until: holds }),
    close: async () => {},
  });
  return { world, trial };
}

test('datagrams of one instant come as one batch, whose memory is overwritten afterwards', async () => {
  const { world, trial } = scene('udp');
  const [alice, bob] = [await trial.party(), await trial.party()];
  const batches: number[] = [];
  const kept: Uint8Array[] = [];
  const note = bob.witness.onDatagrams.bind(bob.witness);
  bob.witness.onDatagrams = (transport, items, count) => {
    batches.push(count);
    for (const { bytes } of items.slice(0, count)) kept.push(bytes);
    note(transport, items, count);
  };
  for (const text of ['one', 'two', 'three']) alice.send(text, bob.transport.local);
  alice.flush();
  world.after(5, () => {
    alice.send('four', bob.transport.local);
    alice.flush();
  });
  await world.run();
  assert.deepEqual(batches, [3, 1]);
  assert.deepEqual(bob.witness.texts(), ['one', 'two', 'three', 'four']);
  for (const bytes of kept) assert.ok(bytes.every((byte) => byte === 0xdb));
});

test('a process that crashes resets its streams and hears nothing more; the host can open the same address again', async () => {
  const { world, trial } = scene('tcp');
  const [alice, bob] = [await trial.party(), await trial.party()];
  await trial.connect(alice, bob);
  const { port } = bob.transport.local;
  const heard = bob.witness.told.length;
  alice.send('on its way', bob.transport.local);
  alice.flush();
  world.host('10.0.0.2').crash();
  bob.send('from the dead', alice.transport.local, { about: 1 });
  bob.flush();
  await world.run();
  assert.equal(alice.witness.all('closed')[0]?.fault?.code, 'reset');
  assert.equal(bob.witness.told.length, heard);
  const again = world.host('10.0.0.2').tcp({ listener: new Witness(), port });
  assert.equal(again.local.port, port);
  assert.match(world.ladder(), /alice ──✕ {3}bob {2}10 bytes/);
});

test('the alarms of a host die with it, those of others live', async () => {
  const world = createWorld();
  const rang: string[] = [];
  const [alice, bob] = [world.host('10.0.0.1'), world.host('10.0.0.2')];
  alice.clock().wakeAt(100, () => rang.push('alice'));
  bob.clock().wakeAt(100, () => rang.push('bob'));
  world.after(50, () => alice.crash());
  await world.run();
  assert.deepEqual(rang, ['bob']);
});

test('a host that loses its power is not heard of: connections to it time out, and streams once their patience ends', async () => {
  const { world, trial } = scene('tcp');
  const [alice, bob, carol] = [await trial.party(), await trial.party(), await trial.party()];
  const connection = await trial.connect(alice, bob);
  world.host('10.0.0.2').crash('power');
  const at = world.now;
  carol.send('anybody?', bob.transport.local, { about: 1 });
  alice.send('still there?', bob.transport.local, { connection, about: 2 });
  for (const party of [alice, carol]) party.flush();
  await trial.until(() => carol.witness.all('failed').length === 1, 'the failed connection');
  assert.deepEqual([world.now - at, carol.witness.all('failed')[0]?.fault.code], [5_000, 'timeout']);
  await trial.until(() => alice.witness.all('closed').length === 1, 'the end of the stream');
  assert.deepEqual([world.now - at, alice.witness.all('closed')[0]?.fault?.code], [30_000, 'timeout']);
  assert.deepEqual(
    alice.witness.all('failed').map(({ about, fault }) => [about, fault.code]),
    [[2, 'timeout']],
  );
});

test('bytes under way to a host that loses its power are sent again, and a restarted host resets what it does not know', async () => {
  const { world, trial } = scene('tcp');
  const [alice, bob] = [await trial.party(), await trial.party()];
  const connection = await trial.connect(alice, bob);
  alice.send('under way', bob.transport.local, { connection });
  alice.flush();
  world.host('10.0.0.2').crash('power');
  assert.throws(() => world.host('10.0.0.2').udp({ listener: new Witness() }), { name: 'UsageFault' });
  await world.runFor(1_000);
  assert.deepEqual(alice.witness.all('closed'), []);
  world.host('10.0.0.2').restart();
  await trial.until(() => alice.witness.all('closed').length === 1, 'the reset');
  assert.equal(alice.witness.all('closed')[0]?.fault?.code, 'reset');
});

test('datagrams to a host that is down are lost and shown as lost', async () => {
  const { world, trial } = scene('udp');
  const [alice, bob] = [await trial.party(), await trial.party()];
  alice.send('under way', bob.transport.local);
  alice.flush();
  world.host('10.0.0.2').crash('power');
  await world.run();
  assert.deepEqual(bob.witness.told, []);
  assert.equal(world.traffic[0]?.loss, 'nobody there');
  assert.match(world.ladder(), /──✕/);
});

test('a host that stops reading gets what has waited, in order, when it reads again', async () => {
  for (const protocol of ['udp', 'tcp'] as const) {
    const { world, trial } = scene(protocol);
    const [alice, bob] = [await trial.party(), await trial.party()];
    alice.send('hello', bob.transport.local);
    alice.flush();
    await trial.until(() => bob.witness.receivedBytes() === 5, 'the first message');
    const host = world.host('10.0.0.2');
    host.pause();
    for (const text of ['one', 'two', 'three']) {
      alice.send(text, bob.transport.local);
      alice.flush();
      await world.runFor(100_000);
    }
    assert.equal(bob.witness.receivedBytes(), 5);
    host.resume();
    await trial.until(() => bob.witness.receivedBytes() === 16, 'what has waited');
    assert.equal(bob.witness.texts().join(''), 'helloonetwothree');
  }
});

test('a partition loses datagrams and resets streams at both ends; healed, all is as before', async () => {
  for (const protocol of ['udp', 'tcp'] as const) {
    const { world, trial } = scene(protocol);
    const [alice, bob] = [await trial.party(), await trial.party()];
    alice.send('hello', bob.transport.local);
    alice.flush();
    await trial.until(() => bob.witness.receivedBytes() === 5, 'the first message');
    const link = world.link('alice', 'bob');
    link.partition();
    alice.send('lost', bob.transport.local);
    alice.flush();
    await world.runFor(60_000);
    const ends = [alice, bob].flatMap((party) => party.witness.all('closed').map(({ fault }) => fault?.code));
    assert.deepEqual(ends, protocol === 'tcp' ? ['reset', 'reset'] : []);
    assert.equal(bob.witness.receivedBytes(), 5);
    link.heal();
    alice.send('again', bob.transport.local);
    alice.flush();
    await trial.until(() => bob.witness.receivedBytes() === 10, 'the message after it healed');
  }
});

test('a stream that only stalls goes on when the way is healed in time, and ends when it is not', async () => {
  const { world, trial } = scene('tcp');
  const [alice, bob] = [await trial.party(), await trial.party()];
  const connection = await trial.connect(alice, bob);
  const link = world.link('alice', 'bob');
  link.partition('stall');
  alice.send(' and more', bob.transport.local, { connection });
  alice.flush();
  await world.runFor(29_000);
  assert.equal(bob.witness.receivedBytes(), 5);
  link.heal();
  await trial.until(() => bob.witness.receivedBytes() === 14, 'the rest');
  link.partition('stall');
  alice.send('!', bob.transport.local, { connection, about: 1 });
  alice.flush();
  await trial.until(() => alice.witness.all('closed').length === 1, 'the end');
  assert.equal(alice.witness.all('closed')[0]?.fault?.code, 'timeout');
  assert.deepEqual(bob.witness.all('closed'), [], 'the other end knows nothing of it');
  link.heal();
  bob.send('are you there?', alice.transport.local, {
    connection: bob.witness.all('connected')[0]?.flow.connection ?? 0,
  });
  bob.flush();
  await trial.until(() => bob.witness.all('closed').length === 1, 'the reset');
  assert.equal(bob.witness.all('closed')[0]?.fault?.code, 'reset');
});

test('a way that is gone in one direction only still carries the other', async () => {
  const { world, trial } = scene('udp');
  const [alice, bob] = [await trial.party(), await trial.party()];
  world.path('alice', 'bob').partition();
  alice.send('no', bob.transport.local);
  alice.flush();
  bob.send('yes', alice.transport.local);
  bob.flush();
  await world.run();
  assert.deepEqual([alice.witness.texts(), bob.witness.texts()], [['yes'], []]);
});

test('a connection takes the way there and back before its first message leaves', async () => {
  const { world, trial } = scene('tcp');
  const [alice, bob] = [await trial.party(), await trial.party()];
  world.path('alice', 'bob').set({ delayMs: 30 });
  world.path('bob', 'alice').set({ delayMs: 50 });
  alice.send('hello', bob.transport.local);
  alice.flush();
  await trial.until(() => alice.witness.all('connected').length === 1, 'the connection');
  assert.equal(world.now, 80);
  await trial.until(() => bob.witness.receivedBytes() === 5, 'the message');
  assert.equal(world.now, 110);
  assert.equal(world.ladder(), '    80  alice ────▶ bob  5 bytes');
});

test('a stream arrives byte by byte where that is asked for', async () => {
  const world = createWorld();
  const witness = new Witness();
  const to = world.host('10.0.0.2').tcp({ listener: witness, cuts: 'everyByte' });
  const from = world.host('10.0.0.1').tcp({ listener: new Witness() });
  from.send(new TextEncoder().encode('abc'), to.local.host, to.local.port, 0, 0);
  from.flush();
  await world.run();
  assert.deepEqual(
    witness.all('data').map(({ bytes }) => String.fromCharCode(...bytes)),
    ['a', 'b', 'c'],
  );
});

test('messages to nobody by stream are shown as lost when the connection is refused', async () => {
  const world = createWorld();
  world.host('10.0.0.2', { name: 'bob' });
  const from = world.host('10.0.0.1', { name: 'alice' }).tcp({ listener: new Witness() });
  from.send(new TextEncoder().encode('abc'), '10.0.0.2', 5_060, 0, 0);
  from.flush();
  await world.run();
  assert.equal(world.traffic[0]?.loss, 'cut');
});
