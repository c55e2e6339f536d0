import assert from 'node:assert/strict';
import type { TransportCase } from './transport-case.ts';
import { aboutAndCode } from './transport-shared.ts';

/** What only datagram transports promise. */
export const datagramCases: readonly TransportCase[] = [
  {
    title: 'datagrams keep their borders, also empty and large ones',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      const sizes = [0, 1, 1_300, 60_000];
      for (const size of sizes) alice.send('x'.repeat(size), bob.transport.local);
      alice.flush();
      await trial.until(() => bob.witness.all('datagram').length === sizes.length, 'four datagrams');
      const received = bob.witness.all('datagram').map((told) => told.bytes.length);
      assert.deepEqual(
        received.sort((a, b) => a - b),
        sizes,
      );
    },
  },
  {
    title: 'a datagram larger than UDP can carry fails as too large and the one behind it arrives',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      alice.send('x'.repeat(65_508), bob.transport.local, { about: 4 });
      alice.send('small', bob.transport.local, { about: 5 });
      alice.flush();
      await trial.until(
        () => alice.witness.all('failed').length > 0 && bob.witness.texts().length > 0,
        'a failure and a delivery',
      );
      assert.deepEqual(aboutAndCode(alice), [[4, 'tooLarge']]);
      assert.deepEqual(bob.witness.texts(), ['small']);
    },
  },
  {
    title: 'a datagram to nobody is lost without a word, and the next one to somebody arrives',
    run: async (trial) => {
      const [alice, bob, carol] = [await trial.party(), await trial.party(), await trial.party()];
      const vacant = carol.transport.local;
      await trial.finished(carol.transport.close());
      for (const text of ['one', 'two', 'three']) {
        alice.send('nobody hears this', vacant);
        alice.flush();
        alice.send(text, bob.transport.local);
        alice.flush();
        await trial.until(() => bob.witness.texts().includes(text), text);
      }
      assert.deepEqual(alice.witness.told, []);
    },
  },
  {
    title: 'the number of a connection means nothing to datagrams',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      alice.transport.disconnect(77);
      alice.send('through', bob.transport.local, { connection: 77 });
      alice.flush();
      await trial.until(() => bob.witness.texts().includes('through'), 'the datagram');
    },
  },
  {
    title: 'bytes that the transport does not promise to reuse stay as they were received',
    run: async (trial) => {
      const [alice, bob] = [await trial.party(), await trial.party()];
      const kept: Uint8Array[] = [];
      const note = bob.witness.onDatagrams.bind(bob.witness);
      bob.witness.onDatagrams = (transport, items, count) => {
        for (const item of items.slice(0, count))
          kept.push(transport.reusesBuffers ? new Uint8Array(item.bytes) : item.bytes);
        note(transport, items, count);
      };
      for (let i = 0; i < 50; i += 1) {
        alice.send(`datagram ${i}`, bob.transport.local);
        alice.flush();
      }
      await trial.until(() => kept.length === 50, 'fifty datagrams');
      assert.deepEqual(
        kept.map((bytes) => String.fromCharCode(...bytes)),
        Array.from({ length: 50 }, (_, i) => `datagram ${i}`),
      );
    },
  },
];
