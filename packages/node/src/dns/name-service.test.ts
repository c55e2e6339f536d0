import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type NameServerOptions, type NameZone, openNameServer } from '@strowger/testkit';
import { createNameService, type NameServiceOptions } from './name-service.ts';
import { parseServerAddress } from './server-address.ts';

test('all four types of records are read as their RFCs write them', async (t) => {
  const { names } = await serviceFor(t, [
    {
      'A a.example': ['192.0.2.1'],
      'AAAA a.example': ['2001:db8::1'],
      'SRV _sip._udp.a.example': ['1 2 5060 Host.A.Example.', '0 0 0 .'],
      'NAPTR a.example': [
        '50 51 "s" "SIPS+D2T" "" _sips._tcp.a.example.',
        '1 1 "u" "E2U+sip" "!^(.*)$!sip:\\1@a.example!" .',
      ],
    },
  ]);
  assert.deepEqual(await names.ask('A', 'A.Example.'), { type: 'records', records: ['192.0.2.1'] });
  assert.deepEqual(await names.ask('AAAA', 'a.example'), { type: 'records', records: ['2001:db8::1'] });
  assert.deepEqual(await names.ask('SRV', '_sip._udp.a.example'), {
    type: 'records',
    records: [
      { priority: 1, weight: 2, port: 5060, target: 'host.a.example' },
      { priority: 0, weight: 0, port: 0, target: '.' },
    ],
  });
  assert.deepEqual(await names.ask('NAPTR', 'a.example'), {
    type: 'records',
    records: [
      { order: 50, preference: 51, flags: 's', services: 'SIPS+D2T', regexp: '', replacement: '_sips._tcp.a.example' },
      {
        order: 1,
        preference: 1,
        flags: 'u',
        services: 'E2U+sip',
        regexp: '!^(.*)$!sip:\\1@a.example!',
        replacement: '.',
      },
    ],
  });
});

test('no such name and no such record are told apart (RFC 2308 §2)', async (t) => {
  const { names } = await serviceFor(t, [{ 'A a.example': 'nodata' }]);
  assert.deepEqual(await names.ask('A', 'a.example'), { type: 'none', why: 'nodata' });
  assert.deepEqual(await names.ask('A', 'b.example'), { type: 'none', why: 'nxdomain' });
});

test('"no" is believed as long as the SOA record says: the lesser of its lifetime and its minimum (RFC 2308 §5)', async (t) => {
  for (const [soa, seconds] of [
    [[30, 900], 30],
    [[900, 20], 20],
    [[9_000, 9_000], 300],
    [[0, 0], 1],
    [undefined, 10],
  ] as const) {
    const clock = { now: 0 };
    const { names, asked } = await serviceFor(t, [{}], { now: () => clock.now }, soa === undefined ? {} : { soa });
    await names.ask('SRV', '_sip._udp.a.example');
    clock.now = seconds * 1_000 - 1;
    assert.deepEqual(names.ask('SRV', '_sip._udp.a.example'), { type: 'none', why: 'nxdomain' }, String(soa));
    clock.now += 1;
    await names.ask('SRV', '_sip._udp.a.example');
    assert.equal(asked(0).length, 2);
  }
});

test('records are kept as long as they say, at most an hour and at least a second', async (t) => {
  for (const [ttlSeconds, seconds] of [
    [60, 60],
    [86_400, 3_600],
    [0, 1],
    [2 ** 31, 1],
  ] as const) {
    const clock = { now: 0 };
    const { names, asked } = await serviceFor(
      t,
      [{ 'A a.example': ['192.0.2.1'] }],
      { now: () => clock.now },
      { ttlSeconds },
    );
    await names.ask('A', 'a.example');
    clock.now = seconds * 1_000 - 1;
    assert.deepEqual(names.ask('A', 'a.example'), { type: 'records', records: ['192.0.2.1'] });
    clock.now += 1;
    await names.ask('A', 'a.example');
    assert.equal(asked(0).length, 2, String(ttlSeconds));
  }
});

test('a fault is kept for five seconds, so that a dead server does not hold up every call', async (t) => {
  const clock = { now: 0 };
  const { names, asked } = await serviceFor(t, [{ 'A a.example': 'SERVFAIL' }], { now: () => clock.now });
  await names.ask('A', 'a.example');
  clock.now = 4_999;
  await names.ask('A', 'a.example');
  assert.equal(asked(0).length, 1);
  clock.now = 5_000;
  await names.ask('A', 'a.example');
  assert.equal(asked(0).length, 2);
});

test('aliases are followed in the answer and, where it does not say their end, by a question (RFC 1034 §3.6.2)', async (t) => {
  const { names, asked } = await serviceFor(t, [
    {
      'CNAME a.example': ['b.example'],
      'CNAME b.example': ['c.example'],
      'A c.example': ['192.0.2.1'],
      'AAAA c.example': () => ['2001:db8::1'],
    },
  ]);
  assert.deepEqual(await names.ask('A', 'a.example'), { type: 'records', records: ['192.0.2.1'] });
  assert.deepEqual(asked(0), ['udp A a.example']);
  assert.deepEqual(await names.ask('AAAA', 'a.example'), { type: 'records', records: ['2001:db8::1'] });
  assert.deepEqual(asked(0).slice(1), ['udp AAAA a.example', 'udp AAAA c.example']);
});

test('aliases in a circle and chains without end are a fault', async (t) => {
  const zone: NameZone = { 'CNAME a.example': ['b.example'], 'CNAME b.example': ['a.example'] };
  for (let i = 0; i < 200; i += 1) zone[`CNAME c${i}.example`] = [`c${i + 1}.example`];
  const { names } = await serviceFor(t, [zone]);
  for (const name of ['a.example', 'c0.example']) {
    const answer = await names.ask('A', name);
    assert.deepEqual([answer.type, 'code' in answer && answer.code], ['fault', 'limit'], name);
  }
});

test('the same question that is under way is asked once, and an answer that is kept is given at once', async (t) => {
  const { names, asked } = await serviceFor(t, [{ 'A a.example': ['192.0.2.1'] }]);
  await Promise.all([names.ask('A', 'a.example'), names.ask('A', 'A.example'), names.ask('A', 'a.example.')]);
  assert.equal(asked(0).length, 1);
  assert.deepEqual(names.ask('A', 'a.example'), { type: 'records', records: ['192.0.2.1'] });
});

test('so many answers are kept and no more', async (t) => {
  const zone: NameZone = {};
  for (let i = 0; i < 5; i += 1) zone[`A h${i}.example`] = [`192.0.2.${i}`];
  const { names } = await serviceFor(t, [zone], { kept: 3 });
  for (let i = 0; i < 5; i += 1) await names.ask('A', `h${i}.example`);
  const kept = [0, 1, 2, 3, 4].filter((i) => names.kept('A', `h${i}.example`) !== undefined);
  assert.deepEqual(kept, [2, 3, 4]);
});

test('no more than 500 questions are under way at once', async (t) => {
  const { names } = await serviceFor(t, [{}], { timeoutMs: 3_000 });
  const asking = Array.from({ length: 500 }, (_, i) => names.ask('A', `h${i}.example`));
  assert.deepEqual(names.ask('A', 'one.more.example'), {
    type: 'fault',
    code: 'limit',
    text: 'more than 500 questions at once',
  });
  await Promise.all(asking);
  assert.deepEqual(await names.ask('A', 'one.more.example'), { type: 'none', why: 'nxdomain' });
});

test('names that DNS cannot carry are a fault and no question', async (t) => {
  const { names, asked } = await serviceFor(t, [{}]);
  for (const name of [
    '',
    '.',
    'a..b',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(126)}aa`,
    'a b.example',
    'ä.example',
  ])
    assert.deepEqual(
      names.ask('A', name),
      { type: 'fault', code: 'name', text: 'no name that can be asked for' },
      name,
    );
  assert.deepEqual(asked(0), []);
});

/** A service that asks servers of this process, one for each zone. */
async function serviceFor(
  t: TestContext,
  zones: readonly NameZone[],
  options: NameServiceOptions = {},
  serverOptions: NameServerOptions = {},
) {
  const opened = await Promise.all(zones.map((zone) => openNameServer(zone, serverOptions)));
  t.after(() => Promise.all(opened.map((server) => server.close())));
  const servers = opened.flatMap(({ address }) => parseServerAddress(address) ?? []);
  return {
    names: createNameService({ servers, ...options }),
    asked: (at: number): readonly string[] => opened[at]?.asked ?? [],
  };
}
