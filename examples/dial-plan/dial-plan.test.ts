import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ConfigSchema, createServer } from '@strowger/server';
import { headersOf, type Message } from '@strowger/sip/message';
import {
  createPhone,
  createVirtualPorts,
  createVirtualStore,
  createWorld,
  type Phone,
  play,
  type World,
} from '@strowger/testkit';
import { createDialPlan, isOfficeHours } from './dial-plan.ts';

const MONDAY_NOON = Date.UTC(2026, 0, 5, 12);
const SUNDAY_NOON = Date.UTC(2026, 0, 4, 12);

/** A world with the server, where alice calls bob, who has a phone on his desk and a mobile behind a gateway. */
async function createOffice(unix: number) {
  const world = createWorld({ unix });
  const alice = phoneOf(world, 'alice', '10.0.0.10');
  const host = world.host('10.0.0.1', { name: 'server' });
  const desk = phoneOf(world, 'bob', '10.0.0.20', 'desk');
  const mobile = phoneOf(world, 'bob', '10.0.0.30', 'mobile');
  const voicemail = phoneOf(world, 'bob', '10.0.0.40', 'voicemail');
  const names = { 'gateway.example': ['10.0.0.30'], 'voicemail.example': ['10.0.0.40'] };
  const store = createVirtualStore(world);
  const config = ConfigSchema.parse({
    domains: ['example.com'],
    listen: ['udp:10.0.0.1:5060'],
    users: ['alice', 'bob'].map((name) => ({ name, password: name })),
  });
  const ports = { ...createVirtualPorts(world, host, { names }), ...store };
  await createServer(config, ports, { app: createDialPlan(ports) });
  await play(world, () => desk.register());
  return { world, alice, desk, mobile, voicemail };
}

function phoneOf(world: World, user: string, at: string, name = user): Phone {
  const server = { host: '10.0.0.1', port: 5060 };
  return createPhone(world, { aor: `sip:${user}@example.com`, at, name, password: user, server });
}

test('office hours are those of the office, in summer and in winter', () => {
  assert.equal(isOfficeHours(Date.UTC(2026, 0, 5, 8, 59)), false);
  assert.equal(isOfficeHours(Date.UTC(2026, 0, 5, 9, 0)), true);
  assert.equal(isOfficeHours(Date.UTC(2026, 6, 6, 8, 0)), true, 'nine in the British summer');
  assert.equal(isOfficeHours(Date.UTC(2026, 6, 6, 16, 0)), false);
  assert.equal(isOfficeHours(SUNDAY_NOON), false);
});

test('desk and mobile ring together; after 20 seconds both are cancelled and the voicemail answers', async () => {
  const { world, alice, desk, mobile } = await createOffice(MONDAY_NOON);
  for (const phone of [desk, mobile]) phone.onInvite = (call) => call.ring();
  const before = world.traffic.length;
  await play(world, async () => {
    const call = alice.call('sip:bob@example.com');
    await call.answered;
    await call.dialog.bye();
  });
  assert.equal(`${world.ladder({ form: 'columns', last: world.traffic.length - before })}\n`, ladderOfReadme());
});

test('whoever answers first has the call, and the other phone stops ringing (RFC 3261 §16.7 step 10)', async () => {
  const { world, alice, desk, mobile } = await createOffice(MONDAY_NOON);
  desk.onInvite = (call) => call.ring();
  mobile.onInvite = (call) => void world.after(5_000, () => call.accept());
  assert.equal((await play(world, () => alice.call('sip:bob@example.com').answered)).status, 200);
  await world.runFor(1_000);
  assert.equal(desk.incoming[0]?.isCancelled, true);
});

test('only the copy for the mobile says that the call was forwarded', async () => {
  const { world, alice, desk, mobile } = await createOffice(MONDAY_NOON);
  await play(world, () => alice.call('sip:bob@example.com').answered);
  assert.equal(headerOf(mobile.incoming[0]?.request, 'Alert-Info'), '<urn:alert:service:forward>');
  assert.equal(headerOf(desk.incoming[0]?.request, 'Alert-Info'), undefined);
});

test('out of office hours the voicemail answers at once and knows why', async () => {
  const { world, alice, desk, voicemail } = await createOffice(SUNDAY_NOON);
  assert.equal((await play(world, () => alice.call('sip:bob@example.com').answered)).status, 200);
  const diverted = headerOf(voicemail.incoming[0]?.request, 'Diversion');
  assert.deepEqual([diverted, desk.incoming], ['<sip:bob@example.com>;reason=time-of-day', []]);
});

test('when not even the voicemail takes the call, the caller is told when to try again', async () => {
  const { world, alice, desk, mobile, voicemail } = await createOffice(MONDAY_NOON);
  for (const phone of [desk, mobile, voicemail]) phone.onInvite = (call) => call.reject(486);
  const { status, response } = await play(world, () => alice.call('sip:bob@example.com').answered);
  assert.deepEqual([status, headerOf(response, 'Retry-After')], [480, '300']);
});

test('a phone that has the server as its outbound proxy reaches bob all the same (RFC 3261 §16.4)', async () => {
  const { world, alice } = await createOffice(MONDAY_NOON);
  const routes = ['sip:10.0.0.1;lr'];
  assert.equal((await play(world, () => alice.call('sip:bob@example.com', { routes }).answered)).status, 200);
});

test('every other call goes where it went before', async () => {
  const { world, alice, desk } = await createOffice(SUNDAY_NOON);
  await play(world, () => alice.register());
  assert.equal((await play(world, () => desk.call('sip:alice@example.com').answered)).status, 200);
  assert.equal((await play(world, () => desk.call('sip:nobody@example.com').answered)).status, 404);
});

const headerOf = (message: Message | undefined, header: string): string | undefined =>
  message && [...headersOf(message)].find(([name]) => name === header)?.[1];

/** The picture in the README beside this file: it shows what really happens. */
function ladderOfReadme(): string | undefined {
  const text = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  return /^```text\n([\s\S]*?)^```$/m.exec(text)?.[1];
}
