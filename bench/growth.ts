import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createMemoryStore, openSqliteStore, type Store } from '@strowger/node/stores';
import { type Figure, remember } from './history.ts';
import { aorOf, bindingOf, HOUR, NOW } from './registration.ts';

/**
 * What bindings cost as they become many: CPU of a registration (`load` and `save`, ten to a turn of the loop) and of a look-up, bytes
 * of heap and process for each, the time to restore them from the file, and the longest turn of the loop while all expire at once.
 * `node bench/growth.ts [--only memory,sqlite,power] [--sizes 1000,10000,100000,1000000] [--no-history]`.
 */
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: 'memory,sqlite,power' },
    sizes: { type: 'string', default: '1000,10000,100000,1000000' },
    'no-history': { type: 'boolean', default: false },
    child: { type: 'string' },
    folder: { type: 'string', default: '' },
  },
});
const A_TURN = 10;
const A_CHUNK = 1000;
const MOST_TRIED = 200_000;
/** Prime, so that users are met in no order. */
const STRIDE = 7919;

if (flags.child === undefined) runAll();
else if (flags.child === 'restore') await restore(Number(flags.sizes));
else await grow(flags.child, Number(flags.sizes));

/** Each size in processes of its own, so that none inherits a heap. */
function runAll(): void {
  const figures: Figure[] = [];
  for (const name of flags.only.split(','))
    for (const size of flags.sizes.split(',')) {
      const folder = mkdtempSync(join(tmpdir(), 'strowger-growth-'));
      try {
        const found = childOf(name, size, folder);
        if (name !== 'memory') Object.assign(found, childOf('restore', size, folder));
        const cells = Object.entries(found).map(([key, value]) => `${key} ${value.toFixed(2)}`);
        console.log(`${name.padEnd(7)} ${size.padStart(8)}: ${cells.join(', ')}`);
        for (const [key, value] of Object.entries(found)) {
          const [what = '', unit = ''] = key.split('/');
          figures.push({ benchmark: `bindings ${size} ${what}`, subject: name, value, unit, ratio: undefined });
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  if (!flags['no-history']) remember(figures);
}

function childOf(child: string, size: string, folder: string): Record<string, number> {
  const args = ['--expose-gc', import.meta.filename, '--child', child, '--sizes', size, '--folder', folder];
  const { stdout, status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`${child} with ${size} bindings ended with ${status}`);
  const found: unknown = JSON.parse(stdout.toString());
  return Object.fromEntries(Object.entries(Object(found)).map(([key, value]) => [key, Number(value)]));
}

async function grow(name: string, size: number): Promise<void> {
  const store = storeOf(name);
  await register(store, 0, 1, 100, 1); // what is set up once
  const before = bytesNow();
  const tried = Math.min(size, MOST_TRIED);
  const added = await register(store, 100, 1, size, 1);
  const refreshed = await register(store, 100, STRIDE, Math.max(tried, 20_000), 2, size);
  const start = process.cpuUsage();
  for (let i = 0; i < MOST_TRIED; i += 1) store.locations.lookup(aorOf(100 + ((i * STRIDE) % size)), NOW);
  const lookup = microsecondsSince(start) / MOST_TRIED;
  const after = bytesNow();
  const kept = { 'heap/bytes': (after.heap - before.heap) / size, 'process/bytes': (after.rss - before.rss) / size };
  const stall = name === 'memory' ? { 'expiry stall/ms': await stallOf(store) } : {};
  store.close();
  console.log(JSON.stringify({ 'new/us': added, 'refresh/us': refreshed, 'lookup/us': lookup, ...kept, ...stall }));
  process.exit(0);
}

/** CPU microseconds of each of `count` registrations, of users a stride apart; making the bindings is not counted. */
async function register(store: Store, first: number, stride: number, count: number, cseq: number, modulus = count) {
  let microseconds = 0;
  for (let i = 0; i < count; i += A_CHUNK) {
    const chunk = [];
    for (let j = i; j < Math.min(i + A_CHUNK, count); j += 1) {
      const user = first + ((j * stride) % modulus);
      chunk.push({ aor: aorOf(user), binding: bindingOf(user, cseq + j) });
    }
    const start = process.cpuUsage();
    for (let j = 0; j < chunk.length; j += A_TURN) {
      const saves = [];
      for (const { aor, binding } of chunk.slice(j, j + A_TURN)) {
        const loaded = store.locations.load(aor, NOW);
        const { version } = loaded instanceof Promise ? await loaded : loaded;
        saves.push(store.locations.save(aor, [binding], version));
      }
      if (!(await Promise.all(saves)).every(Boolean)) throw new Error('a registration was not saved');
    }
    microseconds += microsecondsSince(start);
  }
  return microseconds / count;
}

/** The longest turn of the loop in milliseconds while everything expires in slices, as the server does it. */
async function stallOf({ locations }: Store): Promise<number> {
  let [longest, last] = [0, performance.now()];
  for (let gone = 500; gone === 500; ) {
    gone = (await locations.expire(NOW + 10 * HOUR, 500)).length;
    await new Promise(setImmediate);
    const at = performance.now();
    [longest, last] = [Math.max(longest, at - last), at];
  }
  return longest;
}

/** Opening the file until the first look-up is answered. */
async function restore(size: number): Promise<void> {
  const before = bytesNow();
  const start = performance.now();
  const store = storeOf('sqlite');
  const found = await store.locations.lookup(aorOf(100 + (size >> 1)), NOW);
  const ms = performance.now() - start;
  if (found.length !== 1) throw new Error('a binding was not restored');
  const after = bytesNow();
  const bytes = (after.rss - before.rss) / size;
  const stall = await stallOf(store);
  console.log(JSON.stringify({ 'restore/ms': ms, 'restored process/bytes': bytes, 'expiry stall/ms': stall }));
  process.exit(0);
}

function storeOf(name: string): Store {
  return name === 'memory'
    ? createMemoryStore()
    : openSqliteStore(join(flags.folder, 'strowger.db'), { durability: name === 'power' ? 'power' : 'process' });
}

function bytesNow(): { readonly heap: number; readonly rss: number } {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

function microsecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}
