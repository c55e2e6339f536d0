import { type Finding, findingOf, note, ok } from './finding.ts';
import type { Machine } from './machine.ts';
import { printBytes, printCount } from './quantity.ts';

/** What runs the program. */
export function nodeFinding({ versions, program }: Pick<Machine, 'versions' | 'program'>): Finding {
  const { node = 'unknown', v8 = 'unknown', uv = 'unknown', openssl = 'unknown' } = versions;
  const found = `${node} (V8 ${v8}, libuv ${uv}, OpenSSL ${openssl}) at ${program}`;
  if (Number.parseInt(node, 10) >= OLDEST_NODE) return ok('Node', found);
  return findingOf('Node', 'fault', `${found} is older than ${OLDEST_NODE}. Install a newer one from nodejs.org.`);
}

/** Messages are worked on by one core; what the others are for is told where there are none. */
export function coresFinding({ cores }: Pick<Machine, 'cores'>): Finding {
  if (cores > 1) return ok('processor', `${cores} cores`);
  const advice = 'With a second one garbage is collected beside the work on messages, not in between.';
  return note('processor', '1 core', advice);
}

/** What there is, or what a container leaves of it. */
export function memoryFinding(machine: Pick<Machine, 'memoryBytes' | 'allowedBytes' | 'heapBytes'>): Finding {
  const { memoryBytes, allowedBytes, heapBytes } = machine;
  const isLimited = allowedBytes > 0 && allowedBytes < memoryBytes;
  const bytes = isLimited ? allowedBytes : memoryBytes;
  const whole = isLimited
    ? `${printBytes(bytes)} of the ${printBytes(memoryBytes)} of this machine, by its limit`
    : printBytes(bytes);
  const found = `${whole}; Node takes up to ${printBytes(heapBytes)} for values`;
  if (bytes < LITTLE_MEMORY)
    return note('memory', found, 'The server alone takes more than 100 MiB: give it 512 MiB or more.');
  if (heapBytes > bytes)
    return note('memory', found, 'That is more than there is: set NODE_OPTIONS=--max-old-space-size to less (in MiB).');
  return ok('memory', found);
}

/** Each phone over TCP, TLS or WebSocket is an open file. */
export function openFilesFinding({ openFiles }: Pick<Machine, 'openFiles'>): readonly Finding[] {
  if (openFiles === undefined) return [];
  const found = openFiles === Number.POSITIVE_INFINITY ? 'as many as there are' : printCount(openFiles);
  if (openFiles >= ENOUGH_FILES) return [ok('open files', found)];
  const why = `${found}, and every phone over TCP, TLS or WebSocket takes one`;
  const advice = 'For many of them: ulimit -n 1048576, or LimitNOFILE=1048576 in the unit of systemd.';
  return [note('open files', why, advice)];
}

const OLDEST_NODE = 24;
const LITTLE_MEMORY = 256 * 2 ** 20;
const ENOUGH_FILES = 65_536;
