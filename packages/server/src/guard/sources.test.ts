import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Source } from './source.ts';
import { PROVED, Sources, STRANGER, UNKNOWN } from './sources.ts';

const at = (text: string): Source => {
  const source = new Source();
  assert.ok(source.read(text));
  return source;
};
const nth = (n: number): Source => at(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);

test('a source keeps its slot and what is written there', () => {
  const sources = new Sources(64, 7);
  const slot = sources.slotOf(at('192.0.2.1'), 0);
  assert.equal(sources.standingOf(slot), UNKNOWN);
  sources.setStanding(slot, STRANGER);
  sources.points[slot] = 5;
  assert.equal(sources.slotOf(at('192.0.2.1'), 1), slot);
  assert.equal(sources.points[slot], 5);
  assert.notEqual(sources.slotOf(at('192.0.2.2'), 1), slot);
  assert.notEqual(sources.slotOf(at('2001:db8::1'), 1), slot);
});

test('a full table forgets who was quiet for longest, and nothing of him is left for his successor', () => {
  const sources = new Sources(8, 7);
  for (let i = 0; i < 8; i += 1) sources.points[sources.slotOf(nth(i), i)] = 9;
  sources.slotOf(nth(0), 8);
  const slot = sources.slotOf(nth(100), 9);
  assert.equal(sources.points[slot], 0);
  assert.equal(sources.points[sources.slotOf(nth(0), 10)], 9);
  assert.equal(sources.points[sources.slotOf(nth(1), 11)], 0);
});

test('made-up addresses without end drive out one another, not who has proved something', () => {
  const sources = new Sources(64, 7);
  const known = at('192.0.2.1');
  sources.setStanding(sources.slotOf(known, 0), PROVED);
  for (let i = 0; i < 10_000; i += 1) sources.setStanding(sources.slotOf(nth(i), i), STRANGER);
  assert.equal(sources.standingOf(sources.slotOf(known, 10_000)), PROVED);
});

test('the addresses of a network spread over the whole table', () => {
  const sources = new Sources(8192, 12345);
  const slots = new Set<number>();
  for (let i = 0; i < 4096; i += 1) slots.add(sources.slotOf(nth(i), i));
  assert.ok(slots.size > 4000, `${slots.size}`);
});
