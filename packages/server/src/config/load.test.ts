import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ConfigFault, printFault } from './fault.ts';
import { type Loaded, loadConfig } from './load.ts';
import type { Config } from './schema.ts';

function config(text: string): Config {
  const loaded = loadConfig(text, 'strowger.yaml');
  assert.ok(loaded.type === 'config', loaded.type === 'faults' ? loaded.faults.map(printFault).join('\n') : '');
  return loaded.config;
}

function faults(text: string): readonly ConfigFault[] {
  const loaded = loadConfig(text, 'strowger.yaml');
  assert.ok(loaded.type === 'faults', 'the text is accepted');
  return loaded.faults;
}

function sentences(text: string): string[] {
  return faults(text).map(printFault);
}

test('a file with every key means what it says', () => {
  assert.deepEqual(
    config(
      [
        'domains: [example.test]',
        'listen: [udp:127.0.0.1:5060, "tcp:[::1]:5060"]',
        'datagrams: single',
        'data: memory',
        'durability: power',
        'auth: none',
        'digest: [SHA-256, MD5]',
        'users: [{ name: alice, password: secret }, { name: bob, password: "12", domain: Example.Test }]',
        'trusted: [127.0.0.0/8]',
        'login: { attempts: 3, window: 60, lockout: 5 }',
        'registrar: { minExpires: 30, maxExpires: 600, maxBindings: 3, nat: off, flowTimer: 120 }',
        'proxy: { recordRoute: false, timerC: 300, stateless: false, fork: serial, recurse: true }',
        'redirect: false',
        'advertise: 203.0.113.5:5070',
        'dns: { servers: [192.0.2.53, "[2001:db8::53]:5353"] }',
        'enum: { suffix: E164.arpa }',
        'edge: { domains: [Office.example.test] }',
        'guard: { enabled: false, overload: false, exempt: [], rates: { invite: 7 }, banSeconds: 60, maxBanSeconds: 70 }',
        'log: { level: debug, format: json }',
      ].join('\n'),
    ),
    {
      domains: ['example.test'],
      listen: [
        { protocol: 'udp', host: '127.0.0.1', port: 5060 },
        { protocol: 'tcp', host: '::1', port: 5060 },
      ],
      data: 'memory',
      durability: 'power',
      auth: 'none',
      digest: ['SHA-256', 'MD5'],
      users: [
        { name: 'alice', password: 'secret' },
        { name: 'bob', password: '12', domain: 'example.test' },
      ],
      trusted: [{ text: '127.0.0.0/8', family: 4, prefix: 8, base: [0x7f000000], mask: [0xff000000] }],
      login: { attempts: 3, window: 60, lockout: 5, secret: '' },
      registrar: { minExpires: 30, maxExpires: 600, maxBindings: 3, serviceRoute: [], nat: 'off', flowTimer: 120 },
      proxy: { recordRoute: false, timerC: 300, stateless: false, fork: 'serial', recurse: true },
      redirect: false,
      advertise: [{ host: '203.0.113.5', kind: 'ip4', port: 5070 }],
      dns: { servers: ['192.0.2.53', '[2001:db8::53]:5353'] },
      enum: { suffix: 'e164.arpa' },
      edge: { domains: ['office.example.test'] },
      guard: {
        enabled: false,
        overload: false,
        exempt: [],
        rates: { register: 200, invite: 7, other: 100, dialog: 400, keepAlive: 200, junk: 5 },
        banSeconds: 60,
        maxBanSeconds: 70,
      },
      log: { level: 'debug', format: 'json' },
      datagrams: 'single',
      tls: { certificate: '', key: '', ca: [], clientCertificates: 'none', domains: [] },
      webSocket: { origins: [] },
    },
  );
});

test('an empty text, and one of comments only, means the defaults', () => {
  const defaults = {
    domains: [],
    listen: [
      { protocol: 'udp', host: '0.0.0.0', port: 5060 },
      { protocol: 'tcp', host: '0.0.0.0', port: 5060 },
    ],
    data: './strowger-data',
    durability: 'process',
    auth: 'digest',
    digest: ['MD5'],
    users: [],
    trusted: [],
    login: { attempts: 10, window: 600, lockout: 60, secret: '' },
    registrar: { minExpires: 60, maxExpires: 3600, maxBindings: 10, serviceRoute: [], nat: 'auto', flowTimer: 'off' },
    proxy: { recordRoute: true, timerC: 200, stateless: false, fork: 'parallel', recurse: false },
    redirect: false,
    dns: { servers: [] },
    enum: { suffix: undefined },
    edge: { domains: [] },
    advertise: [],
    guard: {
      enabled: true,
      overload: true,
      exempt: [
        { text: '127.0.0.0/8', family: 4, prefix: 8, base: [0x7f000000], mask: [0xff000000] },
        {
          text: '::1',
          family: 6,
          prefix: 128,
          base: [0, 0, 0, 1],
          mask: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
        },
      ],
      rates: { register: 200, invite: 40, other: 100, dialog: 400, keepAlive: 200, junk: 5 },
      banSeconds: 600,
      maxBanSeconds: 86_400,
    },
    log: { level: 'info', format: 'pretty' },
    datagrams: 'auto',
    tls: { certificate: '', key: '', ca: [], clientCertificates: 'none', domains: [] },
    webSocket: { origins: [] },
  };
  assert.deepEqual(config(''), defaults);
  assert.deepEqual(config('# nothing yet\n'), defaults);
  assert.deepEqual(config('proxy: {}\nregistrar: {}\nlog: {}'), defaults);
});

test('a fault names file, line, column, key, the value found and the expectation', () => {
  const [fault, ...others] = faults('auth: digest\nregistrar:\n  minExpires: 7200\n');
  assert.equal(others.length, 0);
  assert.deepEqual(fault, {
    file: 'strowger.yaml',
    line: 3,
    column: 15,
    path: ['registrar', 'minExpires'],
    found: '7200',
    expected: 'a whole number of seconds from 0 to 3600 (RFC 3261 §10.3)',
    hint: undefined,
  });
  assert.equal(
    fault && printFault(fault),
    'strowger.yaml:3:15: registrar.minExpires: found 7200, expected a whole number of seconds from 0 to 3600 (RFC 3261 §10.3).',
  );
});

test('an unknown key is a fault at the key, with the key that was likely meant', () => {
  assert.deepEqual(sentences('redirect: true\nproxy: { timerc: 200 }'), [
    'strowger.yaml:2:10: proxy.timerc: found the unknown key timerc with 200, expected one of recordRoute, timerC, stateless, fork, recurse; did you mean timerC?',
  ]);
  const [unlike] = faults('zebra: 1');
  assert.deepEqual([unlike?.path, unlike?.hint], [['zebra'], undefined]);
});

test('a key at the wrong level is told where it belongs', () => {
  assert.equal(faults('maxBindings: 5')[0]?.hint, 'maxBindings belongs under registrar');
  assert.equal(faults('proxy: { auth: none }')[0]?.hint, 'auth stands at the outermost level');
});

test('every fault of a file is told, in the order of the text', () => {
  const found = faults(
    'redirect: maybe\nlisten: [sctp:0.0.0.0:5061, udp:5060]\nuser: []\nproxy: { timerC: 180, fork: seriall }',
  );
  assert.deepEqual(
    found.map(({ path }) => path.join('.')),
    ['redirect', 'listen.0', 'listen.1', 'user', 'proxy.timerC', 'proxy.fork'],
  );
});

test('a value of the wrong kind is told how to write it', () => {
  assert.equal(faults('domains: example.test')[0]?.hint, 'put it in square brackets');
  assert.equal(faults('redirect: yes')[0]?.hint, 'write true');
  assert.equal(faults('redirect: "off"')[0]?.hint, 'write false');
  assert.equal(faults('auth: digset')[0]?.hint, 'did you mean digest?');
  assert.equal(faults('domains: [10.5]')[0]?.hint, 'put it in quotes: "10.5"');
  assert.equal(faults('users: [{ name: 100, password: x }]')[0]?.hint, 'put it in quotes');
});

test('a key without a value is a fault where the value would be', () => {
  const [fault] = faults('listen:\nauth: none');
  assert.deepEqual([fault?.line, fault?.column, fault?.found], [1, 8, 'nothing']);
  const [missing] = faults('users:\n  - name: alice\n');
  assert.deepEqual([missing?.line, missing?.column, missing?.path], [2, 5, ['users', 0, 'password']]);
});

test('a text that is no mapping is a fault of the whole', () => {
  assert.deepEqual(sentences('- a'), [
    'strowger.yaml:1:1: found a list, expected settings written as KEY: VALUE lines.',
  ]);
  assert.equal(faults('hello').length, 1);
});

test('values that contradict each other are faults at the later one', () => {
  assert.deepEqual(sentences('registrar: { maxExpires: 59 }'), [
    'strowger.yaml:1:26: registrar.maxExpires: found 59, expected at least minExpires, which is 60; raise maxExpires or lower minExpires.',
  ]);
  assert.deepEqual(sentences('users: [{ name: a, password: x }, { name: b, password: x }, { name: a, password: y }]'), [
    'strowger.yaml:1:69: users[2].name: found a again, expected each user of a domain once; remove one of the two.',
  ]);
});

test('an override takes the place of what the file says, and its faults name its origin', () => {
  const file = 'domains: [a.test]\nlisten: [udp:0.0.0.0:5060]\nlog: { format: json }';
  const loaded = loadConfig(file, 'strowger.yaml', [
    { path: ['listen'], value: ['tcp:127.0.0.1:0'], origin: '--listen' },
    { path: ['log', 'level'], value: 'debug', origin: '--log-level' },
  ]);
  assert.ok(loaded.type === 'config');
  assert.deepEqual(loaded.config.listen, [{ protocol: 'tcp', host: '127.0.0.1', port: 0 }]);
  assert.deepEqual(loaded.config.log, { level: 'debug', format: 'json' });
  assert.equal(loaded.originOf(['listen']), '--listen');
  assert.equal(loaded.originOf(['domains']), 'strowger.yaml');
  assert.equal(loaded.originOf(['log', 'format']), 'strowger.yaml');
  assert.equal(loaded.originOf(['log', 'level']), '--log-level');
  assert.equal(loaded.originOf(['auth']), undefined);

  const refused = loadConfig(file, 'strowger.yaml', [{ path: ['listen'], value: ['udp:5060'], origin: '--listen' }]);
  assert.ok(refused.type === 'faults');
  assert.deepEqual(refused.faults.map(printFault), [
    '--listen: found "udp:5060", expected a listening address such as udp:0.0.0.0:5060 or tcp:[::1]:5060; for every address write udp:0.0.0.0:5060.',
  ]);
});

test('an override of one setting does not hide that the file is wrong about the mapping around it', () => {
  const loaded = loadConfig('log: debug', 'strowger.yaml', [
    { path: ['log', 'level'], value: 'info', origin: '--log-level' },
  ]);
  assert.ok(loaded.type === 'faults');
  assert.deepEqual(
    loaded.faults.map(({ path, line }) => [path, line]),
    [[['log'], 1]],
  );
});

test('a text of YAML with any values gives a configuration or faults that keep the house form, never a throw', () => {
  const key = fc.constantFrom(
    'domains',
    'listen',
    'data',
    'auth',
    'users',
    'trusted',
    'registrar',
    'proxy',
    'redirect',
    'advertise',
    'log',
    'name',
    'password',
    'domain',
    'fork',
    'timerC',
    'stateless',
    'recurse',
    'maxExpires',
    'level',
    '__proto__',
  );
  const word = fc.constantFrom('a.test', 'udp:0.0.0.0:5060', '10.0.0.0/8', 'none', 'serial', 'json', 'alice', '');
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      word,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(key, tree), (value) => {
      const loaded: Loaded = loadConfig(JSON.stringify(value), 'f');
      if (loaded.type === 'config') return;
      for (const fault of loaded.faults) {
        assert.ok(fault.line >= 1 && fault.column >= 1);
        assert.doesNotMatch(fault.expected, /^(?:Invalid|Too|Unrecognized|Required)/);
        assert.match(printFault(fault), /^f:1:\d+: .*expected .+[.?!]$/);
      }
    }),
    { numRuns: 200 },
  );
});

test('any text at all gives a configuration or faults, never a throw', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '\n',
      ': ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&a ',
      '*a',
      '!!str ',
      '"',
      "'",
      '|\n',
      '---\n',
      '%YAML',
      'users',
      'listen',
      '<<',
      '?',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const loaded = loadConfig(pieces.join(''), 'f');
      if (loaded.type === 'faults') assert.ok(loaded.faults.length > 0);
    }),
    { numRuns: 1000 },
  );
});
