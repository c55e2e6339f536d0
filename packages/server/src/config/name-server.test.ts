import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from './load.ts';
import { parseNameServer } from './name-server.ts';

test('a name server is an address with or without a port', () => {
  for (const text of ['192.0.2.1', '192.0.2.1:5353', '2001:db8::1', '[2001:db8::1]', '[::1]:53'])
    assert.deepEqual(parseNameServer(text), { value: text });
});

test('a name is refused, and so are ports that are none', () => {
  for (const text of [
    '',
    'ns.example',
    '192.0.2.1:',
    '192.0.2.1:0',
    '192.0.2.1:65536',
    '[192.0.2.1]:53',
    '2001:db8::1]:5',
  ])
    assert.ok('expected' in parseNameServer(text), text);
});

test('the configuration takes name servers, and none means those of the system', () => {
  const loaded = loadConfig('dns: { servers: [127.0.0.1:5353] }', 'strowger.yaml');
  assert.deepEqual(loaded.type === 'config' && loaded.config.dns.servers, ['127.0.0.1:5353']);
  const empty = loadConfig('domains: [example.com]', 'strowger.yaml');
  assert.deepEqual(empty.type === 'config' && empty.config.dns.servers, []);
});
