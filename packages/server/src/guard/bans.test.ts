import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRefusal, type Network } from '../config/index.ts';
import { type Ban, type BanStore, parseBanned, printBanned } from './ban.ts';
import { Bans } from './bans.ts';
import { Source } from './source.ts';

const START = 1_790_000_000_000;
const MINUTE = 60_000;
const DAY = 86_400_000;

class Shelf implements BanStore {
  readonly bans = new Map<string, Ban>();
  readonly list = (): readonly Ban[] => [...this.bans.values()];
  readonly put = (ban: Ban): void => void this.bans.set(ban.network, ban);
  readonly remove = (network: string): boolean => this.bans.delete(network);
}

function createSite(store: BanStore | undefined = new Shelf()) {
  const site = { now: START, told: [] as string[], failures: [] as unknown[] };
  const bans = new Bans({
    store,
    policy: { firstMs: 10 * MINUTE, longestMs: DAY },
    unix: () => site.now,
    onBanned: ({ network }) => void site.told.push(`+${network}`),
    onUnbanned: (network) => void site.told.push(`-${network}`),
    onFailed: (error) => void site.failures.push(error),
  });
  return Object.assign(site, { bans });
}

function network(text: string): Network {
  const read = parseBanned(text);
  if (isRefusal(read)) throw new Error(read.expected);
  return read.value;
}

const source = (host: string): Source => {
  const made = new Source();
  assert.ok(made.read(host));
  return made;
};

test('a ban has one text, and of an IPv6 address it means the /64', () => {
  for (const [given, text] of [
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7/32', '192.0.2.7'],
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:DB8:0:5::1', '2001:db8:0:5::/64'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['::1', '::/64'],
  ] as const)
    assert.equal(printBanned(network(given)), text);
  for (const given of ['0.0.0.0/0', '::/0', '192.0.2.7/24', 'example.com'])
    assert.ok(isRefusal(parseBanned(given)), given);
});

test('bans of one source last twice as long each time, to a day, and begin anew after a quiet day', () => {
  const site = createSite();
  const durations: number[] = [];
  for (let i = 0; i < 10; i += 1) {
    const ban = site.bans.punish(source('192.0.2.7'), 'scanner');
    durations.push(((ban.until ?? 0) - ban.since) / MINUTE);
    site.now = (ban.until ?? 0) + MINUTE;
  }
  assert.deepEqual(durations, [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]);
  site.now += DAY;
  const again = site.bans.punish(source('192.0.2.7'), 'scanner');
  assert.equal((again.until ?? 0) - again.since, 10 * MINUTE);
});

test('a ban ends by itself', () => {
  const site = createSite();
  site.bans.punish(source('192.0.2.7'), 'scanner');
  assert.equal(site.bans.untilOf(source('192.0.2.7')), START + 10 * MINUTE);
  assert.equal(site.bans.untilOf(source('192.0.2.8')), 0);
  site.now += 10 * MINUTE;
  assert.equal(site.bans.untilOf(source('192.0.2.7')), 0);
  assert.deepEqual(site.bans.list(), []);
});

test('a network banned by hand covers its addresses until it is removed, whatever else they did', async () => {
  const site = createSite();
  await site.bans.add(network('192.0.2.0/24'), 'abuse', undefined);
  site.bans.punish(source('192.0.2.7'), 'scanner');
  assert.equal(site.bans.untilOf(source('192.0.2.200')), Number.POSITIVE_INFINITY);
  assert.equal(site.bans.untilOf(source('192.0.2.7')), Number.POSITIVE_INFINITY);
  assert.equal(await site.bans.remove(network('192.0.2.0/24')), true);
  assert.equal(site.bans.untilOf(source('192.0.2.200')), 0);
  assert.equal(site.bans.untilOf(source('192.0.2.7')), START + 10 * MINUTE);
  assert.equal(await site.bans.remove(network('192.0.2.0/24')), false);
  assert.deepEqual(site.told, ['+192.0.2.0/24', '+192.0.2.7', '-192.0.2.0/24']);
});

test('what cannot be a ban is not taken from a store', async () => {
  const shelf = new Shelf();
  shelf.put({ network: '0.0.0.0/0', reason: 'x', by: 'administrator', since: START, until: undefined, times: 0 });
  const site = createSite(shelf);
  await site.bans.load();
  assert.deepEqual(site.bans.list(), []);
});

test('every change is another generation, so that nothing stale is believed', async () => {
  const { bans } = createSite();
  const seen = [bans.generation];
  bans.punish(source('192.0.2.7'), 'scanner');
  seen.push(bans.generation);
  await bans.remove(network('192.0.2.7'));
  seen.push(bans.generation);
  assert.equal(new Set(seen).size, 3);
});

test('bans outlive the process with what was done before, and a removed one does not come back', async () => {
  const shelf = new Shelf();
  const before = createSite(shelf);
  before.bans.punish(source('192.0.2.7'), 'scanner');
  before.bans.punish(source('192.0.2.7'), 'scanner');
  await before.bans.add(network('198.51.100.0/24'), 'abuse', START + DAY);
  await before.bans.add(network('203.0.113.5'), 'slip', undefined);
  await before.bans.remove(network('203.0.113.5'));
  const after = createSite(shelf);
  await after.bans.load();
  assert.deepEqual(after.bans.list(), before.bans.list());
  assert.deepEqual(
    after.bans.list().map(({ network: text, by, times }) => [text, by, times]),
    [
      ['192.0.2.7', 'guard', 2],
      ['198.51.100.0/24', 'administrator', 0],
    ],
  );
  assert.equal(after.bans.untilOf(source('198.51.100.9')), START + DAY);
});

test('a ban that cannot be written down holds all the same, and that is told', async () => {
  const broken: BanStore = { list: () => [], put: () => Promise.reject(new Error('disk full')), remove: () => false };
  const site = createSite(broken);
  site.bans.punish(source('192.0.2.7'), 'scanner');
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(site.bans.untilOf(source('192.0.2.7')) > START);
  assert.match(String(site.failures[0]), /disk full/);
  await assert.rejects(site.bans.add(network('198.51.100.0/24'), 'abuse', undefined), /disk full/);
});

test('ten thousand bans are the most; then the one of the guard that ends first goes, never one made by hand', async () => {
  const shelf = new Shelf();
  const site = createSite(shelf);
  await site.bans.add(network('198.51.100.0/24'), 'abuse', START + 1);
  for (let i = 0; i < 10_050; i += 1) {
    site.now += 1;
    site.bans.punish(source(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`), 'scanner');
  }
  assert.equal(shelf.bans.size, 10_000);
  assert.ok(shelf.bans.has('198.51.100.0/24'));
  assert.equal(site.bans.untilOf(source('10.0.0.0')), 0);
  assert.ok(site.bans.untilOf(source('10.0.39.65')) > 0);
});

test('five thousand bans made by hand are the most: there is always room for those of the guard', async () => {
  const site = createSite(undefined);
  for (let i = 0; i < 5_000; i += 1) await site.bans.add(network(`10.0.${i >> 8}.${i & 255}`), 'abuse', undefined);
  assert.equal(await site.bans.add(network('192.0.2.7'), 'abuse', undefined), undefined);
  assert.ok(await site.bans.add(network('10.0.0.1'), 'again', undefined));
});
