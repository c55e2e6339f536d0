import type { Request } from '@strowger/sip/message';
import type { Reliability, Timing } from '@strowger/sip/transaction';
import type { Peer } from './peer.ts';
import type { Place } from './traffic.ts';
import type { World } from './world.ts';

/** What each transaction of a phone needs of the phone. */
export interface TransactionSite {
  readonly world: World;
  readonly peer: Peer;
  readonly timing: Timing;
  readonly reliability: Reliability;
  /** Letters and digits that no phone of this world has made before. */
  token(): string;
  /** Sends a request whose outcome changes nothing: a CANCEL. */
  askAside(request: Request, to: Place): void;
  /** The server transaction of this request has ended. */
  forget(request: Request): void;
}
