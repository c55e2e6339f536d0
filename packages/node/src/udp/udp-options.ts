import type { TransportFault, TransportListener } from '@strowger/sip/engine';

export interface UdpOptions {
  /** One local IP address; a wildcard is expanded by the caller (`expandWildcard`). */
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
  readonly listener: TransportListener;
  /** Bytes asked of the system for its receive buffer; it may give less. */
  readonly recvBufferBytes?: number;
  /** Bytes asked of the system for its send buffer; it may give less. */
  readonly sendBufferBytes?: number;
  /** Above this many bytes that the system has not taken yet, messages fail with `queueFull`. */
  readonly maxQueuedBytes?: number;
  /** `auto` when missing: many datagrams with one system call where this machine can. `single`: one at a time, as everywhere. */
  readonly datagrams?: 'auto' | 'single';
}

export const BUFFER_BYTES = 4 * 1024 * 1024;
export const MAX_QUEUED_BYTES = 8 * 1024 * 1024;
export const FULL: TransportFault = { code: 'queueFull', text: 'the system takes no more datagrams at the moment' };
