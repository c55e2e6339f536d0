/** Why a store could not be opened or used. Codes are stable; the reference page is printed from this table. */
export const STORE_FAULTS = {
  NODE_E_STORE_MISSING: 'There is no such file, and it was to be read only.',
  NODE_E_STORE_FOREIGN: 'The file is not a Strowger store. It was not touched.',
  NODE_E_STORE_CORRUPT: 'The file is a Strowger store, but damaged. It was not changed.',
  NODE_E_STORE_NEWER: 'A newer version of Strowger wrote the file. It was not touched.',
  NODE_E_STORE_OLDER: 'An older version of Strowger wrote the file, and it was to be read only.',
  NODE_E_STORE_UNREADABLE: 'The operating system did not let the file be opened or made.',
  NODE_E_STORE_LOCKED: 'Another process holds the file.',
  NODE_E_STORE_FAILED: 'A read or a commit failed; of what was to be committed nothing is stored.',
  NODE_E_STORE_CLOSED: 'The store was closed before.',
} as const;

export type StoreFaultCode = keyof typeof STORE_FAULTS;

/** A store that cannot be opened, read or written. The message names the file, the cause and where possible the cure. */
export class StoreFault extends Error {
  readonly code: StoreFaultCode;
  readonly file: string;
  constructor(code: StoreFaultCode, file: string, sentence: string, cause?: unknown) {
    super(`${file} ${sentence}`, cause === undefined ? undefined : { cause });
    this.name = 'StoreFault';
    this.code = code;
    this.file = file;
  }
}
