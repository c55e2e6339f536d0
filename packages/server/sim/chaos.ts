import {
  createPhone,
  createVirtualStore,
  createWorld,
  type IncomingCall,
  type Outcome,
  type OutgoingCall,
  type Phone,
  play,
  type SeededRandom,
  type VirtualStore,
  type World,
} from '@strowger/testkit';
import { createVirtualServer, type VirtualServer } from './virtual-server.ts';

/** A server of a random world, in its several lives. */
export interface ChaosServer {
  readonly name: string;
  readonly address: string;
  readonly domain: string;
  readonly store: VirtualStore;
  /** The settings of its proxy. */
  readonly proxy: string;
  /** The life of now. */
  server: VirtualServer;
}

/** What a phone asked of its registrar, and what it was told. */
export interface Registering {
  readonly aor: string;
  readonly contact: string;
  readonly phone: Phone;
  readonly expires: number;
  outcome: Outcome | undefined;
}

export interface Calling {
  readonly at: number;
  readonly caller: Phone;
  readonly uri: string;
  readonly call: OutgoingCall;
}

/** Everything that happened, for the invariants to look at. */
export interface Chaos {
  readonly world: World;
  readonly servers: readonly ChaosServer[];
  readonly phones: readonly Phone[];
  readonly registrations: readonly Registering[];
  readonly calls: readonly Calling[];
  /** When a server last crashed or a connection was cut: what began before has an excuse for much. */
  disturbedAt: number;
  /** Calls that still rang when everything was over. */
  readonly ringing: IncomingCall[];
}

/**
 * A random world: one or two servers and some phones call, message and register over bad paths while servers crash and
 * ways are cut. Then everything is healed, everybody hangs up, and so much time passes that nothing may be left.
 */
export async function createChaos(seed: number): Promise<Chaos> {
  const world = createWorld({ seed });
  const random = world.random('chaos');
  const servers: ChaosServer[] = [];
  const count = 1 + random.below(2);
  for (let i = 0; i < count; i += 1) servers.push(await addServer(world, i, random));
  const phones = Array.from({ length: 3 + random.below(4) }, (_, i) => addPhone(world, servers, i, random));
  const chaos: Chaos = { world, servers, phones, registrations: [], calls: [], disturbedAt: -1, ringing: [] };
  spoilPaths(chaos, random);
  for (const phone of phones) behave(phone, world, random);
  planRegistrations(chaos, random);
  planCalls(chaos, random);
  planDisasters(chaos, random);
  await world.run({ until: CHAOS_MS });
  heal(chaos);
  await world.run({ until: CHAOS_MS + CALM_MS });
  for (const { call } of chaos.calls) if (call.outcome === undefined) call.cancel();
  await world.runFor(QUIET_MS);
  for (const dialog of openDialogs(chaos)) void dialog.bye();
  chaos.ringing.push(...phones.flatMap((phone) => phone.incoming).filter(({ asked }) => !asked.isAnswered));
  for (const call of chaos.ringing) call.reject(480);
  await world.runFor(QUIET_MS);
  return chaos;
}

export const openDialogs = ({ calls, phones }: Chaos): OutgoingCall['dialogs'] =>
  [...calls.flatMap(({ call }) => call.dialogs), ...acceptedCalls(phones).map((call) => call.dialog)].filter(
    (dialog) => !dialog.isOver,
  );

export const acceptedCalls = (phones: readonly Phone[]): IncomingCall[] =>
  phones.flatMap((phone) => phone.incoming).filter(({ asked }) => (asked.said?.status ?? 0) === 200);

async function addServer(world: World, index: number, random: SeededRandom): Promise<ChaosServer> {
  const [name, address, domain] = [`server${index + 1}`, `10.0.${index}.1`, `d${index + 1}.example`];
  const store = createVirtualStore(world, { latencyMs: random.below(3) * 20 });
  const proxy = [
    'timerC: 181',
    `fork: ${random.below(3) === 0 ? 'serial' : 'parallel'}`,
    `recurse: ${random.below(2) === 0}`,
    `recordRoute: ${random.below(4) > 0}`,
  ].join(', ');
  const given = { name, address, domain, store, proxy };
  return { ...given, server: await play(world, () => startServer(world, given)) };
}

const startServer = (
  world: World,
  { name, address, domain, store, proxy }: Omit<ChaosServer, 'server'>,
): Promise<VirtualServer> =>
  createVirtualServer(world, address, `domains: [${domain}]\nusers: [${USERS}]\nproxy: { ${proxy} }\n`, {
    name,
    store,
    names: { 'd1.example': ['10.0.0.1'], 'd2.example': ['10.0.1.1'] },
  });

function addPhone(world: World, servers: readonly ChaosServer[], index: number, random: SeededRandom): Phone {
  const server = servers[random.below(servers.length)] ?? servers[0];
  if (server === undefined) throw new Error('a world without servers');
  const user = `u${random.below(4)}`;
  return createPhone(world, {
    aor: `sip:${user}@${server.domain}`,
    at: `10.1.0.${index + 1}`,
    name: `phone${index + 1}`,
    password: 'secret',
    server: { host: server.address, port: 5060 },
    protocol: random.below(4) === 0 ? 'tcp' : 'udp',
    proves: random.below(2) === 0 ? 'asked' : 'unasked',
  });
}

/** Each way between a phone and a server, and between servers, is bad in its own manner. */
function spoilPaths({ world, servers, phones }: Chaos, random: SeededRandom): void {
  const hosts = [...servers.map(({ name }) => name), ...phones.map((_, i) => `phone${i + 1}`)];
  for (const [i, a] of hosts.entries())
    for (const b of hosts.slice(i + 1))
      world.link(a, b).set({
        loss: random.fraction() * 0.2,
        delayMs: 1 + random.below(80),
        jitterMs: random.below(60),
        duplicate: random.fraction() * 0.1,
        reorder: random.fraction() * 0.2,
      });
}

/** How a phone takes calls: at once, late, not at all, or not this time. */
function behave(phone: Phone, world: World, random: SeededRandom): void {
  const own = world.random(`manners of ${phone.aor} ${random.uint32()}`);
  phone.onInvite = (call) => {
    call.ring();
    const manner = own.below(10);
    const ms = own.below(12_000);
    if (manner < 6) world.after(ms, () => call.accept());
    else if (manner < 8) world.after(ms, () => call.reject([486, 480, 603, 302][own.below(4)] ?? 486));
    else if (manner === 8) world.after(ms, () => call.ring(183));
    if (own.below(8) === 0) call.onCancel = () => call.accept();
  };
}

function planRegistrations(chaos: Chaos, random: SeededRandom): void {
  const { world, phones } = chaos;
  for (const phone of phones) {
    // RFC 3261 §10.2: no new registration before the last one has its answer.
    let last = register(chaos, phone, 3600);
    for (let i = 0; i < 3; i += 1) {
      const expires = random.below(4) === 0 ? 0 : 3600;
      world.after(2_000 + random.below(CHAOS_MS - 2_000), () => {
        last = last.then(() => register(chaos, phone, expires));
      });
    }
  }
}

async function register({ registrations }: Chaos, phone: Phone, expires: number): Promise<void> {
  const one: Registering = { aor: phone.aor, contact: phone.contact, phone, expires, outcome: undefined };
  (registrations as Registering[]).push(one);
  one.outcome = await phone.register({ expires });
}

function planCalls(chaos: Chaos, random: SeededRandom): void {
  const { world, phones } = chaos;
  for (const caller of phones) {
    for (let i = 0; i < 3; i += 1) {
      const uri = somebody(chaos, random);
      const giveUp = random.below(4) === 0 ? random.below(8_000) : 60_000 + random.below(30_000);
      const talk = random.below(10_000);
      const then = random.below(4);
      world.after(1_000 + random.below(CHAOS_MS - 1_000), () => {
        const call = caller.call(uri);
        (chaos.calls as Calling[]).push({ at: world.now, caller, uri, call });
        world.after(giveUp, () => (call.outcome === undefined ? call.cancel() : undefined));
        void call.answered.then((outcome) => {
          if (outcome.status === 200) world.after(talk, () => goOn(call, then));
        });
      });
    }
    const to = somebody(chaos, random);
    world.after(random.below(CHAOS_MS), () => void caller.message(to, 'hello'));
  }
}

/** Mostly the user of a phone, sometimes one who has none. */
function somebody({ phones, servers }: Chaos, random: SeededRandom): string {
  const [phone, server] = [phones[random.below(phones.length)], servers[random.below(servers.length)]];
  return random.below(8) === 0 ? `sip:u${random.below(5)}@${server?.domain}` : (phone?.aor ?? '');
}

/** What the caller does once the call is up. */
function goOn(call: OutgoingCall, then: number): void {
  const [dialog] = call.dialogs;
  if (dialog === undefined || dialog.isOver) return;
  if (then === 0) void dialog.invite();
  else if (then === 1) void dialog.request('INFO');
  else void dialog.bye();
}

/** Crashes of servers, and ways that are cut for some seconds. */
function planDisasters(chaos: Chaos, random: SeededRandom): void {
  const { world, servers, phones } = chaos;
  if (random.below(4) === 0) {
    const victim = servers[random.below(servers.length)];
    const at = random.below(CHAOS_MS);
    const down = 200 + random.below(8_000);
    if (victim !== undefined) world.at(at, () => crash(chaos, victim, down));
  }
  for (let i = 0; i < random.below(3); i += 1) {
    const [phone, server] = [
      `phone${1 + random.below(phones.length)}`,
      servers[random.below(servers.length)]?.name ?? '',
    ];
    const streams = random.below(6) === 0 ? 'reset' : 'stall';
    world.at(random.below(CHAOS_MS - 10_000), () => {
      world.link(phone, server).partition(streams);
      if (streams === 'reset') chaos.disturbedAt = world.now;
      world.after(random.below(9_000), () => world.link(phone, server).heal());
    });
  }
}

function crash(chaos: Chaos, victim: ChaosServer, downMs: number): void {
  const { world } = chaos;
  world.host(victim.address).crash();
  victim.store.crash();
  chaos.disturbedAt = world.now;
  world.after(downMs, () => {
    chaos.disturbedAt = world.now;
    void startServer(world, victim).then((server) => {
      victim.server = server;
      chaos.disturbedAt = world.now;
    });
  });
}

function heal({ world, servers, phones }: Chaos): void {
  const hosts = [...servers.map(({ name }) => name), ...phones.map((_, i) => `phone${i + 1}`)];
  for (const [i, a] of hosts.entries())
    for (const b of hosts.slice(i + 1)) {
      world.link(a, b).heal();
      world.link(a, b).set({ loss: 0, duplicate: 0, reorder: 0 });
    }
}

const USERS = Array.from({ length: 4 }, (_, i) => `{ name: u${i}, password: secret }`).join(', ');
const CHAOS_MS = 60_000;
/** Longer than Timer C and everything that follows it. */
const CALM_MS = 260_000;
/** Longer than any transaction. */
const QUIET_MS = 80_000;
