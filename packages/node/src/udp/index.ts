import type { Transport } from '@strowger/sip/engine';
import { requireOneAddress } from '../addresses.ts';
import { type DatagramSupport, datagramSupport } from './datagram-support.ts';
import { openSingleUdp } from './single-udp.ts';
import type { UdpOptions } from './udp-options.ts';

export { type DatagramSupport, datagramSupport } from './datagram-support.ts';
export type { UdpOptions } from './udp-options.ts';

/**
 * Opens one UDP address, in batches where that works here and over `node:dgram` everywhere else.
 * @throws ListenFault (rejects)
 */
export async function openUdp(options: UdpOptions): Promise<Transport> {
  requireOneAddress('udp', options.host, options.port);
  const support: DatagramSupport = options.datagrams === 'single' ? SINGLE : await datagramSupport();
  return support.type === 'batched' ? support.open(options) : await openSingleUdp(options);
}

const SINGLE: DatagramSupport = { type: 'single', why: 'it was asked for' };
