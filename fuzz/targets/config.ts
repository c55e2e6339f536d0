import assert from 'node:assert/strict';
import {
  anyContains,
  contains,
  isRefusal,
  loadConfig,
  parseAdvertised,
  parseDomain,
  parseListen,
  parseNetwork,
  printFault,
  printListen,
} from '@strowger/server';
import { fromBinary } from '@strowger/sip/text';
import { corpusOf } from '../corpus.ts';
import type { Target } from '../target.ts';
import { URI_WORDS } from '../words.ts';

/** The short values of a configuration: read, or refused with an expectation. */
export const networks: Target = {
  name: 'networks',
  share: 5,
  seeds: [
    ...['10.0.0.0/8', '2001:db8::/32', '::ffff:192.0.2.0/120', '192.0.2.1', '::', 'udp:0.0.0.0:5060', 'tcp:[::1]:0'],
    ...[
      '203.0.113.5',
      'sip.example.com:5060',
      '[2001:db8::1]:5061',
      'example.com',
      'xn--bcher-kva.example',
      ...corpusOf('networks').values(),
    ],
  ],
  words: [
    ...URI_WORDS,
    '/',
    '/32',
    '/129',
    '/0',
    'udp:',
    'tcp:',
    'tls:',
    '%eth0',
    '0.0.0.0',
    '255.255.255.255',
    '::',
    ':',
  ],
  check: (input) => {
    const text = fromBinary(input);
    const network = parseNetwork(text);
    if (isRefusal(network)) assert.ok(network.expected !== '');
    else assert.ok(contains(network.value, text.split('/')[0] ?? ''), 'a network holds its own address');
    anyContains(isRefusal(network) ? [] : [network.value], text);
    const listen = parseListen(text);
    if (!isRefusal(listen)) assert.deepEqual(parseListen(printListen(listen.value)), listen);
    for (const parse of [parseDomain, parseAdvertised]) assert.ok(parse(text) !== undefined);
  },
};

/** Whole configuration files: a configuration, or faults that can be printed. */
export const configuration: Target = {
  name: 'configuration',
  share: 1,
  seeds: [
    'domains: [example.com]\nlisten:\n  - udp:0.0.0.0:5060\n  - tcp:[::]:5060\nusers:\n  - { name: alice, password: "x" }\ntrusted: [10.0.0.0/8]\n',
    'proxy:\n  recordRoute: false\n  timerC: 300\nregistrar: { minExpires: 60, maxExpires: 3600 }\nauth: none\nadvertise: 203.0.113.5\nlog: { level: debug }\n',
    ...corpusOf('configuration').values(),
  ],
  words: [
    '\n',
    '  ',
    '- ',
    ': ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '&a',
    '*a',
    '!!binary',
    '|',
    '>',
    '#',
    '~',
    'null',
    'true',
    '---\n',
    ...['- ', '? ', '[', '{a: ', 'a: ', '[? '].map((part) => part.repeat(1_000)),
    ...URI_WORDS,
  ],
  check: (input) => {
    const from = performance.now();
    const loaded = loadConfig(fromBinary(input), 'strowger.yaml');
    assert.ok(performance.now() - from < LOADING_MS, 'it takes too long');
    if (loaded.type === 'faults')
      for (const fault of loaded.faults) assert.ok(printFault(fault) !== '' && fault.line >= 0);
  },
};

/** Much more than any input may need, so that a busy machine is no finding. */
const LOADING_MS = 3_000;
