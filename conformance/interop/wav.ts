import { readFileSync } from 'node:fs';

/** Sound as numbers from -1 to 1, one channel. */
export interface Sound {
  readonly samplesPerSecond: number;
  readonly samples: Float64Array;
}

/** A file of one channel with 16 bits a sample. */
export function printWav({ samples, samplesPerSecond }: Sound): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES + samples.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20); // PCM
  bytes.writeUInt16LE(1, 22); // channels
  bytes.writeUInt32LE(samplesPerSecond, 24);
  bytes.writeUInt32LE(samplesPerSecond * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length * 2, 40);
  for (const [index, sample] of samples.entries())
    bytes.writeInt16LE(Math.round(sample * 32_767), HEADER_BYTES + index * 2);
  return bytes;
}

/** Reads a file of 16 bits a sample; of several channels the first. @throws Error for anything else */
export function parseWav(bytes: Uint8Array): Sound {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.toString('latin1', 0, 4) !== 'RIFF') throw new Error('this is no RIFF file');
  let format = { channels: 1, samplesPerSecond: 8000 };
  for (let at = 12; at + 8 <= data.length; ) {
    const name = data.toString('latin1', at, at + 4);
    const size = data.readUInt32LE(at + 4);
    const start = at + 8;
    if (name === 'fmt ') {
      if (data.readUInt16LE(start + 14) !== 16) throw new Error('only 16 bits a sample are read');
      format = { channels: data.readUInt16LE(start + 2), samplesPerSecond: data.readUInt32LE(start + 4) };
    }
    if (name === 'data') {
      // A file that is still written has no size yet.
      const end = size === 0 || start + size > data.length ? data.length : start + size;
      const { channels, samplesPerSecond } = format;
      const samples = new Float64Array(Math.floor((end - start) / 2 / channels));
      for (let i = 0; i < samples.length; i += 1) samples[i] = data.readInt16LE(start + i * 2 * channels) / 32_768;
      return { samplesPerSecond, samples };
    }
    at = start + size + (size % 2);
  }
  throw new Error('there is no data in the file');
}

export const readWav = (path: string): Sound => parseWav(readFileSync(path));

export const tone = (hertz: number, seconds: number, samplesPerSecond = 8000): Sound => ({
  samplesPerSecond,
  samples: Float64Array.from(
    { length: seconds * samplesPerSecond },
    (_, index) => 0.5 * Math.sin((2 * Math.PI * hertz * index) / samplesPerSecond),
  ),
});

/** Five notes a second, in an order that comes again after 23 notes only, so that one can tell where in it one is. */
export function melody(seconds: number, samplesPerSecond = 8000): Sound {
  const noteLength = samplesPerSecond / 5;
  let phase = 0;
  const samples = Float64Array.from({ length: seconds * samplesPerSecond }, (_, index) => {
    const note = (Math.floor(index / noteLength) ** 3 * 7) % 23;
    phase += (2 * Math.PI * 300 * 2 ** (note / 12)) / samplesPerSecond;
    return 0.4 * Math.sin(phase);
  });
  return { samplesPerSecond, samples };
}

/** How much of what is heard has this frequency, 0 to 1: the mean over the fifths of a second that are not silent. */
export function toneShare({ samples, samplesPerSecond }: Sound, hertz: number): number {
  const length = Math.floor(samplesPerSecond / 5);
  const shares: number[] = [];
  for (let start = 0; start + length <= samples.length; start += length) {
    const part = samples.subarray(start, start + length);
    const energy = energyOf(part);
    if (energy / length > SILENCE) shares.push((2 * goertzel(part, hertz / samplesPerSecond)) / length / energy);
  }
  return shares.length === 0 ? 0 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** How alike the two sounds are where they are most alike, 0 to 1: one second of the reference looked for in the other. */
export function likeness(reference: Sound, other: Sound): number {
  const { samplesPerSecond } = reference;
  const sought = reference.samples.subarray(samplesPerSecond / 2, (samplesPerSecond * 3) / 2);
  const soughtEnergy = energyOf(sought);
  let best = 0;
  for (let start = 0; start + sought.length <= other.samples.length; start += 1) {
    const part = other.samples.subarray(start, start + sought.length);
    const energy = energyOf(part);
    if (energy / sought.length < SILENCE) continue;
    let product = 0;
    for (let i = 0; i < sought.length; i += 1) product += (sought[i] ?? 0) * (part[i] ?? 0);
    best = Math.max(best, product / Math.sqrt(soughtEnergy * energy));
  }
  return best;
}

function energyOf(samples: Float64Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum;
}

/** The energy at one frequency, given in cycles a sample, by Goertzel's recursion. */
function goertzel(samples: Float64Array, frequency: number): number {
  const w = 2 * Math.PI * frequency;
  const factor = 2 * Math.cos(w);
  let [last, before] = [0, 0];
  for (const sample of samples) {
    const now = sample + factor * last - before;
    before = last;
    last = now;
  }
  return last * last + before * before - factor * last * before;
}

const HEADER_BYTES = 44;
/** Mean energy of a sample; G.711 turns silence into a little noise. */
const SILENCE = 1e-4;
