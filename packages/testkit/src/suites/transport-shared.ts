import assert from 'node:assert/strict';
import type { About } from '@strowger/sip/engine';
import type { TransportCase } from './transport-case.ts';
import type { Family, Party, PeerAddress, Trial } from './transport-site.ts';
import type { Told } from './transport-witness.ts';

/** What datagram and stream transports have in common. */
export const sharedCases: readonly TransportCase[] = [
  {
    title: 'delivers a message and says where it came from and where it came in, over IPv4',
    run: (trial) => delivers(trial, 'ipv4'),
  },
  {
    title: 'delivers a message and says where it came from and where it came in, over IPv6',
    run: (trial) => delivers(trial, 'ipv6'),
  },
  {
    title: 'an IPv6 address is the same however it is written (RFC 4291 §2.2)',
    run: async (trial) => {
      const [alice, bob] = [await trial.party({ family: 'ipv6' }), await trial.party({ family: 'ipv6' })];
      const { host, port } = bob.transport.local;
      alice.send('short', { host, port });
      alice.send(' long', { host: longForm(host), port });
      alice.flush();
      await trial.until(() => bob.witness.receivedBytes() === 10, 'two messages');
      assert.equal([...bob.witness.texts()].join(''), 'short long');
      assert.ok(alice.witness.all('connected').length <= 1);
    },
  },
  {
    title: 'answers go back to the address that a message came from',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      alice.send('ping', bob.transport.local);
      alice.flush();
      await trial.until(() => bob.witness.texts().includes('ping'), 'the question');
      const back = wayBack(bob);
      bob.send('pong', back, { connection: back.connection });
      bob.flush();
      await trial.until(() => alice.witness.texts().includes('pong'), 'the answer');
    },
  },
  {
    title: 'a batch goes out with one flush, to several peers, complete',
    run: async (trial) => {
      const [alice, bob, carol] = [await trial.party(), await trial.party(), await trial.party()];
      const numbers = Array.from({ length: 40 }, (_, i) => `<${i}>`);
      for (const text of numbers) {
        alice.send(text, bob.transport.local);
        alice.send(text.toUpperCase(), carol.transport.local);
      }
      alice.flush();
      const complete = (party: Party): boolean => party.witness.receivedBytes() === numbers.join('').length;
      await trial.until(() => complete(bob) && complete(carol), 'forty messages each');
      for (const party of [bob, carol]) assert.equal([...party.witness.texts()].join(''), numbers.join(''));
    },
  },
  {
    title: 'flushing with nothing queued does nothing',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      alice.flush();
      alice.send('one', bob.transport.local);
      alice.flush();
      alice.flush();
      await trial.until(() => bob.witness.texts().includes('one'), 'the message');
      assert.equal(bob.witness.receivedBytes(), 3);
    },
  },
  {
    title:
      'an address that cannot be sent to is a reported failure, never a throw, and nobody hears of it who did not ask',
    run: async (trial) => {
      const alice = await trial.party();
      const targets = [
        { host: '', port: 5060 },
        { host: 'not an address', port: 5060 },
        { host: '127.0.0.1', port: 65_536 },
        { host: '127.0.0.1', port: -1 },
      ];
      for (const [i, target] of targets.entries()) {
        alice.send('x', target);
        alice.send('x', target, { about: i + 1 });
      }
      alice.flush();
      await trial.until(() => alice.witness.all('failed').length === targets.length, 'a failure for each address');
      assert.deepEqual(
        alice.witness
          .all('failed')
          .map((told) => told.about)
          .sort(),
        [1, 2, 3, 4],
      );
      for (const { fault } of alice.witness.all('failed')) {
        assert.equal(fault.code, 'unreachable');
        assert.ok(fault.text.length > 0);
      }
    },
  },
  {
    title: 'a taken address cannot be opened a second time, and can once it is closed',
    run: async (trial) => {
      const alice = await trial.party();
      const { port } = alice.transport.local;
      await assert.rejects(
        trial.party({ port }),
        (error: unknown) => error instanceof Error && error.message.includes(String(port)),
      );
      await trial.finished(alice.transport.close());
      const again = await trial.party({ port });
      assert.equal(again.transport.local.port, port);
    },
  },
  {
    title: 'a closed transport fails what it is asked to send; closing twice is closing once',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      alice.send('last words', bob.transport.local);
      alice.flush();
      await trial.until(() => bob.witness.texts().includes('last words'), 'the message before the close');
      await trial.finished(Promise.all([alice.transport.close(), alice.transport.close()]));
      alice.send('late', bob.transport.local, { about: 9 });
      alice.flush();
      alice.transport.disconnect(1);
      await trial.until(() => alice.witness.all('failed').length === 1, 'the failure');
      assert.deepEqual(aboutAndCode(alice), [[9, 'closed']]);
    },
  },
];

export const aboutAndCode = (party: Party): readonly (readonly [About, string])[] =>
  party.witness.all('failed').map((told) => [told.about, told.fault.code]);

/** Where the first message that a party received came from. */
export function wayBack({ witness }: Party): PeerAddress & { readonly connection: number } {
  const first = witness.told.find((told): told is Extract<Told, { type: 'data' | 'datagram' }> => 'bytes' in told);
  assert.ok(first, 'nothing came in');
  return first.type === 'datagram' ? { host: first.host, port: first.port, connection: 0 } : first.flow;
}

async function delivers(trial: Trial, family: Family): Promise<void> {
  const [alice, bob] = [await trial.party({ family }), await trial.party({ family })];
  assert.ok(alice.transport.local.port > 0, 'the port that the system chose is known');
  assert.notDeepEqual(alice.transport.local, bob.transport.local);
  assert.equal(alice.transport.local.host.includes(':'), family === 'ipv6');
  alice.send('hello', bob.transport.local);
  alice.flush();
  await trial.until(() => bob.witness.texts().includes('hello'), 'the message');
  const from = wayBack(bob);
  assert.equal(from.host, alice.transport.local.host);
  for (const { flow } of bob.witness.all('data')) assert.deepEqual(flow.local, bob.transport.local);
  for (const { host, port } of bob.witness.all('datagram'))
    assert.deepEqual({ host, port }, pick(alice.transport.local));
}

const pick = ({ host, port }: PeerAddress): PeerAddress => ({ host, port });

/** `::` written out. */
function longForm(address: string): string {
  const [head = '', tail = ''] = address.split('::');
  const [before, after] = [head, tail].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array.from({ length: 8 - (before?.length ?? 0) - (after?.length ?? 0) }, () => '0');
  return [...(before ?? []), ...zeros, ...(after ?? [])].join(':');
}
