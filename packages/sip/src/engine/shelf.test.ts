import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Shelf } from './shelf.ts';

test('what is kept stays as it was, whatever happens to the memory that it came from', () => {
  const shelf = new Shelf();
  const source = new Uint8Array(700);
  const kept = Array.from({ length: 300 }, (_, i) => shelf.keep(source.fill(i % 256)));
  source.fill(255);
  kept.forEach((bytes, i) => {
    assert.equal(bytes.length, 700);
    assert.ok(
      bytes.every((byte) => byte === i % 256),
      `message ${i}`,
    );
  });
});

test('messages kept together share memory; a large one has its own and does not hold theirs', () => {
  const shelf = new Shelf();
  const [first, large, second] = [100, 60_000, 100].map((length) => shelf.keep(new Uint8Array(length)));
  assert.equal(first?.buffer, second?.buffer);
  assert.notEqual(large?.buffer, first?.buffer);
  assert.equal(large?.buffer.byteLength, 60_000);
  assert.equal(shelf.keep(new Uint8Array(0)).length, 0);
});
