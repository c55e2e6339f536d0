import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerBans } from './api-bans.ts';
import { Bans } from './guard/bans.ts';

const NOW = 1_790_000_000_000;

function createDesk(given?: 'no guard') {
  const bans = new Bans({
    store: undefined,
    policy: { firstMs: 600_000, longestMs: 86_400_000 },
    unix: () => NOW,
    onBanned: () => undefined,
    onUnbanned: () => undefined,
    onFailed: () => undefined,
  });
  return async (method: string, rest: readonly string[] = [], body?: unknown): Promise<readonly [number, unknown]> => {
    const request = { method, path: ['/v1/bans', ...rest].join('/'), query: new Map(), body };
    const answer = await answerBans(request, rest, given === undefined ? bans : undefined, NOW);
    return [answer.status, answer.body];
  };
}

const ABUSE = {
  network: '192.0.2.0/24',
  reason: 'abuse',
  by: 'administrator',
  since: '2026-09-21T14:13:20.000Z',
  expiresInSeconds: 60,
  times: 0,
};

test('a ban is made, shown and removed', async () => {
  const ask = createDesk();
  assert.deepEqual(await ask('GET'), [200, { bans: [] }]);
  const body = { network: '192.0.2.0/24', reason: 'abuse', seconds: 60 };
  assert.deepEqual(await ask('POST', [], body), [201, { ban: ABUSE }]);
  assert.deepEqual(await ask('GET'), [200, { bans: [ABUSE] }]);
  assert.deepEqual(await ask('DELETE', ['192.0.2.0/24']), [200, { network: '192.0.2.0/24' }]);
  assert.deepEqual(await ask('DELETE', ['192.0.2.0/24']), [404, { error: '192.0.2.0/24 is not banned.' }]);
});

test('without an end a ban lasts until it is removed, and its reason is that somebody made it', async () => {
  const ask = createDesk();
  const [status, answer] = await ask('POST', [], { network: '2001:db8::7' });
  assert.equal(status, 201);
  const shown = { ...ABUSE, network: '2001:db8::/64', reason: 'by hand', expiresInSeconds: null };
  assert.deepEqual(answer, { ban: shown });
});

test('what is no network, no reason or no time is told, and nothing is banned', async () => {
  const ask = createDesk();
  for (const [body, error] of [
    [undefined, /the body must be/],
    ['192.0.2.7', /the body must be/],
    [{ network: 7 }, /the body must be/],
    [{ network: '192.0.2.7', seconds: 0 }, /the body must be/],
    [{ network: '192.0.2.7', seconds: 1.5 }, /the body must be/],
    [{ network: '192.0.2.7', reason: 'a\nb' }, /the body must be/],
    [{ network: 'example.com' }, /found example\.com, expected a network such as/],
    [{ network: '192.0.2.7/24' }, /did you mean 192\.0\.2\.0\/24/],
    [{ network: '0.0.0.0/0' }, /not the whole Internet/],
  ] as const) {
    const [status, answer] = await ask('POST', [], body);
    assert.equal(status, 400);
    assert.match(JSON.stringify(answer), error);
  }
  assert.deepEqual(await ask('GET'), [200, { bans: [] }]);
});

test('other methods, longer paths and a server without a guard are told', async () => {
  assert.equal((await createDesk()('PUT'))[0], 405);
  assert.equal((await createDesk()('DELETE'))[0], 405);
  assert.equal((await createDesk()('DELETE', ['192.0.2.0', '24']))[0], 405);
  assert.deepEqual(await createDesk('no guard')('GET'), [
    409,
    { error: 'this server has no guard: guard.enabled is false.' },
  ]);
});
