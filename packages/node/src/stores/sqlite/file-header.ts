import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { StoreFault } from '../faults.ts';
import { APPLICATION_ID } from './schema.ts';

/**
 * Looks at a file without opening it as a database, which could already write beside it. True for one of ours, false where
 * there is none.
 * @throws StoreFault for a file that is not ours, or that cannot be read
 */
export function isOurFile(file: string): boolean {
  const header = readHeader(file);
  if (header === undefined) return false;
  const magic = header.toString('latin1', 0, MAGIC.length);
  if (header.length < HEADER_BYTES || magic !== MAGIC) {
    throw foreign(file, header.length === 0 ? 'it is empty' : `it begins with ${JSON.stringify(magic)}`);
  }
  const id = header.readUInt32BE(APPLICATION_ID_AT);
  if (id !== APPLICATION_ID) throw foreign(file, `it is an SQLite database with application id ${hex(id)}`);
  return true;
}

/** What an earlier database of this name left behind: SQLite would take it for the new one's. */
export function refuseLeftovers(file: string): void {
  for (const suffix of ['-wal', '-journal']) {
    if (!existsSync(file + suffix)) continue;
    throw new StoreFault(
      'NODE_E_STORE_CORRUPT',
      file,
      `is missing, but ${file}${suffix} of it is there: restore the database beside it, or delete that file too.`,
    );
  }
}

function readHeader(file: string): Buffer | undefined {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(HEADER_BYTES);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, HEADER_BYTES, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new StoreFault('NODE_E_STORE_UNREADABLE', file, `cannot be read: ${String(error)}`, error);
  }
}

const foreign = (file: string, found: string): StoreFault =>
  new StoreFault(
    'NODE_E_STORE_FOREIGN',
    file,
    `is not a Strowger store: ${found}; expected is an SQLite database with application id ${hex(APPLICATION_ID)}. It was not touched; name another file.`,
  );

const hex = (id: number): string => `0x${id.toString(16).padStart(8, '0')}`;

/** SQLite file format §1.3: the text at 0, the application id at 68. */
const MAGIC = 'SQLite format 3\0';
const APPLICATION_ID_AT = 68;
const HEADER_BYTES = 100;
