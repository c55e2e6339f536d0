import { describe, test } from 'node:test';
import { datagramCases } from './transport-datagrams.ts';
import { sharedCases } from './transport-shared.ts';
import { type TransportSite, Trial } from './transport-site.ts';
import { streamCases } from './transport-streams.ts';

export type { TransportCase } from './transport-case.ts';
export {
  type Family,
  type OpenOptions,
  type Party,
  type PeerAddress,
  type TransportSite,
  Trial,
} from './transport-site.ts';
export { bytesOf, type Told, textOf, Witness } from './transport-witness.ts';

export interface TransportCompliance {
  readonly name: string;
  readonly kind: 'datagram' | 'stream';
  /** A fresh place for each case. */
  create(): Promise<TransportSite>;
  /** Cases that this transport cannot pass here, by title, each with the reason. An unknown title is an error. */
  readonly skip?: Readonly<Record<string, { readonly reason: string }>>;
}

/** Runs what the contract of `Transport` and `TransportListener` promises against one implementation. */
export function transportCompliance({ name, kind, create, skip = {} }: TransportCompliance): void {
  const cases = [...sharedCases, ...(kind === 'datagram' ? datagramCases : streamCases)];
  const unknown = Object.keys(skip).filter((title) => !cases.some((c) => c.title === title));
  if (unknown.length > 0) throw new Error(`no such case to skip: ${unknown.join(', ')}`);
  describe(`${name} is a transport`, () => {
    for (const { title, run } of cases) {
      const reason = skip[title]?.reason;
      test(title, reason === undefined ? {} : { skip: reason }, async () => {
        const trial = new Trial(await create());
        try {
          await run(trial);
        } finally {
          await trial.end();
        }
      });
    }
  });
}
