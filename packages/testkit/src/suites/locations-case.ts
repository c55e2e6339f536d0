import type { Locations } from '@strowger/sip/roles/registrar';

/** One thing that every location service must do, tried on an empty one. */
export interface LocationsCase {
  readonly title: string;
  run(locations: Locations): Promise<void>;
}
