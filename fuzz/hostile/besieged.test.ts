import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besiege, type Damage, TRUSTED } from './besieged.ts';
import { hostileCases } from './cases.ts';
import { secretsIn } from './secrets.ts';

const CASES = hostileCases();
/** Each case goes to one of the two servers; between them they take all. */
const EVEN = CASES.filter((_, at) => at % 2 === 0);
const ODD = CASES.filter((_, at) => at % 2 === 1);

test('a server that trusts everybody answers OPTIONS after every batch of hostile messages, fails at none and keeps nothing', async () => {
  const damage = await besiege(EVEN, {});
  unharmed(damage);
  assert.ok(damage.registered > 50, `only ${damage.registered} contacts were registered`);
});

test('a server that wants digests answers OPTIONS after every batch of hostile messages, fails at none and keeps nothing', async () => {
  unharmed(await besiege(ODD, { auth: 'digest', trusted: TRUSTED, guard: { enabled: false } }));
});

test('a guarded server shuts the source out and answers its neighbours', async () => {
  const damage = await besiege(ODD.slice(0, 2_000), { auth: 'digest', trusted: TRUSTED });
  assert.deepEqual(damage.silentAfter, []);
  assert.deepEqual(damage.faults, []);
  assert.ok(damage.passedOn < 500, `${damage.passedOn} were passed on`);
});

test('the cases hold each secret, so that a log that held one would be found out', () => {
  const found = new Set(CASES.flatMap(({ text }) => secretsIn(text(0, 'UDP'))));
  assert.deepEqual([...found].toSorted(), [
    'Basic credentials',
    'H(A1) of MD5',
    'H(A1) of SHA-256',
    'media key',
    'password',
  ]);
});

function unharmed({ faults, silentAfter, leaks, leftOver, passedOn }: Damage): void {
  assert.deepEqual(faults, []);
  assert.deepEqual(silentAfter, []);
  assert.deepEqual(leftOver, { servers: 0, clients: 0, deadlines: 0, bindings: 0 });
  assert.deepEqual(leaks, []);
  // Otherwise all were thrown away at the door, and nothing behind it was tried.
  assert.ok(passedOn > 1_000, `only ${passedOn} were passed on`);
}
