export interface StreamSettings {
  readonly maxQueuedBytes: number;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  /** How long bytes may wait for a path or a host that is gone before the connection is given up. */
  readonly stallTimeoutMs: number;
  readonly lingerMs: number;
  /** How what arrives is cut: at random places, not at all, or into single bytes. */
  readonly cuts: 'random' | 'none' | 'everyByte';
}

export const STREAM_SETTINGS: StreamSettings = {
  maxQueuedBytes: 1024 * 1024,
  maxConnections: 20_000,
  connectTimeoutMs: 5_000,
  stallTimeoutMs: 30_000,
  lingerMs: 5_000,
  cuts: 'random',
};
