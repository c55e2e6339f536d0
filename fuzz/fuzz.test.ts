import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerTable } from '@strowger/sip/message';
import { corpusOf } from './corpus.ts';
import { replayEngine, runBatch } from './engine-fuzz.ts';
import { shrink } from './mutator.ts';
import { HEADER_SAMPLES } from './samples.ts';
import { replay, runTarget, type Target } from './target.ts';
import { targets } from './targets.ts';

for (const target of targets) {
  test(`what was kept for ${target.name} breaks nothing any more`, () => {
    for (const [file, input] of corpusOf(target.name)) assert.equal(replay(target, input), undefined, file);
  });

  test(`${target.name} holds its invariants for fresh inputs`, () => {
    const { findings } = runTarget(target, target.share * INPUTS_PER_SHARE, SEED);
    assert.deepEqual(findings, []);
  });
}

test('what was kept for the engine breaks nothing any more', async () => {
  for (const [file, input] of corpusOf('engine')) assert.equal(await replayEngine(input), undefined, file);
});

test('servers that broken messages were thrown at have seen no error and hold nothing when all time has passed', async () => {
  for (let batch = 0; batch < 6; batch += 1) assert.equal(await runBatch(40, SEED, batch), undefined, `batch ${batch}`);
});

test('every header field of the table has a sample, and every sample is a value', () => {
  for (const def of headerTable) {
    const samples = HEADER_SAMPLES[def.name] ?? assert.fail(`${def.name} has no sample`);
    for (const sample of samples) assert.doesNotThrow(() => def.decode(sample), `${def.name}: ${sample}`);
  }
});

test('a broken invariant is found, told once, and its input made small', () => {
  const target: Target = {
    name: 'broken',
    share: 1,
    seeds: ['a long text with an x in it'],
    words: ['x', 'y'],
    check: (input) => assert.ok(!input.includes('x')),
  };
  const { findings } = runTarget(target, 500, SEED);
  assert.deepEqual(
    findings.map(({ target, input }) => [target, input]),
    [['broken', 'x']],
  );
  assert.equal(
    shrink('aaxaayaa', (text) => text.includes('x') && text.includes('y')),
    'xy',
  );
});

/** Another one than that of the long runs. */
const SEED = 20_260_101;
/** Twenty thousand inputs in all. */
const INPUTS_PER_SHARE = 200;
