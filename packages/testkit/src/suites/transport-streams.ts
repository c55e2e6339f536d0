import assert from 'node:assert/strict';
import type { TransportCase } from './transport-case.ts';
import { connectionEnds } from './transport-ends.ts';
import { connectionLimits } from './transport-limits.ts';
import { aboutAndCode, wayBack } from './transport-shared.ts';

const exchange: readonly TransportCase[] = [
  {
    title: 'thousands of messages arrive complete and in order, however the stream is cut',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      await trial.connect(alice, bob);
      let sent = 'hello';
      for (let i = 0; i < 3_000; i += 1) {
        const text = `<${i}${'.'.repeat(i % 97)}>`;
        alice.send(text, bob.transport.local);
        sent += text;
        if (i % 7 === 0) alice.flush();
      }
      alice.flush();
      await trial.until(() => bob.witness.receivedBytes() >= sent.length, 'all bytes');
      assert.ok(bob.witness.texts()[0] === sent, 'the stream is the messages, joined');
    },
  },
  {
    title: 'a message larger than any buffer of the way arrives whole',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      const large = '0123456789abcdef'.repeat(200_000);
      alice.send(large, bob.transport.local);
      alice.flush();
      await trial.until(() => bob.witness.receivedBytes() >= large.length, 'all bytes');
      assert.ok(bob.witness.texts()[0] === large, 'the bytes are the same');
    },
  },
  {
    title: 'both sides are told once of a connection, before its bytes, with both addresses',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      await trial.connect(alice, bob);
      for (const { witness } of [alice, bob])
        assert.deepEqual(witness.told.map((told) => told.type).slice(0, 1), ['connected']);
      const [made] = alice.witness.all('connected');
      assert.deepEqual(made?.flow, {
        local: alice.transport.local,
        host: bob.transport.local.host,
        port: bob.transport.local.port,
        connection: made?.flow.connection,
      });
      const [accepted] = bob.witness.all('connected');
      assert.deepEqual(accepted?.flow, bob.witness.all('data')[0]?.flow);
      assert.equal(accepted?.flow.host, alice.transport.local.host);
    },
  },
  {
    title: 'messages to the same peer share one connection, also while it is still opening',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      alice.send('one', bob.transport.local);
      alice.flush();
      alice.send('two', bob.transport.local);
      alice.flush();
      await trial.until(() => bob.witness.receivedBytes() === 6, 'two messages');
      alice.send('three', bob.transport.local);
      alice.flush();
      await trial.until(() => bob.witness.receivedBytes() === 11, 'the third message');
      assert.deepEqual(bob.witness.texts(), ['onetwothree']);
      assert.equal(alice.witness.all('connected').length, 1);
    },
  },
  {
    title: 'a connection that came in serves messages to the address it came from (RFC 3261 §18.2.2)',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      await trial.connect(alice, bob);
      bob.send('answer', wayBack(bob));
      bob.flush();
      await trial.until(() => alice.witness.receivedBytes() === 6, 'the answer');
      assert.equal(bob.witness.all('connected').length, 1);
      assert.equal(alice.witness.all('connected').length, 1);
    },
  },
  {
    title: 'connections have different numbers that grow and are never 0',
    run: async (trial) => {
      const alice = await trial.party();
      for (let i = 0; i < 3; i += 1) await trial.connect(alice, await trial.party());
      const numbers = alice.witness.all('connected').map((told) => told.flow.connection);
      assert.equal(numbers.length, 3);
      for (const [i, number] of numbers.entries()) assert.ok(number > (numbers[i - 1] ?? 0), `${numbers}`);
    },
  },
  {
    title: 'a refused connection fails every message that waited for it, in order, and no connection is ever mentioned',
    run: async (trial) => {
      const [alice, bob, carol] = [await trial.party(), await trial.party(), await trial.party()];
      const vacant = carol.transport.local;
      await trial.finished(carol.transport.close());
      for (const about of [1, 2, 0, 3]) alice.send('nobody hears this', vacant, { about });
      alice.flush();
      await trial.until(() => alice.witness.all('failed').length === 3, 'three failures');
      assert.deepEqual(aboutAndCode(alice), [
        [1, 'refused'],
        [2, 'refused'],
        [3, 'refused'],
      ]);
      await trial.connect(alice, bob);
      assert.deepEqual(alice.witness.all('closed'), []);
      assert.equal(alice.witness.all('connected').length, 1);
    },
  },
];

export const streamCases: readonly TransportCase[] = [...exchange, ...connectionEnds, ...connectionLimits];
