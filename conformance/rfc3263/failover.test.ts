import assert from 'node:assert/strict';
import { test } from 'node:test';
import { need, via } from '@strowger/sip/message';
import type { Heard } from '@strowger/testkit';
import { createScene, type FarServer, type Scene, zoneFor, zoneOf } from './scene.ts';

/** How a request finds a server of another domain that lives (RFC 3263 §4.3), with the whole server on a virtual network. */

const branchOf = (heard: Heard | undefined): string | undefined => {
  assert.ok(heard !== undefined);
  return need(heard.message, via).branch;
};

const secondsOf = (server: FarServer, label: string): readonly number[] =>
  server.heard.filter((heard) => heard.label === label).map(({ at }) => Math.round(at / 100) / 10);

/** A request that nobody has to acknowledge, as often as this is asked; the number of each is new. */
async function messages(scene: Scene, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    scene.call({ method: 'MESSAGE', id: `${scene.world.now}-${i}` });
  }
  await scene.world.runFor(1_000);
}

for (const method of ['INVITE', 'MESSAGE']) {
  test(`a server that refuses the connection is passed at once: ${method} (RFC 3263 §4.3)`, async () => {
    const scene = await createScene(zoneFor('tcp', ['0 0 1', '1 0 2']));
    scene.world.host('10.0.1.1');
    const next = scene.server(2, [200], 'tcp');
    scene.call({ method });
    await scene.world.runFor(500);
    assert.deepEqual(next.labels, [method]);
    assert.ok(scene.heard().includes(`200 ${method}`));
  });

  test(`a server that says nothing is left after eight seconds when there is another one: ${method} (RFC 3263 §4.3)`, async () => {
    const scene = await createScene(zoneOf('0 0 1', '1 0 2'));
    const next = scene.server(2, [200]);
    scene.call({ method });
    await scene.world.runFor(7_900);
    assert.deepEqual(next.labels, []);
    await scene.world.runFor(1_000);
    assert.deepEqual(next.labels, [method]);
    assert.ok(scene.heard().includes(`200 ${method}`));
    const before = scene.world.traffic.length;
    await scene.world.runFor(30_000);
    const later = scene.world.traffic.slice(before).filter(({ to }) => to.host === '10.0.1.1');
    assert.deepEqual(
      later.map(({ label }) => label),
      [],
      'nothing more is sent to who was left',
    );
  });

  test(`the last server may be silent until Timer B or F ends: ${method} (RFC 3261 §17.1)`, async () => {
    const scene = await createScene(zoneOf('0 0 1', '1 0 2'), { lookupMs: 100 });
    scene.call({ method });
    await scene.world.runFor(39_000);
    assert.deepEqual(
      scene.heard().filter((label) => !label.startsWith('100')),
      [],
    );
    await scene.world.runFor(2_000);
    // RFC 4320 §4.2: no 408 but to an INVITE.
    assert.equal(scene.heard()[0], method === 'INVITE' ? '408 INVITE' : undefined);
  });

  test(`a server that is the only one is waited for, however slow it is: ${method} (RFC 3263 §4.3)`, async () => {
    const scene = await createScene(zoneOf('0 0 1'));
    const slow = scene.server(1, []);
    scene.call({ method });
    scene.world.after(20_000, () => {
      slow.answers = [200];
    });
    await scene.world.runFor(32_000);
    assert.ok(scene.heard().includes(`200 ${method}`));
  });
}

test('a 503 leads to the next server, with another branch; the ACK has that of its own (RFC 3263 §4.3)', async () => {
  const scene = await createScene(zoneOf('0 0 1', '1 0 2'));
  const [full, next] = [scene.server(1, [503]), scene.server(2, [180, 200])];
  scene.call();
  await scene.world.runFor(400);
  assert.deepEqual(full.labels, ['INVITE', 'ACK']);
  assert.deepEqual(next.labels, ['INVITE']);
  assert.equal(branchOf(full.heard[0]), branchOf(full.heard[1]));
  assert.notEqual(branchOf(full.heard[0]), branchOf(next.heard[0]));
  assert.deepEqual(scene.heard(), ['100 INVITE', '180 INVITE', '200 INVITE'], 'the 503 is seen by nobody');
});

test('other failures are answers: nobody else is asked (RFC 3263 §4.3)', async () => {
  for (const status of [404, 408, 480, 486, 500, 504, 603]) {
    const scene = await createScene(zoneOf('0 0 1', '1 0 2'));
    scene.server(1, [status]);
    const next = scene.server(2, [200]);
    scene.call();
    await scene.world.runFor(400);
    assert.deepEqual(next.labels, [], String(status));
    assert.deepEqual(scene.heard(), ['100 INVITE', `${status} INVITE`]);
  }
});

test('when all servers answer 503 the caller hears 500 once, since each 503 is of one server only (RFC 3261 §16.7 step 6)', async () => {
  const scene = await createScene(zoneOf('0 0 1', '1 0 2', '2 0 3'));
  const servers = [1, 2, 3].map((number) => scene.server(number, [503]));
  scene.call();
  await scene.world.runFor(400);
  assert.deepEqual(
    servers.map(({ labels }) => labels.join()),
    ['INVITE,ACK', 'INVITE,ACK', 'INVITE,ACK'],
  );
  assert.deepEqual(scene.heard(), ['100 INVITE', '500 INVITE']);
});

test('a server that failed is passed by for a while, then tried again (RFC 3263 §4.3)', async () => {
  const scene = await createScene(zoneOf('0 0 1', '1 0 2'));
  const next = scene.server(2, [200]);
  await messages(scene, 1);
  await scene.world.runFor(9_000);
  const again = scene.server(1, [200]);
  await messages(scene, 1);
  assert.deepEqual([again.labels.length, next.labels.length], [0, 2]);
  await scene.world.runFor(15_000);
  await messages(scene, 1);
  assert.deepEqual([again.labels.length, next.labels.length], [1, 2]);
});

test('a Retry-After says how long a server is passed by (RFC 3261 §21.5.4)', async () => {
  const scene = await createScene(zoneOf('0 0 1', '1 0 2'));
  const [full, next] = [scene.server(1, ['503 Retry-After: 60']), scene.server(2, [200])];
  await messages(scene, 1);
  for (let i = 0; i < 5; i += 1) {
    await scene.world.runFor(9_000);
    await messages(scene, 1);
  }
  assert.deepEqual([full.labels.length, next.labels.length], [1, 6]);
  await scene.world.runFor(15_000);
  await messages(scene, 1);
  assert.deepEqual([full.labels.length, next.labels.length], [2, 7]);
});

test('servers that all failed of late are tried all the same (RFC 3263 §4.3)', async () => {
  const scene = await createScene(zoneOf('0 0 1', '1 0 2'));
  const [one, two] = [scene.server(1, [503]), scene.server(2, [503])];
  await messages(scene, 1);
  await messages(scene, 1);
  assert.deepEqual([one.labels.length, two.labels.length], [2, 2]);
});

test('a server that rang and then answers 503 is passed, and the next one may be silent (RFC 3263 §4.3)', async () => {
  const scene = await createScene(zoneOf('0 0 1', '1 0 2', '2 0 3'));
  scene.server(1, [100, 180, 503]);
  const last = scene.server(3, [200]);
  scene.call();
  await scene.world.runFor(9_000);
  assert.deepEqual(secondsOf(last, 'INVITE'), [8]);
  assert.deepEqual(scene.heard(), ['100 INVITE', '180 INVITE', '200 INVITE']);
});

test('a server that has said anything is not left because it is slow (RFC 3263 §4.3)', async () => {
  for (const method of ['INVITE', 'MESSAGE']) {
    const scene = await createScene(zoneOf('0 0 1', '1 0 2'));
    scene.server(1, [100]);
    const next = scene.server(2, [200]);
    scene.call({ method });
    await scene.world.runFor(40_000);
    assert.deepEqual(next.labels, []);
  }
});

test('a server that rings after it was left is cancelled (RFC 3261 §9.1)', async () => {
  const scene = await createScene(zoneOf('0 0 1', '1 0 2'));
  const late = scene.server(1, []);
  scene.server(2, [180, 200]);
  scene.call();
  await scene.world.runFor(9_000);
  assert.equal(late.labels.length, 5, 'until it was left');
  late.say(late.heard[0], [180]);
  await scene.world.runFor(100);
  assert.deepEqual(late.labels.slice(5), ['CANCEL']);
  assert.deepEqual(scene.heard(), ['100 INVITE', '180 INVITE', '200 INVITE']);
});

test('a server that answers after it was left: its 2xx reaches the caller, the one that rings meanwhile is cancelled (RFC 3261 §16.7 step 5)', async () => {
  const scene = await createScene(zoneOf('0 0 1', '1 0 2'));
  const [late, ringing] = [scene.server(1, []), scene.server(2, [180])];
  scene.call();
  await scene.world.runFor(9_000);
  late.say(late.heard[0], [200]);
  await scene.world.runFor(100);
  assert.deepEqual(scene.heard(), ['100 INVITE', '180 INVITE', '200 INVITE']);
  assert.deepEqual(ringing.labels, ['INVITE', 'CANCEL']);
  ringing.say(ringing.heard[0], [200]);
  await scene.world.runFor(100);
  assert.deepEqual(scene.heard(), ['200 INVITE'], 'the caller ends that call');
});

test('what a silent server says while the next one is looked for counts (RFC 3263 §4.3)', async () => {
  for (const [said, toNext] of [
    [180, []],
    [503, ['INVITE']],
  ] as const) {
    const scene = await createScene(zoneOf('0 0 1', '1 0 2'), { lookupMs: 1_000 });
    const [late, next] = [scene.server(1, []), scene.server(2, [])];
    scene.call();
    // Three questions, eight seconds of silence, and a half of the question that comes then.
    await scene.world.runFor(11_500);
    late.say(late.heard[0], [said]);
    await scene.world.runFor(800);
    assert.deepEqual(next.labels, toNext, String(said));
    assert.ok(!late.labels.includes('CANCEL'));
    assert.deepEqual(
      scene.events.filter(({ type }) => type === 'fault'),
      [],
    );
  }
});

test('a CANCEL during the look-up ends the call: no server hears of it (RFC 3261 §9.2)', async () => {
  const scene = await createScene(zoneOf('0 0 1'), { lookupMs: 1_000 });
  const server = scene.server(1, [180]);
  scene.call();
  await scene.world.runFor(1_500);
  scene.call({ method: 'CANCEL' });
  await scene.world.runFor(5_000);
  assert.deepEqual(server.labels, []);
  assert.deepEqual(new Set(scene.heard()), new Set(['100 INVITE', '200 CANCEL', '487 INVITE']));
});

test('a CANCEL goes to the server that rings now, and no further one is tried (RFC 3261 §16.10)', async () => {
  const scene = await createScene(zoneOf('0 0 1', '1 0 2', '2 0 3'));
  const [full, ringing, last] = [scene.server(1, [503]), scene.server(2, [180]), scene.server(3, [200])];
  scene.call();
  await scene.world.runFor(400);
  scene.call({ method: 'CANCEL' });
  await scene.world.runFor(100);
  assert.deepEqual([full.labels, ringing.labels, last.labels], [['INVITE', 'ACK'], ['INVITE', 'CANCEL'], []]);
  ringing.say(ringing.heard[0], [503]);
  await scene.world.runFor(10_000);
  assert.deepEqual(last.labels, []);
  assert.equal(scene.heard().filter((label) => label === '487 INVITE').length > 0, true);
});

test('a CANCEL while a server is silent: no other one is tried (RFC 3261 §16.10)', async () => {
  const scene = await createScene(zoneOf('0 0 1', '1 0 2'));
  const next = scene.server(2, [200]);
  scene.call();
  await scene.world.runFor(4_000);
  scene.call({ method: 'CANCEL' });
  await scene.world.runFor(40_000);
  assert.deepEqual(next.labels, []);
  assert.ok(scene.heard().includes('487 INVITE'));
});

test('servers of one priority are chosen by their weight, of the next one none while they live (RFC 2782)', async () => {
  const scene = await createScene(zoneOf('0 80 1', '0 20 2', '1 100 3'));
  const servers = [1, 2, 3].map((number) => scene.server(number, [200]));
  for (let i = 0; i < 5; i += 1) await messages(scene, 40);
  const [many = 0, few = 0, none = -1] = servers.map(({ labels }) => labels.length);
  assert.equal(many + few, 200);
  assert.ok(many > 140 && many < 180, `${many} of 200`);
  assert.equal(none, 0);
});

test('a request of more than 1300 bytes goes over TCP, and as a datagram where TCP is refused (RFC 3261 §18.1.1)', async () => {
  const big = { method: 'MESSAGE', lines: [`X-Long: ${'x'.repeat(1_300)}`] };
  const scene = await createScene(zoneOf('0 0 1'));
  const datagrams = scene.server(1, [200]);
  scene.call(big);
  await scene.world.runFor(400);
  assert.deepEqual([datagrams.labels, scene.heard()], [['MESSAGE'], ['200 MESSAGE']]);
  const other = await createScene(zoneOf('0 0 1'));
  const [small, stream] = [other.server(1, [200]), other.server(1, [200], 'tcp')];
  other.call(big);
  await other.world.runFor(400);
  assert.deepEqual([small.labels, stream.labels, other.heard()], [[], ['MESSAGE'], ['200 MESSAGE']]);
});

test('a stateless proxy sends a request, its copies and its CANCEL to one server, the same for every seed (RFC 3263 §4.4)', async () => {
  const config = { proxy: { stateless: true } };
  for (const seed of [1, 2, 3]) {
    const scene = await createScene(zoneOf('0 10 2', '0 10 1', '1 10 3'), { seed, config });
    const servers = [1, 2, 3].map((number) => scene.server(number, [100, 180]));
    for (let i = 0; i < 8; i += 1) {
      const call = { id: `call-${i}` };
      scene.call(call);
      scene.call(call);
      scene.call({ ...call, method: 'CANCEL' });
    }
    await scene.world.runFor(400);
    assert.deepEqual(
      servers.map(({ labels }) => labels.length),
      [24, 0, 0],
    );
  }
});
