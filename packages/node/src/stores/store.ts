import type { BanStore } from '@strowger/server';
import type { Locations, Settings, Users } from '@strowger/sip/roles/registrar';

/** Everything that one store keeps. */
export interface Store {
  readonly locations: Locations;
  readonly users: Users;
  readonly settings: Settings;
  readonly bans: BanStore;
  /** Commits what waits and lets go of the file; what is asked of the store afterwards throws. */
  close(): void;
}
