import { describe, test } from 'node:test';
import type { Locations } from '@strowger/sip/roles/registrar';
import { expiryCases } from './locations-expiry.ts';
import { modelCases } from './locations-model.ts';
import { savingCases } from './locations-saving.ts';

export type { LocationsCase } from './locations-case.ts';

export interface LocationsCompliance {
  readonly name: string;
  /** A fresh, empty one for each case. */
  create(): LocationsSite | Promise<LocationsSite>;
}

export interface LocationsSite {
  readonly locations: Locations;
  end(): void | Promise<void>;
}

/** Runs what the contract of `Locations` promises against one implementation. */
export function locationsCompliance({ name, create }: LocationsCompliance): void {
  describe(`${name} is a location service`, () => {
    for (const { title, run } of [...savingCases, ...expiryCases, ...modelCases]) {
      test(title, async () => {
        const site = await create();
        try {
          await run(site.locations);
        } finally {
          await site.end();
        }
      });
    }
  });
}
