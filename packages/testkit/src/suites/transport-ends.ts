import assert from 'node:assert/strict';
import type { TransportCase } from './transport-case.ts';
import { aboutAndCode, wayBack } from './transport-shared.ts';
import type { Party, Trial } from './transport-site.ts';

/** How the connections of a stream transport end. */
export const connectionEnds: readonly TransportCase[] = [
  {
    title: 'a disconnected connection hands over what was queued, then both sides are told of an orderly end',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      const connection = await trial.connect(alice, bob);
      alice.send(' and good-bye', bob.transport.local, { connection });
      alice.witness.guard(() => alice.transport.disconnect(connection));
      await bothClosed(trial, alice, bob);
      assert.deepEqual(bob.witness.texts(), ['hello and good-bye']);
      assert.deepEqual(endsOf(alice), [[connection, undefined]]);
      assert.deepEqual(endsOf(bob), [[wayBack(bob).connection, undefined]]);
    },
  },
  {
    title: 'a connection number that is no longer alive fails as closed, and nobody hears of it who did not ask',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      const connection = await trial.connect(alice, bob);
      alice.transport.disconnect(connection);
      await bothClosed(trial, alice, bob);
      alice.send('late', bob.transport.local, { connection });
      alice.send('late', bob.transport.local, { connection, about: 7 });
      alice.flush();
      alice.transport.disconnect(connection);
      bob.send('late', wayBack(bob), { connection: wayBack(bob).connection, about: 8 });
      bob.flush();
      const haveFailed = (): boolean => [alice, bob].every((party) => party.witness.all('failed').length > 0);
      await trial.until(haveFailed, 'a failure on both sides');
      assert.deepEqual(aboutAndCode(alice), [[7, 'closed']]);
      assert.deepEqual(aboutAndCode(bob), [[8, 'closed']]);
    },
  },
  {
    title: 'after an end the next message to the peer opens a connection with a higher number',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      const first = await trial.connect(alice, bob);
      alice.transport.disconnect(first);
      await bothClosed(trial, alice, bob);
      assert.ok((await trial.connect(alice, bob)) > first);
    },
  },
  {
    title: 'connections that both sides end at once end once',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      const connection = await trial.connect(alice, bob);
      alice.transport.disconnect(connection);
      alice.transport.disconnect(connection);
      bob.transport.disconnect(wayBack(bob).connection);
      await bothClosed(trial, alice, bob);
      await trial.connect(alice, bob);
      assert.deepEqual(endsOf(alice), [[connection, undefined]]);
      assert.equal(endsOf(bob).length, 1);
    },
  },
  {
    title: 'closing a transport hands over what was queued and ends its connections on both sides',
    run: async (trial) => {
      const [alice, bob, carol] = [await trial.party(), await trial.party(), await trial.party()];
      await trial.connect(alice, bob);
      await trial.connect(carol, alice);
      alice.send(', the end', bob.transport.local);
      await trial.finished(alice.transport.close());
      assert.equal(alice.witness.all('closed').length, 2);
      await trial.until(
        () => bob.witness.all('closed').length === 1 && carol.witness.all('closed').length === 1,
        'both ends',
      );
      assert.deepEqual(bob.witness.texts(), ['hello, the end']);
      assert.deepEqual(
        endsOf(bob).map(([, code]) => code),
        [undefined],
      );
    },
  },
  {
    title: 'messages that wait for a connection when the transport closes fail as closed',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      alice.send('too late', bob.transport.local, { about: 3 });
      alice.flush();
      await trial.finished(alice.transport.close());
      await trial.until(() => alice.witness.all('failed').length === 1, 'the failure');
      assert.deepEqual(aboutAndCode(alice), [[3, 'closed']]);
      assert.deepEqual(alice.witness.all('closed'), []);
    },
  },
];

export async function bothClosed(trial: Trial, a: Party, b: Party): Promise<void> {
  await trial.until(
    () => a.witness.all('closed').length > 0 && b.witness.all('closed').length > 0,
    'the end on both sides',
  );
}

export const endsOf = (party: Party): readonly (readonly [number, string | undefined])[] =>
  party.witness.all('closed').map((told) => [told.flow.connection, told.fault?.code]);
