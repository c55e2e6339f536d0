import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bansCompliance, locationsCompliance, usersCompliance } from '@strowger/testkit/suites';
import { createMemoryStore } from './memory/store.ts';
import { openSqliteStore } from './sqlite/store.ts';
import type { Store } from './store.ts';

interface Site extends Store {
  end(): void;
}

for (const [name, create] of [
  ['the memory store', memorySite],
  ['the SQLite store', sqliteSite],
] as const) {
  locationsCompliance({ name, create });
  usersCompliance({ name, create });
  bansCompliance({ name, create });
}

function memorySite(): Site {
  return { ...createMemoryStore(), end: () => {} };
}

function sqliteSite(): Site {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-store-'));
  const store = openSqliteStore(join(folder, 'strowger.db'));
  const end = (): void => {
    store.close();
    rmSync(folder, { recursive: true });
  };
  return { ...store, end };
}
