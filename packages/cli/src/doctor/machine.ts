import type { NetworkInterfaceInfo } from 'node:os';
import type { DatagramSupport, Opener } from '@strowger/node';
import type { Store } from '@strowger/node/stores';
import type { ApiResponse } from '@strowger/server';
import type { DataPlace, Settings } from '../settings.ts';

/** What the findings ask of the machine that they are made on. Each finding names the part that it needs. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** As `process.versions`. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  /** The path of Node. */
  readonly program: string;
  /** That this process may use. */
  readonly cores: number;
  readonly memoryBytes: number;
  /** What the system lets this process have; 0 or more than there is where it says nothing. */
  readonly allowedBytes: number;
  /** What Node lets its values grow to. */
  readonly heapBytes: number;
  /** How many files and connections may be open at a time; undefined where there is no such limit. */
  readonly openFiles: number | undefined;
  readonly interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
  /** The name servers of the system, as `ip` or `ip:port`. */
  readonly nameServers: readonly string[];
  /** Unix milliseconds. */
  unix(): number;
  monotonicMs(): number;
  datagrams(): Promise<DatagramSupport>;
  /** The text of a file of the system; rejects where it cannot be read. */
  readFile(path: string): Promise<string>;
  folderState(path: string): FolderState;
  hasStore(data: DataPlace): boolean;
  /** To be read only. Rejects with a StoreFault. */
  openStore(data: DataPlace): Promise<Store>;
  /**
   * What the server with these settings says of itself, undefined where none runs. Rejects with a ControlFault or
   * CommandFault.
   */
  askServer(settings: Settings): Promise<ApiResponse | undefined>;
  readonly open: Opener;
}

/** `closed`: this user may not write there. */
export type FolderState = 'writable' | 'closed' | 'file' | 'missing';
