import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Ban, BanStore } from '@strowger/server';

export interface BansCompliance {
  readonly name: string;
  /** Fresh and empty for each case. */
  create(): BansSite | Promise<BansSite>;
}

export interface BansSite {
  readonly bans: BanStore;
  end(): void | Promise<void>;
}

/** Runs what the contract of `BanStore` promises against one implementation. */
export function bansCompliance({ name, create }: BansCompliance): void {
  describe(`${name} keeps bans`, () => {
    for (const { title, run } of cases) {
      test(title, async () => {
        const site = await create();
        try {
          await run(site.bans);
        } finally {
          await site.end();
        }
      });
    }
  });
}

const cases: readonly { readonly title: string; run(bans: BanStore): Promise<void> }[] = [
  {
    title: 'a new store has none',
    run: async (bans) => {
      assert.deepEqual(await listOf(bans), []);
      assert.equal(await bans.remove('192.0.2.7'), false);
    },
  },
  {
    title: 'what was put comes back whole, with its end and without, also when it has ended',
    run: async (bans) => {
      const ended = banOf('192.0.2.8', { since: 0, until: 1, times: 40 });
      const ofHand = banOf('2001:db8::/32', { by: 'administrator', until: undefined, times: 0 });
      for (const ban of [ofHand, SCANNER, ended]) await bans.put(ban);
      assert.deepEqual(await listOf(bans), [SCANNER, ended, ofHand]);
    },
  },
  {
    title: 'a reason may have any characters',
    run: async (bans) => {
      const reasons = ['', 'j\u00e4s\u00f8n "quoted"\n', `'; DROP TABLE bans; --`, '%_\\', '\u{1f4de}'];
      for (const [index, reason] of reasons.entries()) await bans.put(banOf(`192.0.2.${index}`, { reason }));
      assert.deepEqual(
        (await listOf(bans)).map(({ reason }) => reason),
        reasons,
      );
    },
  },
  {
    title: 'a second ban of a network takes the place of the first, with nothing left of it',
    run: async (bans) => {
      const second = banOf(SCANNER.network, { by: 'administrator', reason: 'abuse', until: undefined, times: 0 });
      await bans.put(SCANNER);
      await bans.put(second);
      assert.deepEqual(await listOf(bans), [second]);
      await bans.put(SCANNER);
      assert.deepEqual(await listOf(bans), [SCANNER]);
    },
  },
  {
    title: 'networks are told apart by their text: an address is not the block that it is in',
    run: async (bans) => {
      const networks = ['192.0.2.0', '192.0.2.0/24', '2001:db8::/32', '2001:db8::/64'];
      for (const network of networks) await bans.put(banOf(network));
      assert.equal(await bans.remove('192.0.2.0/25'), false);
      assert.equal(await bans.remove('192.0.2.0/24'), true);
      assert.deepEqual(await networksOf(bans), ['192.0.2.0', '2001:db8::/32', '2001:db8::/64']);
    },
  },
  {
    title: 'one is removed by its network, once, and can be put again',
    run: async (bans) => {
      const other = banOf('198.51.100.0/24');
      await bans.put(other);
      await bans.put(SCANNER);
      assert.equal(await bans.remove(SCANNER.network), true);
      assert.equal(await bans.remove(SCANNER.network), false);
      assert.deepEqual(await listOf(bans), [other]);
      await bans.put(SCANNER);
      assert.deepEqual(await listOf(bans), [SCANNER, other]);
    },
  },
  {
    title: 'what is asked at once is done in its order',
    run: async (bans) => {
      const done = await Promise.all([
        bans.put(SCANNER),
        bans.remove(SCANNER.network),
        bans.remove(SCANNER.network),
        bans.put(banOf(SCANNER.network, { times: 4 })),
      ]);
      assert.deepEqual(done.slice(1, 3), [true, false]);
      assert.deepEqual(await listOf(bans), [banOf(SCANNER.network, { times: 4 })]);
    },
  },
  {
    title: 'the list is whole when it is long',
    run: async (bans) => {
      const networks = Array.from({ length: 600 }, (_, i) => `10.0.${Math.floor(i / 256)}.${i % 256}`);
      await Promise.all(networks.map((network) => bans.put(banOf(network))));
      assert.deepEqual(await networksOf(bans), networks.toSorted());
    },
  },
  {
    title: 'a ban that its giver changes later stays as it was put',
    run: async (bans) => {
      const given = { ...SCANNER };
      await bans.put(given);
      Object.assign(given, { times: 99 });
      assert.deepEqual(await listOf(bans), [SCANNER]);
    },
  },
];

/** By network: a store promises no order. */
async function listOf(bans: BanStore): Promise<readonly Ban[]> {
  const list: Ban[] = [];
  for await (const ban of bans.list()) list.push(ban);
  return list.sort((a, b) => (a.network < b.network ? -1 : 1));
}

const networksOf = async (bans: BanStore): Promise<readonly string[]> =>
  (await listOf(bans)).map(({ network }) => network);

const SCANNER: Ban = {
  network: '192.0.2.7',
  reason: 'scanner',
  by: 'guard',
  since: 1_790_000_000_000,
  until: 1_790_000_600_000,
  times: 3,
};

const banOf = (network: string, more: Partial<Ban> = {}): Ban => ({ ...SCANNER, network, ...more });
