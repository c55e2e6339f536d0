import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from 'dns-packet';
import fc from 'fast-check';
import { readReply, writeQuestion } from './wire.ts';

const SENT = { id: 7, name: 'a.example', type: 'A' } as const;
const RESPONSE = 0x8180;

test('no bytes make the reader throw, and what is no answer is passed over', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const head = [0, 7, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
      for (const packet of [Buffer.from(bytes), Buffer.from([...head, ...bytes])])
        assert.equal(typeof readReply(packet, SENT).type, 'string');
    }),
  );
});

test('an answer with one byte changed never throws', () => {
  const packet = encode({
    type: 'response',
    id: 7,
    flags: RESPONSE,
    questions: [{ type: 'A', name: 'a.example' }],
    answers: [
      { type: 'CNAME', name: 'a.example', ttl: 9, data: 'b.example' },
      { type: 'A', name: 'b.example', ttl: 9, data: '192.0.2.1' },
    ],
  });
  assert.deepEqual(readReply(packet, SENT), {
    type: 'answer',
    answer: { type: 'records', records: ['192.0.2.1'] },
    ttlSeconds: 9,
  });
  for (let at = 0; at < packet.length; at += 1)
    for (const value of [0, 1, 0x3f, 0xc0, 0xff]) {
      const changed = Buffer.from(packet);
      changed[at] = value;
      readReply(changed, SENT);
    }
});

test('a message that announces hundreds of records is not read', () => {
  const packet = Buffer.alloc(12);
  packet.writeUInt16BE(7, 0);
  packet.writeUInt16BE(RESPONSE, 2);
  packet.writeUInt16BE(65_535, 6);
  assert.deepEqual(readReply(packet, SENT), { type: 'foreign' });
});

test('a message whose end cuts an address off is not read', () => {
  for (const [type, data] of [
    ['A', '192.0.2.1'],
    ['AAAA', '2001:db8::1'],
  ] as const) {
    const packet = encode({
      type: 'response',
      id: 7,
      flags: RESPONSE,
      questions: [{ type, name: 'a.example' }],
      answers: [{ type, name: 'a.example', ttl: 9, data }],
    });
    for (let bytes = 1; bytes < 4; bytes += 1) {
      const reply = readReply(packet.subarray(0, packet.length - bytes), { ...SENT, type });
      assert.deepEqual(reply, { type: 'foreign' }, type);
    }
  }
});

test('a question is no answer, even with our number', () => {
  assert.deepEqual(readReply(writeQuestion(SENT, 'with EDNS'), SENT), { type: 'foreign' });
});

test('records of other names in the answer are not ours', () => {
  const packet = encode({
    type: 'response',
    id: 7,
    flags: RESPONSE,
    questions: [{ type: 'A', name: 'A.Example' }],
    answers: [{ type: 'A', name: 'evil.example', ttl: 9, data: '203.0.113.66' }],
  });
  assert.deepEqual(readReply(packet, SENT), {
    type: 'answer',
    answer: { type: 'none', why: 'nodata' },
    ttlSeconds: 10,
  });
});
