import assert from 'node:assert/strict';
import type { TransportCase } from './transport-case.ts';
import { aboutAndCode } from './transport-shared.ts';
import type { Trial } from './transport-site.ts';

/** What a stream transport does when there is too much of something. */
export const connectionLimits: readonly TransportCase[] = [
  { title: 'a peer that does not read is cut with its queue full, and nobody else waits for it', run: cutsStalledPeer },
  {
    title: 'a message larger than the queue fails as too large and harms no one',
    run: async (trial) => {
      const [alice, bob] = [await trial.party({ maxQueuedBytes: 1_000 }), await trial.party()];
      const connection = await trial.connect(alice, bob);
      alice.send('x'.repeat(1_001), bob.transport.local, { about: 6, connection });
      alice.send(' again', bob.transport.local, { connection });
      alice.flush();
      await trial.until(
        () => alice.witness.all('failed').length === 1 && bob.witness.receivedBytes() === 11,
        'failure and delivery',
      );
      assert.deepEqual(aboutAndCode(alice), [[6, 'tooLarge']]);
      assert.deepEqual(bob.witness.texts(), ['hello again']);
    },
  },
  {
    title: 'a connection beyond the limit is turned away, and those within it are served',
    run: async (trial) => {
      const [bob, alice, carol] = [await trial.party({ maxConnections: 1 }), await trial.party(), await trial.party()];
      const connection = await trial.connect(alice, bob);
      carol.send('let me in', bob.transport.local, { about: 1 });
      carol.flush();
      const turnedAway = (): boolean => carol.witness.all('closed').length + carol.witness.all('failed').length > 0;
      await trial.until(turnedAway, 'the end of the second connection');
      alice.send(' again', bob.transport.local, { connection });
      alice.flush();
      await trial.until(() => bob.witness.receivedBytes() === 11, 'the message on the first connection');
      assert.equal(bob.witness.all('connected').length, 1);
    },
  },
  {
    title: 'a connection beyond the limit is not made',
    run: async (trial) => {
      const [alice, bob, carol] = [await trial.party({ maxConnections: 1 }), await trial.party(), await trial.party()];
      await trial.connect(alice, bob);
      alice.send('one too many', carol.transport.local, { about: 2 });
      alice.flush();
      await trial.until(() => alice.witness.all('failed').length === 1, 'the failure');
      assert.deepEqual(aboutAndCode(alice), [[2, 'queueFull']]);
      assert.deepEqual(carol.witness.told, []);
    },
  },
];

async function cutsStalledPeer(trial: Trial): Promise<void> {
  const { stalledPeer } = trial.site;
  assert.ok(stalledPeer, 'a site for streams offers a stalled peer');
  const stalled = await stalledPeer();
  const [alice, bob] = [await trial.party({ maxQueuedBytes: 100_000 }), await trial.party()];
  alice.send('hello', stalled);
  alice.flush();
  await trial.until(() => alice.witness.all('connected').length === 1, 'the connection');
  const connection = alice.witness.all('connected')[0]?.flow.connection ?? 0;
  const block = 'x'.repeat(50_000);
  for (let about = 1; about <= 500; about += 1) {
    alice.send(block, stalled, { connection, about });
    alice.flush();
  }
  alice.send('not in your way', bob.transport.local);
  alice.flush();
  await trial.until(() => bob.witness.receivedBytes() === 15, 'the message to somebody else');
  await trial.until(() => alice.witness.all('closed').length === 1, 'the end of the stalled connection');
  assert.equal(alice.witness.all('closed')[0]?.fault?.code, 'queueFull');
  await trial.until(() => alice.witness.all('failed').some((told) => told.about === 500), 'the last failure');
  const failures = new Map(aboutAndCode(alice));
  const [firstFailed = 501] = [...failures.keys()].map(Number).sort((a, b) => a - b);
  assert.equal(failures.size, 500 - firstFailed + 1, 'everything from the first failure on has failed');
  assert.deepEqual(new Set(failures.values()), new Set(['queueFull', 'closed']));
}
