import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from './nearest.ts';

test('a word with a slip finds the word that was meant', () => {
  const keys = ['recordRoute', 'timerC', 'stateless', 'fork', 'recurse'];
  assert.equal(nearest('record_route', keys), 'recordRoute');
  assert.equal(nearest('RECORD-ROUTE', keys), 'recordRoute');
  assert.equal(nearest('timerc', keys), 'timerC');
  assert.equal(nearest('sateless', keys), 'stateless');
  assert.equal(nearest('frok', keys), 'fork');
  assert.equal(nearest('recursse', keys), 'recurse');
});

test('a word unlike all others finds none', () => {
  assert.equal(nearest('zebra', ['domains', 'listen']), undefined);
  assert.equal(nearest('', ['domains']), undefined);
  assert.equal(nearest('x', []), undefined);
});

test('the closest word wins, and the first of equals', () => {
  assert.equal(nearest('minExpire', ['maxExpires', 'minExpires']), 'minExpires');
  assert.equal(nearest('bat', ['cat', 'rat']), 'cat');
});

test('a word of any length is compared quickly', () => {
  assert.equal(nearest('x'.repeat(1_000_000), ['domains']), undefined);
});
