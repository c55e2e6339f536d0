import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock, TransportListener } from '@strowger/sip/engine';
import { describeFailure } from './failure.ts';
import { bytesOf, textOf } from './suites/transport-witness.ts';
import type { VirtualHost } from './virtual-host.ts';
import { createWorld, type World } from './world.ts';

const SILENT: TransportListener = {
  onDatagrams: () => {},
  onData: () => {},
  onConnected: () => {},
  onClosed: () => {},
  onFailed: () => {},
};
const invite = bytesOf('INVITE sip:bob@b.example SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n');
const answer = (status: number): Uint8Array => bytesOf(`SIP/2.0 ${status} X\r\nCSeq: 1 INVITE\r\n\r\n`);
const PORT = 5_060;

/** Alice sends her INVITE again after 500, 1,000 … ms until bob answers; bob rings and is busy three seconds later. */
function ring(world: World): void {
  const [alice, bob] = [world.host('10.0.0.1', { name: 'alice' }), world.host('10.0.0.2', { name: 'bob' })];
  const clock = alice.clock();
  let interval = 500;
  const from = alice.udp({ port: PORT, listener: { ...SILENT, onDatagrams: () => clock.sleep() } });
  let hasAnswered = false;
  const to = bob.udp({
    port: PORT,
    listener: {
      ...SILENT,
      onDatagrams: (transport) => {
        if (hasAnswered) return;
        hasAnswered = true;
        for (const [ms, status] of [
          [0, 180],
          [3_000, 486],
        ] as const) {
          world.after(ms, () => {
            transport.send(answer(status), '10.0.0.1', PORT, 0, 0);
            transport.flush();
          });
        }
      },
    },
  });
  const tryOnce = (): void => {
    from.send(invite, to.local.host, to.local.port, 0, 0);
    from.flush();
    clock.wakeAt(clock.now() + interval, tryOnce);
    interval *= 2;
  };
  tryOnce();
}

test('a ladder shows what was sent when, and what was lost', async () => {
  const world = createWorld({ conditions: { delayMs: 20 } });
  world.host('10.0.0.1', { name: 'alice' });
  world.host('10.0.0.2', { name: 'bob' });
  world.link('alice', 'bob').dropNext(2, (label) => label === 'INVITE');
  ring(world);
  await world.run();
  assert.equal(
    `\n${world.ladder()}\n`,
    `
     0  alice ──✕   bob  INVITE
   500  alice ──✕   bob  INVITE
  1500  alice ────▶ bob  INVITE
  1520  alice ◀──── bob  180 INVITE
  4520  alice ◀──── bob  486 INVITE
`,
  );
});

const BAD = { loss: 0.3, duplicate: 0.2, reorder: 0.2, jitterMs: 200 };

async function ladderOf(seed: number): Promise<string> {
  const world = createWorld({ seed, conditions: BAD });
  for (let i = 0; i < 5; i += 1) world.after(i * 10_000, () => ring(freshPair(world, i)));
  await world.run({ until: 100_000 });
  return world.ladder();
}

/** The same world, in which alice and bob are two new hosts. */
const freshPair = (world: World, i: number): World => ({
  ...world,
  host: (address, options) => world.host(address.replace('10.0.0', `10.0.${i + 1}`), { name: `${options?.name}${i}` }),
});

test('the same seed gives the same ladder, another one gives another', async () => {
  const [first, again, other] = [await ladderOf(3), await ladderOf(3), await ladderOf(4)];
  assert.ok(first.split('\n').length > 10);
  assert.equal(first, again);
  assert.notEqual(first, other);
});

test('an hour of alarms and datagrams takes as many events as it needs and no real time', async () => {
  const world = createWorld();
  const [a, b] = [world.host('10.0.0.1'), world.host('10.0.0.2')];
  let heard = 0;
  const onDatagrams: TransportListener['onDatagrams'] = (_transport, _items, count) => {
    heard += count;
  };
  const to = b.udp({ listener: { ...SILENT, onDatagrams } });
  const from = a.udp({ listener: SILENT });
  const clock = a.clock();
  const beat = (): void => {
    from.send(bytesOf('\r\n\r\n'), to.local.host, to.local.port, 0, 0);
    from.flush();
    clock.wakeAt(clock.now() + 30_000, beat);
  };
  clock.wakeAt(30_000, beat);
  await world.runFor(3_600_000);
  assert.equal(world.now, 3_600_000);
  assert.equal(heard, 119, 'the last one is still on its way');
});

test('clocks have the time of the world and an alarm each; wall clocks may disagree', async () => {
  const world = createWorld({ unix: 1_000_000 });
  const [a, b]: Clock[] = [world.clock(), world.clock({ aheadMs: 5_000 })];
  const rang: string[] = [];
  a?.wakeAt(100, () => rang.push(`a ${a.now()} ${a.unix()}`));
  b?.wakeAt(90, () => rang.push('never'));
  b?.wakeAt(200, () => rang.push(`b ${b.now()} ${b.unix()}`));
  const other = world.clock();
  other.wakeAt(150, () => rang.push('never'));
  other.sleep();
  await world.run();
  assert.deepEqual(rang, ['a 100 1000100', 'b 200 1005200']);
  assert.equal(world.unix, 1_000_200);
});

test('scripts may wait for virtual time', async () => {
  const world = createWorld();
  const seen: number[] = [];
  const script = (async () => {
    for (let i = 0; i < 3; i += 1) {
      await world.sleep(1_000);
      seen.push(world.now);
    }
  })();
  await world.run();
  await script;
  assert.deepEqual(seen, [1_000, 2_000, 3_000]);
});

test('each label has random numbers of its own, the same for the same seed', () => {
  const [a, b] = [createWorld({ seed: 5 }), createWorld({ seed: 5 })];
  a.random('x').uint32();
  assert.equal(a.random('y').uint32(), b.random('y').uint32());
  assert.notEqual(a.random('x').uint32(), a.random('y').uint32());
});

test('a host is known by its addresses and its name; what is not known or taken is a mistake of the caller', () => {
  const world = createWorld();
  const alice: VirtualHost = world.host('10.0.0.1', { name: 'alice', also: ['2001:DB8:0:0::1'] });
  assert.equal(world.host('10.0.0.1'), alice);
  assert.equal(world.host('2001:db8::1'), alice);
  assert.deepEqual(alice.addresses, ['10.0.0.1', '2001:db8::1']);
  const usage = { name: 'UsageFault' };
  assert.throws(() => world.host('10.0.0.1', { name: 'bob' }), usage);
  assert.throws(() => world.host('10.0.0.2', { name: 'alice' }), usage);
  assert.throws(() => world.host('10.0.0.2', { also: ['10.0.0.1'] }), usage);
  assert.throws(() => world.link('alice', 'bob'), usage);
  assert.throws(() => alice.udp({ listener: SILENT, host: '10.0.0.9' }), usage);
});

test('a failure report names the seed, the messages and what else happened', async () => {
  const world = createWorld({ seed: 42 });
  assert.match(describeFailure(42, world), /seed 42: createWorld\(\{ seed: 42 \}\)/);
  assert.match(describeFailure(42, world), /messages:\n +none\nevents:\n +none/);
  ring(world);
  world.after(1_000, () => world.note('bob is not amused'));
  await world.run();
  const report = describeFailure(world.seed, world);
  assert.ok(report.includes(world.ladder()));
  assert.match(report, / 1000 {2}bob is not amused/);
});

test('a failure report of a long run shows only its end', async () => {
  const world = createWorld();
  world.host('10.0.0.2');
  const from = world.host('10.0.0.1').udp({ listener: SILENT });
  for (let i = 0; i < 150; i += 1) from.send(bytesOf(`M${i} sip:x SIP/2.0\r\n\r\n`), '10.0.0.2', PORT, 0, 0);
  from.flush();
  await world.run();
  const report = describeFailure(1, world);
  assert.match(report, /messages, the last 100 of 150:/);
  assert.ok(!report.includes('  M49\n') && report.includes('  M50\n') && report.includes('  M149\n'));
});

test('bytes on the network are those at the time of the flush, whatever the sender does to them later', async () => {
  const world = createWorld();
  const heard: string[] = [];
  const onDatagrams: TransportListener['onDatagrams'] = (_t, items, count) => {
    for (const { bytes } of items.slice(0, count)) heard.push(textOf(bytes));
  };
  const to = world.host('10.0.0.2').udp({ listener: { ...SILENT, onDatagrams } });
  const from = world.host('10.0.0.1').udp({ listener: SILENT });
  const bytes = bytesOf('before');
  from.send(bytes, to.local.host, to.local.port, 0, 0);
  from.flush();
  bytes.fill(0);
  await world.run();
  assert.deepEqual(heard, ['before']);
});
