import { closeSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite';
import { StoreFault } from '../faults.ts';
import { isOurFile, refuseLeftovers } from './file-header.ts';
import { MIGRATIONS, migrate, schemaVersionOf } from './schema.ts';

export interface OpenMode {
  /** `read`: nothing is ever written, the file must be there. */
  readonly access: 'read' | 'write';
  /** How long a lock of another process is waited for, with everything standing still. */
  readonly busyMs: number;
}

/**
 * Opens a store's file, or makes it. A file that is not ours, is damaged or comes from a newer version is left as it is.
 * @throws StoreFault
 */
export function openFile(file: string, mode: OpenMode): DatabaseSync {
  if (!isOurFile(file)) {
    if (mode.access === 'read') throw new StoreFault('NODE_E_STORE_MISSING', file, 'does not exist.');
    createFile(file);
  }
  const looked = guarded(file, { readOnly: true, timeout: mode.busyMs }, (db) => {
    requireVersion(db, file, mode);
    requireSound(db, file);
  });
  if (mode.access === 'read') return looked;
  looked.close(); // Which changes nothing, where a connection that may write tidies up as it leaves.
  return guarded(file, { timeout: mode.busyMs }, prepareForWriting);
}

/** The fault for what SQLite said, by its primary result code. */
export function openFaultOf(error: unknown, file: string): StoreFault {
  const result = resultCodeOf(error);
  if (result === BUSY || result === LOCKED) {
    return new StoreFault('NODE_E_STORE_LOCKED', file, 'is locked by another process; stop that one first.', error);
  }
  if (result === CORRUPT || result === NOT_A_DATABASE) return corrupt(file, String(error), error);
  return new StoreFault('NODE_E_STORE_UNREADABLE', file, `cannot be opened: ${String(error)}`, error);
}

function guarded(file: string, options: DatabaseSyncOptions, prepare: (db: DatabaseSync) => void): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, options);
    prepare(db);
    return db;
  } catch (error) {
    db?.close();
    throw error instanceof StoreFault ? error : openFaultOf(error, file);
  }
}

/**
 * Makes the file under another name and then gives it its own, so that what stands there is whole at every moment and
 * nothing that came there meanwhile is overwritten.
 */
function createFile(file: string): void {
  refuseLeftovers(file);
  const draft = `${file}.new-${process.pid}`;
  try {
    rmSync(draft, { force: true });
    closeSync(openSync(draft, 'wx', OWNER_ONLY));
    try {
      writeSchema(draft);
      giveName(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (error) {
    throw new StoreFault('NODE_E_STORE_UNREADABLE', file, `cannot be made: ${String(error)}`, error);
  }
}

/** In this order: what tells whose file it is must stand in the file itself, not in its log. */
function writeSchema(draft: string): void {
  const db = new DatabaseSync(draft);
  try {
    migrate(db);
    db.exec('VACUUM');
    db.exec('PRAGMA journal_mode = WAL');
  } finally {
    db.close();
  }
}

function giveName(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EEXIST') return; // Another process was quicker; its file is looked at like any other.
    if (code !== 'EPERM' && code !== 'ENOSYS' && code !== 'ENOTSUP') throw error;
    renameSync(draft, file); // A file system without hard links.
  }
}

function requireVersion(db: DatabaseSync, file: string, mode: OpenMode): void {
  const found = schemaVersionOf(db);
  const expected = MIGRATIONS.length;
  if (found > expected) {
    const sentence = `has schema version ${found}, this program knows ${expected}: a newer Strowger wrote it; use that one.`;
    throw new StoreFault('NODE_E_STORE_NEWER', file, sentence);
  }
  if (found < expected && mode.access === 'read') {
    const sentence = `has schema version ${found}, expected is ${expected}: start the server once, it brings the file up to date.`;
    throw new StoreFault('NODE_E_STORE_OLDER', file, sentence);
  }
}

/** Reads the whole file when that takes no longer than a blink; a large one shows its damage when it is met. */
function requireSound(db: DatabaseSync, file: string): void {
  if (statSync(file).size > CHECKED_BYTES) return;
  const found = db.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (found !== 'ok') throw corrupt(file, String(found));
}

/** The log is moved into the file by a thread (`LoopWriter`): waiting for the disk is nothing for the loop. */
function prepareForWriting(db: DatabaseSync): void {
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec('PRAGMA wal_autocheckpoint = 0');
  db.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
  migrate(db);
  db.exec('BEGIN IMMEDIATE; COMMIT'); // where another process writes, this tells it now
}

/** The connection of the thread that waits for the disk: each of its commits is on the disk when it is done. */
export function prepareThread(db: DatabaseSync): void {
  db.exec('PRAGMA synchronous = FULL');
  db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
}

const corrupt = (file: string, found: string, cause?: unknown): StoreFault =>
  new StoreFault(
    'NODE_E_STORE_CORRUPT',
    file,
    `is damaged: ${found.replace(/\s+/g, ' ')}. It was not changed; restore a copy.`,
    cause,
  );

function resultCodeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

/** SQLite primary result codes. */
const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** The digests in it are as good as passwords (RFC 7616 §5.2). SQLite gives its side files the same rights. */
const OWNER_ONLY = 0o600;

/** About 0.1 s. */
const CHECKED_BYTES = 64 * 2 ** 20;

/** Writing touches the two ends of the journal alone. */
const CACHE_KIB = 8 * 1024;
const CHECKPOINT_PAGES = 4000;
