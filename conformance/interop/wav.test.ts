import assert from 'node:assert/strict';
import { test } from 'node:test';
import { likeness, melody, parseWav, printWav, type Sound, tone, toneShare } from './wav.ts';

const mixed = (one: Sound, other: Sound): Sound => ({
  samplesPerSecond: one.samplesPerSecond,
  samples: one.samples.map((sample, index) => (sample + (other.samples[index] ?? 0)) / 2),
});
const delayed = ({ samplesPerSecond, samples }: Sound, count: number): Sound => {
  const late = new Float64Array(samples.length + count);
  late.set(samples, count);
  return { samplesPerSecond, samples: late };
};

test('a sound that is printed and parsed is the same sound', () => {
  const sound = melody(1);
  const again = parseWav(printWav(sound));
  assert.equal(again.samplesPerSecond, 8000);
  assert.equal(again.samples.length, sound.samples.length);
  for (const [index, sample] of again.samples.entries())
    assert.ok(Math.abs(sample - (sound.samples[index] ?? 9)) < 1e-4);
});

test('a file whose size was not written yet is read to its end', () => {
  const bytes = printWav(tone(440, 1));
  Buffer.from(bytes.buffer).writeUInt32LE(0, 40);
  assert.equal(parseWav(bytes).samples.length, 8000);
});

test('the share of a tone is 1 of itself, a half of a mixture, and 0 of another tone or of silence', () => {
  const [a, c] = [tone(440, 2), tone(523, 2)];
  assert.ok(toneShare(a, 440) > 0.99);
  assert.ok(Math.abs(toneShare(mixed(a, c), 440) - 0.5) < 0.05);
  assert.ok(toneShare(c, 440) < 0.02);
  assert.equal(toneShare({ samplesPerSecond: 8000, samples: new Float64Array(8000) }, 440), 0);
});

test('a sound is like itself however late it comes, and unlike a tone or another part of itself', () => {
  const sound = melody(3);
  assert.ok(likeness(sound, delayed(sound, 777)) > 0.99);
  assert.ok(likeness(sound, tone(440, 3)) < 0.5);
  assert.ok(likeness(sound, { ...sound, samples: sound.samples.subarray(14_000) }) < 0.5);
});
