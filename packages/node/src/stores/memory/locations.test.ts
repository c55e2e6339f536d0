import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Binding, Located } from '@strowger/sip/roles/registrar';
import { createMemoryStore } from './store.ts';

test('a stored binding does not keep the message alive that its texts were cut from', async () => {
  const { locations } = createMemoryStore();
  const before = heapBytes();
  for (let i = 0; i < MESSAGES; i += 1) {
    const message = `user-number-${i};${'x'.repeat(MESSAGE_CHARACTERS)}`;
    locations.save(message.slice(0, 20), [cutFrom(message)], 0);
  }
  const grown = heapBytes() - before;
  assert.equal((await listed(locations.entries(NOW))).length, MESSAGES);
  assert.ok(grown < (MESSAGES * MESSAGE_CHARACTERS) / 10, `${grown} bytes more`);
});

function cutFrom(message: string): Binding {
  const text = message.slice(0, 30);
  return {
    key: message.slice(0, 40),
    contact: text,
    params: message.slice(3, 50),
    q: undefined,
    callId: message.slice(5, 50),
    cseq: 1,
    expiresAt: NOW + 1000,
    registeredAt: NOW,
    updatedAt: NOW,
    path: [message.slice(7, 50)],
    flow: {
      local: { protocol: 'udp', host: '192.0.2.1', port: 5060 },
      host: message.slice(2, 30),
      port: 5060,
      connection: 0,
    },
    reach: 'flow',
    instance: message.slice(4, 50),
    regId: undefined,
    gruusSince: undefined,
    userAgent: message.slice(6, 50),
  };
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

async function listed(entries: Iterable<Located> | AsyncIterable<Located>): Promise<readonly Located[]> {
  const found = [];
  for await (const located of entries) found.push(located);
  return found;
}

const MESSAGES = 200;
const MESSAGE_CHARACTERS = 200_000;
const NOW = 1_764_000_000_000;
