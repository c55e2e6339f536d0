import type { Protocol } from '../uri/transport.ts';
import type { Question } from './records.ts';

/** One place where a message can be sent to. */
export interface ResolvedTarget {
  readonly protocol: Protocol;
  /** An address without brackets. */
  readonly host: string;
  readonly port: number;
  /**
   * The name or address that the certificate of the peer must be for: the host of the URI that was looked for, whatever
   * names the zone put in between (RFC 5922 §7.3).
   */
  readonly identity: string;
  /** The questions whose answers led here, in order; none for an address that stood in the URI. */
  readonly path: readonly Question[];
}

export type Family = 'ipv4' | 'ipv6';

/** A protocol that messages can leave by. */
export interface Way {
  readonly protocol: Protocol;
  /** The families that there are local addresses of, best first. */
  readonly families: readonly Family[];
}

export const familyOf = (address: string): Family => (address.includes(':') ? 'ipv6' : 'ipv4');
