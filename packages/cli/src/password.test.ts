import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeIo, type FakeWorld } from './io-fake.ts';
import { createPassword, newPassword } from './password.ts';

const random = { uint32: () => 0xffff_ffff };

test('a made password has five groups of two syllables', () => {
  assert.equal(createPassword(random), 'zozo-zozo-zozo-zozo-zozo');
  assert.equal(createPassword({ uint32: () => 0 }), 'baba-baba-baba-baba-baba');
});

test('every one of its 60 bits counts', () => {
  const made = new Set<string>();
  for (let bit = 0; bit < 60; bit += 1) {
    const draws = [0, 0];
    draws[bit < 30 ? 0 : 1] = (1 << (bit % 30)) >>> 0;
    made.add(createPassword({ uint32: () => draws.shift() ?? 0 }));
  }
  assert.equal(made.size, 60);
});

const from = (world: FakeWorld, kind: 'stdin' | 'person'): ReturnType<typeof newPassword> =>
  newPassword(createFakeIo(world), kind, random);

test('from standard input comes the first line, whatever ends it', async () => {
  for (const input of ['pä ss\n', 'pä ss\r\nmore', 'pä ss'])
    assert.deepEqual(await from({ input }, 'stdin'), { text: 'pä ss', origin: 'given' });
  await assert.rejects(from({ input: '\nx' }, 'stdin'), { name: 'CommandFault' });
});

test('without a terminal it is made up', async () => {
  assert.deepEqual(await from({}, 'person'), { text: 'zozo-zozo-zozo-zozo-zozo', origin: 'made' });
});

test('a person is asked twice, and again where the two differ', async () => {
  const io = createFakeIo({ isTerminal: true, answers: ['one', 'two', 'three', 'three'] });
  assert.deepEqual(await newPassword(io, 'person', random), { text: 'three', origin: 'given' });
  assert.equal(io.errLines.filter((line) => line === 'The two are not the same.').length, 1);
  const answers = ['1', '2', '1', '2', '1', '2'];
  await assert.rejects(from({ isTerminal: true, answers }, 'person'), /not given twice the same/);
});

test('an empty answer of a person has one made up', async () => {
  const { origin } = await from({ isTerminal: true, answers: [''] }, 'person');
  assert.equal(origin, 'made');
});
