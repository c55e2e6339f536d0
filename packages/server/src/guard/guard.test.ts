import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig, printFault } from '../config/index.ts';
import type { Ban } from './ban.ts';
import { Guard, type GuardPolicy } from './guard.ts';
import type { Offence } from './offences.ts';

interface Site {
  readonly guard: Guard;
  readonly bans: Ban[];
  now: number;
  /** How many of so many equal messages that come at once get in. */
  admitted(host: string, text: string, count: number): number;
  offend(host: string, offence: Offence, users: number, came?: 'datagrams' | 'streams'): void;
  counts(): Record<string, number>;
}

const RATES = { dialog: 400, register: 200, invite: 40, other: 100, keepAlive: 200, junk: 5 };

function createSite(policy: Partial<GuardPolicy> = {}): Site {
  const bans: Ban[] = [];
  const site = { now: 1_000 };
  const guard = new Guard(
    { rates: RATES, exempt: [], bans: { firstMs: 600_000, longestMs: 86_400_000 }, ...policy },
    {
      store: undefined,
      unix: () => 1_790_000_000_000 + site.now,
      random: { uint32: () => 42 },
      onBanned: (ban) => void bans.push(ban),
      onUnbanned: () => undefined,
      onFailed: (error) => assert.fail(String(error)),
      onCounting: () => undefined,
    },
  );
  return Object.assign(site, {
    guard,
    bans,
    admitted: (host: string, text: string, count: number) => {
      const bytes = Buffer.from(text, 'latin1');
      let admitted = 0;
      for (let i = 0; i < count; i += 1) if (guard.admits(host, bytes, site.now)) admitted += 1;
      return admitted;
    },
    offend: (host: string, offence: Offence, users: number, came: 'datagrams' | 'streams' = 'datagrams') => {
      for (let i = 1; i <= users; i += 1) guard.offend(host, came, offence, i, site.now);
    },
    counts: () => Object.fromEntries(guard.tally.take()),
  });
}

const REGISTER = 'REGISTER sip:example.com SIP/2.0\r\n';
const INVITE = 'INVITE sip:bob@example.com SIP/2.0\r\n';

for (const [text, rate] of [
  [REGISTER, RATES.register],
  [INVITE, RATES.invite],
  ['OPTIONS sip:b SIP/2.0', RATES.other],
  ['BYE sip:b SIP/2.0', RATES.dialog],
  ['\r\n\r\n', RATES.keepAlive],
  ['nothing at all', RATES.junk],
] as const)
  test(`a stranger sends ${JSON.stringify(text.split(' ')[0])} for thirty seconds at once, then at its rate`, () => {
    const site = createSite();
    assert.equal(site.admitted('192.0.2.7', text, rate * 30 + 500), rate * 30);
    site.now += 1_000;
    assert.equal(site.admitted('192.0.2.7', text, rate * 30), rate);
    assert.equal(site.admitted('192.0.2.8', text, 1), 1, 'another source is not touched');
    site.now += 30_000;
    assert.equal(site.admitted('192.0.2.7', text, rate * 30 + 500), rate * 30);
  });

test('each class has its own measure: who may send no more INVITEs can still end his calls', () => {
  const site = createSite();
  site.admitted('192.0.2.7', INVITE, 5_000);
  assert.equal(site.admitted('192.0.2.7', INVITE, 1), 0);
  for (const method of ['ACK', 'BYE', 'CANCEL', 'PRACK', 'REGISTER'])
    assert.equal(site.admitted('192.0.2.7', `${method} sip:b SIP/2.0`, 1), 1, method);
});

test('responses pass without a measure', () => {
  assert.equal(createSite().admitted('192.0.2.7', 'SIP/2.0 200 OK\r\n', 100_000), 100_000);
});

test('who has proved something may send four times as much', () => {
  const site = createSite();
  site.admitted('192.0.2.7', INVITE, 1);
  site.guard.prove('192.0.2.7', site.now);
  assert.ok(site.admitted('192.0.2.7', INVITE, 20_000) >= RATES.invite * 30 * 4 - 4);
});

test('an office of 500 phones behind one address passes after a power cut: 1000 REGISTERs and every retransmission', () => {
  const site = createSite();
  // RFC 3261 §17.1.2.2: within ten seconds a request that is not answered is sent at 0, 0.5, 1.5, 3.5 and 7.5 seconds.
  for (const second of [0, 0.5, 1.5, 3.5, 7.5]) {
    site.now = 1_000 + second * 1_000;
    assert.equal(site.admitted('203.0.113.1', REGISTER, 1_000), 1_000, `at ${second} s`);
    assert.equal(site.admitted('203.0.113.1', '\r\n\r\n', 500), 500);
    assert.equal(site.admitted('203.0.113.1', 'SUBSCRIBE sip:100@example.com SIP/2.0', 500), 500);
  }
  assert.deepEqual([site.counts(), site.bans], [{}, []]);
});

test('drops are counted by reason, and the count begins anew when it is taken', () => {
  const site = createSite();
  site.admitted('192.0.2.7', 'nothing at all', 151);
  site.admitted('192.0.2.7', INVITE, 1_203);
  assert.deepEqual(site.counts(), { 'too many: junk': 1, 'too many: invite': 3 });
  assert.deepEqual(site.counts(), {});
});

test('whoever is exempt sends what he likes, with any offence', () => {
  const loaded = loadConfig('trusted: [10.0.0.0/8]', 'test');
  assert.ok(loaded.type === 'config', loaded.type === 'faults' ? loaded.faults.map(printFault).join() : '');
  const site = createSite({ exempt: loaded.config.trusted });
  site.offend('10.1.2.3', 'scanner', 5);
  assert.equal(site.admitted('10.1.2.3', INVITE, 50_000), 50_000);
  assert.equal(site.guard.isExempt('10.1.2.3', site.now), true);
  assert.equal(site.guard.isExempt('11.1.2.3', site.now), false);
  assert.deepEqual(site.bans, []);
});

test('a scanner is banned at once, for ten minutes, and nothing of it comes in any more', () => {
  const site = createSite();
  site.offend('192.0.2.7', 'scanner', 1);
  assert.deepEqual(
    site.bans.map(({ network, reason, by, since, until }) => [network, reason, by, (until ?? 0) - since]),
    [['192.0.2.7', 'scanner', 'guard', 600_000]],
  );
  for (const text of [INVITE, 'BYE sip:b SIP/2.0', 'SIP/2.0 200 OK', '\r\n\r\n'])
    assert.equal(site.admitted('192.0.2.7', text, 1), 0);
  assert.equal(site.guard.admitsConnection('192.0.2.7', site.now), false);
  assert.deepEqual(site.counts(), { banned: 5 });
  site.now += 600_000;
  assert.equal(site.admitted('192.0.2.7', INVITE, 1), 1);
  assert.equal(site.guard.admitsConnection('192.0.2.7', site.now), true);
});

test('who tries one user after the other is banned after a dozen; a phone with an old password is not', () => {
  for (const offence of ['wrong password', 'no such user'] as const) {
    const site = createSite();
    site.offend('192.0.2.7', offence, 12);
    assert.equal(site.bans.length, 0);
    site.offend('192.0.2.7', offence, 13);
    assert.equal(site.bans.length, 1, offence);
    for (let i = 0; i < 1_000; i += 1) {
      site.now += 30_000;
      site.guard.offend('192.0.2.8', 'datagrams', offence, 7, site.now);
    }
    assert.equal(site.bans.length, 1, 'a wrong one every half minute');
  }
});

test('a hundred passwords for one user in a minute are enough', () => {
  const site = createSite();
  for (let i = 0; i < 130 && site.bans.length === 0; i += 1) {
    site.now += 400;
    site.guard.offend('192.0.2.7', 'datagrams', 'wrong password', 7, site.now);
  }
  assert.equal(site.bans.length, 1);
});

test('a flood that goes on for ten seconds becomes a ban, counted once a second', () => {
  const site = createSite();
  for (let second = 0; second < 9; second += 1) {
    site.admitted('192.0.2.7', INVITE, 5_000);
    site.now += 1_000;
  }
  assert.equal(site.bans.length, 0);
  for (let second = 0; second < 3; second += 1) {
    site.admitted('192.0.2.7', INVITE, 5_000);
    site.now += 1_000;
  }
  assert.deepEqual(
    site.bans.map(({ reason }) => reason),
    ['flood'],
  );
});

test('nobody can have an office banned by writing its address on datagrams; on streams its address is true', () => {
  const site = createSite();
  site.guard.prove('203.0.113.1', site.now);
  site.offend('203.0.113.1', 'scanner', 100);
  site.admitted('203.0.113.1', INVITE, 100_000);
  assert.equal(site.bans.length, 0);
  site.offend('203.0.113.1', 'scanner', 9, 'streams');
  assert.equal(site.bans.length, 0, 'one of many phones');
  site.offend('203.0.113.1', 'scanner', 2, 'streams');
  assert.equal(site.bans.length, 1);
});

test('proving something does not end a ban, and wipes out the points of before', () => {
  const site = createSite();
  site.offend('192.0.2.7', 'wrong password', 12);
  site.guard.prove('192.0.2.7', site.now);
  site.offend('192.0.2.7', 'wrong password', 12, 'streams');
  assert.equal(site.bans.length, 0);
  site.offend('192.0.2.9', 'scanner', 1);
  site.guard.prove('192.0.2.9', site.now);
  assert.equal(site.admitted('192.0.2.9', INVITE, 1), 0);
});

test('all addresses of an IPv6 /64 share what one of them may do', () => {
  const site = createSite();
  site.offend('2001:db8:1:2::1', 'scanner', 1);
  assert.equal(site.bans[0]?.network, '2001:db8:1:2::/64');
  assert.equal(site.admitted('2001:db8:1:2:3:4:5:6', INVITE, 1), 0);
  assert.equal(site.admitted('2001:db8:1:3::1', INVITE, 1), 1);
});
