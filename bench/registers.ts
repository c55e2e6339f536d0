import { hash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { bufferText, createHash, createMemoryStore, createRandom } from '@strowger/node';
import { createServer, loadConfig } from '@strowger/server';
import type { Clock, Transport, TransportListener } from '@strowger/sip/engine';
import { tableResolver } from '@strowger/sip/resolve';
import { medianOf } from './history.ts';

/**
 * REGISTER, OPTIONS and redirected INVITE without a socket: what each costs in our own code, and what is kept of one when it is
 * over. Only the server's work is timed; the client's messages are made before. Prints microseconds of CPU for one turn of the
 * scenario: `node bench/registers.ts [--only register,options] [--count 4000] [--rounds 20]`, and with `--expose-gc` bytes of heap.
 */
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    count: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '20' },
  },
});
const count = Number(flags.count);
const rounds = Number(flags.rounds);

const DOMAIN = 'bench.test';
const PORT = 15_060;
const CLIENT = 15_080;
const CONTACT = '127.0.0.1:15090';
const USERS = Array.from({ length: 1000 }, (_, i) => `u${String(i).padStart(6, '0')}`);

/** One scenario: the messages of turn `id` in order, each made from the answer to the one before. */
interface Scenario {
  readonly name: string;
  readonly config: string;
  readonly steps: readonly ((id: number, answer: string) => string)[];
  /** How the last answer that there is begins. */
  readonly ends: string;
}

const userOf = (id: number): string => USERS[id % USERS.length] ?? '';
const lineOf = (text: string, name: string): string => text.split('\r\n').find((line) => line.startsWith(name)) ?? '';

const head = (method: string, uri: string, id: number, branch: string): string =>
  `${method} ${uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${CLIENT};branch=z9hG4bK-771-${id}-${branch};rport\r\nMax-Forwards: 70\r\n`;

function registration(id: number, seq: number, extra: string): string {
  const address = `<sip:${userOf(id)}@${DOMAIN}>`;
  return `${head('REGISTER', `sip:${DOMAIN}`, id, String(seq))}From: ${address};tag=771r${id}\r\nTo: ${address}\r\nCall-ID: ${id}-771@127.0.0.1\r\nCSeq: ${seq} REGISTER\r\nContact: <sip:${userOf(id)}@${CONTACT}>\r\nExpires: 3600\r\n${extra}User-Agent: bench-uac\r\nContent-Length: 0\r\n\r\n`;
}

/** RFC 7616 §3.4, in the form that SIPp writes it. */
function authorization(id: number, challenge: string): string {
  const nonce = /nonce="([^"]*)"/.exec(challenge)?.[1] ?? '';
  const [user, uri, cnonce] = [userOf(id), `sip:${DOMAIN}:${PORT}`, (id >>> 0).toString(16)];
  const ha1 = hash('md5', `${user}:${DOMAIN}:secret`);
  const response = hash('md5', `${ha1}:${nonce}:00000001:${cnonce}:auth:${hash('md5', `REGISTER:${uri}`)}`);
  return `Authorization: Digest username="${user}",realm="${DOMAIN}",cnonce="${cnonce}",nc=00000001,qop=auth,uri="${uri}",nonce="${nonce}",response="${response}",algorithm=MD5\r\n`;
}

function invitation(method: 'INVITE' | 'ACK', id: number, to: string): string {
  const rest = `From: <sip:caller@${DOMAIN}>;tag=771d${id}\r\n${to}\r\nCall-ID: ${id}-771d@127.0.0.1\r\nCSeq: 1 ${method}\r\n`;
  return `${head(method, `sip:${userOf(id)}@${DOMAIN}`, id, 'i')}${rest}Contact: <sip:caller@127.0.0.1:${CLIENT}>\r\nContent-Length: 0\r\n\r\n`;
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'register', config: 'auth: none', steps: [(id) => registration(id, 1, '')], ends: 'SIP/2.0 200' },
  {
    name: 'register-auth',
    config: `auth: digest\nusers:\n${USERS.map((name) => `  - { name: ${name}, password: secret }`).join('\n')}`,
    steps: [
      (id) => registration(id, 1, ''),
      (id, answer) => registration(id, 2, authorization(id, lineOf(answer, 'WWW-Authenticate'))),
    ],
    ends: 'SIP/2.0 200',
  },
  {
    name: 'options',
    config: 'auth: none',
    steps: [
      (id) =>
        `${head('OPTIONS', `sip:127.0.0.1:${PORT}`, id, 'o')}From: <sip:caller@${DOMAIN}>;tag=771o${id}\r\nTo: <sip:127.0.0.1:${PORT}>\r\nCall-ID: ${id}-771@127.0.0.1\r\nCSeq: 1 OPTIONS\r\nContact: <sip:caller@127.0.0.1:${CLIENT}>\r\nAccept: application/sdp\r\nContent-Length: 0\r\n\r\n`,
    ],
    ends: 'SIP/2.0 200',
  },
  {
    name: 'redirect',
    config: 'auth: none\nredirect: true',
    steps: [
      (id) => invitation('INVITE', id, `To: <sip:${userOf(id)}@${DOMAIN}>`),
      (id, answer) => invitation('ACK', id, lineOf(answer, 'To:')),
    ],
    ends: 'SIP/2.0 302',
  },
];

/** A server of which nothing leaves but what it says to `exchange`. */
async function openServer({ config }: Scenario): Promise<Subject> {
  const loaded = loadConfig(
    `domains: [${DOMAIN}]\nlisten: [udp:127.0.0.1:${PORT}]\ndata: memory\n${config}\n`,
    'bench',
  );
  if (loaded.type === 'faults') throw new Error('the configuration of the benchmark is wrong');
  const time = { now: 0 };
  const clock: Clock = {
    now: () => time.now,
    unix: () => 1_790_000_000_000 + Math.floor(time.now),
    wakeAt: () => undefined,
    sleep: () => undefined,
  };
  let listener: TransportListener | undefined;
  const answers: Uint8Array[] = [];
  const transport: Transport = {
    local: { protocol: 'udp', host: '127.0.0.1', port: PORT },
    reusesBuffers: false,
    send: (bytes) => void answers.push(bytes),
    flush: () => undefined,
    disconnect: () => undefined,
    close: async () => undefined,
  };
  const store = createMemoryStore();
  const { engine } = await createServer(loaded.config, {
    clock,
    random: createRandom(),
    text: bufferText,
    hash: createHash(),
    resolver: tableResolver(() => []),
    locations: store.locations,
    users: store.users,
    settings: store.settings,
    open: async (_listen, of) => {
      listener = of;
      return [transport];
    },
  });
  return {
    pass: (ms) => {
      time.now += ms;
      engine.core.resume(() => engine.core.wheel.advance(engine.core.now));
    },
    exchange: (messages) => {
      answers.length = 0;
      const items = messages.map((text) => ({ bytes: Buffer.from(text, 'latin1'), host: '127.0.0.1', port: CLIENT }));
      const before = process.cpuUsage();
      for (let i = 0; i < items.length; i += BATCH) {
        time.now += BATCH / REQUESTS_A_MS;
        listener?.onDatagrams(transport, items.slice(i, i + BATCH), Math.min(BATCH, items.length - i));
      }
      const { user, system } = process.cpuUsage(before);
      return { answers: answers.map((bytes) => Buffer.from(bytes).toString('latin1')), cpuUs: user + system };
    },
    kept: () => engine.core.servers.size,
  };
}

interface Subject {
  /** Lets time pass: what is over is forgotten. */
  pass(ms: number): void;
  exchange(messages: readonly string[]): { readonly answers: readonly string[]; readonly cpuUs: number };
  /** How many transactions there are. */
  kept(): number;
}

/** One round: `count` turns side by side. Microseconds of CPU for one of them. */
function turn(subject: Subject, { name, steps, ends }: Scenario, first: number, turns: number): number {
  let answers: readonly string[] = [];
  let cpuUs = 0;
  for (const step of steps) {
    const said = subject.exchange(Array.from({ length: turns }, (_, i) => step(first + i, answers[i] ?? '')));
    if (said.answers.length > 0) answers = said.answers;
    cpuUs += said.cpuUs;
  }
  if (answers.length !== turns || !answers.every((answer) => answer.startsWith(ends)))
    throw new Error(`${name}: not what was expected, but ${answers[0]}`);
  return cpuUs / turns;
}

/** What one transaction holds until it is forgotten: the heap with them against the heap without. */
function bytesKept(subject: Subject, scenario: Scenario, first: number): number {
  for (let i = 0; i < KEPT_ROUNDS; i += 1) turn(subject, scenario, first + i * USERS.length, USERS.length);
  const before = { heap: heapNow(), kept: subject.kept() };
  subject.pass(FORGOTTEN_MS);
  return (before.heap - heapNow()) / (before.kept - subject.kept());
}

function heapNow(): number {
  global.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** As the engine gets them from a busy socket. */
const BATCH = 16;
const REQUESTS_A_MS = 4;
const WARM_ROUNDS = 6;
const KEPT_ROUNDS = 20;
const FORGOTTEN_MS = 40_000;

const wanted = flags.only?.split(',');
for (const scenario of SCENARIOS.filter(({ name }) => wanted === undefined || wanted.includes(name))) {
  const subject = await openServer(scenario);
  const registered = SCENARIOS[0];
  if (scenario.name === 'redirect' && registered !== undefined) turn(subject, registered, 0, USERS.length);
  let id = 1_000_000;
  const measured: number[] = [];
  for (let round = -WARM_ROUNDS; round < rounds; round += 1) {
    const us = turn(subject, scenario, id, count);
    id += count;
    if (round >= 0) measured.push(us);
  }
  const sorted = measured.toSorted((a, b) => a - b);
  const said = [
    scenario.name.padEnd(14),
    `min ${sorted[0]?.toFixed(1)}`,
    `p25 ${sorted[sorted.length >> 2]?.toFixed(1)}`,
    `median ${medianOf(sorted).toFixed(1)} us of CPU`,
  ];
  if (global.gc !== undefined)
    said.push(`${Math.round(bytesKept(subject, scenario, id))} bytes for a transaction that is over`);
  console.log(said.join('  '));
}
