import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** Names and addresses of the machine's own table (`/etc/hosts`), lower case, in the order of the file. */
export type HostTable = ReadonlyMap<string, readonly string[]>;

/** Reads one line a time: an address, then its names; `#` starts a comment. Lines that say something else are passed over. */
export function parseHostTable(text: string): HostTable {
  const table = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of names) {
      const known = table.get(name.toLowerCase());
      if (known === undefined) table.set(name.toLowerCase(), [address]);
      else if (!known.includes(address)) known.push(address);
    }
  }
  return table;
}

/** The text of the machine's table; empty where there is none. */
export async function readHostTable(): Promise<string> {
  try {
    return await readFile(process.platform === 'win32' ? WINDOWS_PATH : '/etc/hosts', 'utf8');
  } catch {
    return ''; // A machine without the file has no names of its own.
  }
}

const WINDOWS_PATH = 'C:\\Windows\\System32\\drivers\\etc\\hosts';
