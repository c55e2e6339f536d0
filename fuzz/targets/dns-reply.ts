import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { readReply } from '../../packages/node/src/dns/wire.ts';
import { decoder } from '../target.ts';

/** Whatever answers on the port of a name server: the records are of the type that was asked for, few, and not for ever. */
export const dnsReply = decoder('dns-reply', [], {
  words: [
    ...['\0', '\x01', '\x05', '\x06', '\x0c', '\x1c', '\x21', '\x23', '\x29', '\x3f', '\x40', '\x80', '\xff'],
    ...[
      '\xc0\x0c',
      '\xc0\x00',
      '\xc0\xff',
      '\xff\xff',
      '\x81\x80',
      '\x83\x80',
      '\x81\x83',
      '\0\x01\0\x01',
      '\0\x21\0\x01',
    ],
    ...[
      '\x01a\x07example\0',
      '\x01b\x07example\0',
      '\x04_sip\x04_udp',
      '\x00\x00\x00\x3c',
      '\x80\0\0\0',
      '\x00\x04\xc0\0\x02\x01',
    ],
    ...['\x07E2U+sip', '\x01s', '\x01u', '\x07SIP+D2U', '!^.*$!sip:a@b.example!'],
  ],
  decode: (input) => {
    const bytes = Buffer.from(input, 'latin1');
    for (const type of ['A', 'AAAA', 'SRV', 'NAPTR'] as const) {
      const reply = readReply(bytes, { id: bytes.length < 2 ? 0 : bytes.readUInt16BE(0), name: 'a.example', type });
      if (reply.type === 'foreign' || reply.type === 'truncated') continue;
      if (reply.type === 'fault') assert.ok(reply.text !== '');
      else assert.ok(reply.ttlSeconds >= 0 && reply.ttlSeconds < 2 ** 31, `a lifetime of ${reply.ttlSeconds}`);
      if (reply.type !== 'answer' || reply.answer.type !== 'records') continue;
      const { records } = reply.answer;
      assert.ok(records.length > 0 && records.length <= 100, `${records.length} records`);
      for (const record of records) assert.ok(isOf(type, record), `${type} ${JSON.stringify(record)}`);
    }
  },
});

function isOf(type: 'A' | 'AAAA' | 'SRV' | 'NAPTR', record: unknown): boolean {
  if (type === 'A' || type === 'AAAA') return typeof record === 'string' && isIP(record) === (type === 'A' ? 4 : 6);
  if (typeof record !== 'object' || record === null) return false;
  const kinds = Object.entries(type === 'SRV' ? SRV : NAPTR);
  return kinds.every(([name, kind]) => typeof Reflect.get(record, name) === kind);
}

const SRV = { priority: 'number', weight: 'number', port: 'number', target: 'string' };
const NAPTR = {
  ...{ order: 'number', preference: 'number' },
  ...{ flags: 'string', services: 'string', regexp: 'string', replacement: 'string' },
};
