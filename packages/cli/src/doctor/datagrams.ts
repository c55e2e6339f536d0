import type { Config } from '../server-config.ts';
import { type Finding, note, ok } from './finding.ts';
import type { Machine } from './machine.ts';
import { printBytes } from './quantity.ts';

/** How UDP is read and written. */
export async function datagramFinding(
  { datagrams }: Pick<Machine, 'datagrams'>,
  wanted: Config['datagrams'],
): Promise<Finding> {
  if (wanted === 'single')
    return note('datagrams', 'one by one, because the configuration says datagrams: single', 'Leave that line out.');
  const support = await datagrams();
  if (support.type === 'batched')
    return ok('datagrams', `batched (${support.by}: up to 64 with one system call; the self-test passed)`);
  const advice = 'UDP works, and takes more of the processor; on Linux the optional package koffi gives batches.';
  return note('datagrams', `one by one, because ${support.why.replace(/\.$/, '')}`, advice);
}

/** What Linux gives of the buffers that every UDP socket of the server asks for. */
export async function bufferFinding(machine: Pick<Machine, 'platform' | 'readFile'>): Promise<readonly Finding[]> {
  if (machine.platform !== 'linux') return [];
  const limits = await Promise.all(LIMITS.map(async (name) => ({ name, bytes: await limitOf(name, machine) })));
  const unknown = limits.find(({ bytes }) => bytes === undefined);
  if (unknown !== undefined) return [note('socket buffers', `the system does not say ${unknown.name}`)];
  const small = limits.filter(({ bytes = 0 }) => bytes < WANTED_BYTES);
  if (small.length === 0) return [ok('socket buffers', `${printBytes(WANTED_BYTES)}, as the server asks for`)];
  const shown = small.map(({ name, bytes = 0 }) => `${name} is ${printBytes(bytes)}`).join(', ');
  const found = `${shown}, and the server asks for ${printBytes(WANTED_BYTES)}`;
  const lines = small.map(({ name }) => `${name}=${WANTED_BYTES}`).join(' ');
  return [note('socket buffers', found, `Datagrams are lost in a rush: sysctl -w ${lines}`)];
}

/** `net.core.rmem_max` is `/proc/sys/net/core/rmem_max`. */
async function limitOf(name: string, { readFile }: Pick<Machine, 'readFile'>): Promise<number | undefined> {
  try {
    const bytes = Number.parseInt(await readFile(`/proc/sys/${name.replaceAll('.', '/')}`), 10);
    return Number.isNaN(bytes) ? undefined : bytes;
  } catch {
    return undefined; // In a network of its own a container may not see it.
  }
}

const LIMITS = ['net.core.rmem_max', 'net.core.wmem_max'];
const WANTED_BYTES = 4 * 2 ** 20;
