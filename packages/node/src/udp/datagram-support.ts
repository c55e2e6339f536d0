import type { Transport } from '@strowger/sip/engine';
import { openBatchedUdp } from './batched-udp.ts';
import { selfTest } from './self-test.ts';
import { loadSystemCalls } from './system-calls.ts';
import type { UdpOptions } from './udp-options.ts';

/** How datagrams are read and written on this machine, and why. */
export type DatagramSupport =
  | { readonly type: 'batched'; readonly by: string; readonly open: (options: UdpOptions) => Transport }
  | { readonly type: 'single'; readonly why: string };

/** Whether datagrams can go in batches here: found out once, by sending some. */
export function datagramSupport(): Promise<DatagramSupport> {
  found ??= find();
  return found;
}

async function find(): Promise<DatagramSupport> {
  try {
    const calls = await loadSystemCalls();
    const open = (options: UdpOptions): Transport => openBatchedUdp(calls, options);
    await selfTest(open);
    return { type: 'batched', by: calls.by, open };
  } catch (error) {
    return { type: 'single', why: error instanceof Error ? error.message : String(error) };
  }
}

let found: Promise<DatagramSupport> | undefined;
