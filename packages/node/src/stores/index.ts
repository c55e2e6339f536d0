export { STORE_FAULTS, StoreFault, type StoreFaultCode } from './faults.ts';
export { createMemoryStore } from './memory/store.ts';
export { openSqliteStore, type SqliteOptions } from './sqlite/store.ts';
export type { Store } from './store.ts';
