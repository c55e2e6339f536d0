import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHostTable, readHostTable } from './host-table.ts';

test('a host table gives every name its addresses in the order of the file', () => {
  const table = parseHostTable(
    [
      '# comment',
      '127.0.0.1\tlocalhost',
      '192.0.2.1   Proxy.Example proxy # the old one',
      '2001:db8::1 proxy.example',
      '192.0.2.1 proxy',
    ].join('\r\n'),
  );
  assert.deepEqual(table.get('proxy.example'), ['192.0.2.1', '2001:db8::1']);
  assert.deepEqual(table.get('proxy'), ['192.0.2.1']);
  assert.equal(table.get('#'), undefined);
});

test('lines that are not an address and names are passed over', () => {
  const table = parseHostTable('nonsense line\n\n999.1.1.1 bad\n192.0.2.1\n#192.0.2.2 off\n192.0.2.3 on');
  assert.deepEqual([...table], [['on', ['192.0.2.3']]]);
});

test('the table of this machine can be read', async () => {
  assert.equal(typeof (await readHostTable()), 'string');
});
