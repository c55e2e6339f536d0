import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { medianOf, remember } from './history.ts';
import { cpuMsOf, memoryOf } from './process.ts';
import { openClient, type StreamClient, type StreamProtocol } from './stream-client.ts';
import { type StreamSubject, startKamailioStreams, startStrowgerStreams } from './stream-servers.ts';

/**
 * What connections cost, beside Kamailio in the same run: TLS handshakes for a CPU second; messages for a CPU second over 1, 100 and
 * 10,000 connections of TCP and WebSocket; bytes for an idle connection; phones that register over TLS and stay.
 * `node bench/connections.ts [--only handshakes,messages,idle,phones] [--connections 10000] [--no-history]`.
 */
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: 'handshakes,messages,idle,phones' },
    connections: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    'no-history': { type: 'boolean', default: false },
  },
});
const PORT = 15_070;
const MOST = Number(flags.connections);
const [SERVER_CPU, LOAD_CPU] = cpus().length > 1 ? [0, 1] : [undefined, undefined];
if (LOAD_CPU !== undefined)
  execFileSync('taskset', ['-cp', String(LOAD_CPU), String(process.pid)], { stdio: 'ignore' });
let lastNumber = 0;
const figures = new Map<string, number>();
const STARTS = [startStrowgerStreams, startKamailioStreams];
const wanted = flags.only.split(',');

if (wanted.includes('handshakes')) await eachSubject('tls', handshakes);
if (wanted.includes('messages')) for (const protocol of ['tcp', 'ws'] as const) await eachSubject(protocol, messages);
if (wanted.includes('idle')) for (const protocol of ['tcp', 'ws', 'tls'] as const) await eachSubject(protocol, idle);
if (wanted.includes('phones')) await eachSubject('tls', phones);

async function eachSubject(
  protocol: StreamProtocol,
  measure: (subject: StreamSubject, protocol: StreamProtocol) => Promise<void>,
): Promise<void> {
  for (const start of STARTS) {
    const subject = await start({ port: PORT, cpu: SERVER_CPU, protocol });
    try {
      await measure(subject, protocol);
    } finally {
      await subject.stop();
    }
  }
}

/** Full handshakes, ten at a time; the first thousand warm up. */
async function handshakes(subject: StreamSubject, protocol: StreamProtocol): Promise<void> {
  const many = async (count: number): Promise<void> => {
    await inTurn(count, 10, async (i) => {
      const client = await openClient(protocol, PORT, i);
      client.end();
    });
  };
  await many(1_000);
  const results: number[] = [];
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    const before = cpuMsOf(subject.pid);
    await many(2_000);
    results.push(2_000 / ((cpuMsOf(subject.pid) - before) / 1_000));
  }
  tell('tls handshakes', subject, medianOf(results), 'a CPU second');
}

async function messages(subject: StreamSubject, protocol: StreamProtocol): Promise<void> {
  const warm = await openMany(protocol, 10);
  await exchange(warm, 10_000, 10);
  for (const client of warm) client.end();
  for (const count of [1, 100, MOST]) {
    const clients = await openMany(protocol, count);
    await exchange(clients, Math.max(count, 2_000), 50);
    const results: number[] = [];
    for (let round = 0; round < Number(flags.rounds); round += 1) {
      const total = Math.max(count, 10_000);
      const before = cpuMsOf(subject.pid);
      await exchange(clients, total, 50);
      results.push(total / ((cpuMsOf(subject.pid) - before) / 1_000));
    }
    tell(`options over ${count} ${protocol} connections`, subject, medianOf(results), 'a CPU second');
    for (const client of clients) client.end();
    await sleep(1_000);
  }
}

/** A new server that has seen a few connections, before and after it got many: each says one thing and is silent. */
async function idle(subject: StreamSubject, protocol: StreamProtocol): Promise<void> {
  const few = await openMany(protocol, 100);
  await exchange(few, 1_000, 20);
  await sleep(2_000);
  const before = memoryOf(subject.pid);
  const clients = await openMany(protocol, MOST);
  await exchange(clients, MOST, 50);
  await sleep(35_000); // what is kept of the requests is gone then
  await exchange(few, 3_000, 20);
  tell(`memory of an idle ${protocol} connection`, subject, (memoryOf(subject.pid) - before) / MOST, 'bytes');
  for (const client of [...few, ...clients]) client.end();
}

/** Phones register over TLS and send a keep-alive every two minutes: what they hold, and what a minute of that costs. */
async function phones(subject: StreamSubject, protocol: StreamProtocol): Promise<void> {
  const warm = await openMany(protocol, 100);
  await exchange(warm, 2_000, 20);
  const memory = memoryOf(subject.pid);
  const before = cpuMsOf(subject.pid);
  const clients = await openMany(protocol, MOST);
  await inTurn(MOST, 20, async (i) => await clients[i]?.ask(registerText(i)));
  tell('a phone comes over tls', subject, (cpuMsOf(subject.pid) - before) / (MOST / 1_000), 'ms CPU per 1000');
  await sleep(5_000);
  tell('memory of a phone over tls', subject, (memoryOf(subject.pid) - memory) / MOST, 'bytes');
  const quiet = cpuMsOf(subject.pid);
  await inTurn(MOST / 2, 50, async (i) => {
    clients[i]?.ping();
    if (i % 50 === 0) await sleep(5);
  });
  await sleep(3_000);
  tell('a minute of keep-alives of the phones', subject, cpuMsOf(subject.pid) - quiet, 'ms CPU');
  await exchange(clients, MOST, 50); // every one of them is still there
  for (const client of [...warm, ...clients]) client.end();
}

async function openMany(protocol: StreamProtocol, count: number): Promise<readonly StreamClient[]> {
  const clients: StreamClient[] = [];
  await inTurn(count, 20, async (i) => {
    clients[i] = await openClient(protocol, PORT, i);
  });
  return clients;
}

/** So many OPTIONS over the connections in turn, a few at a time, never two at once over one. */
async function exchange(clients: readonly StreamClient[], total: number, open: number): Promise<void> {
  await inTurn(Math.min(open, clients.length), open, async (lane) => {
    const lanes = Math.min(open, clients.length);
    const own = clients.filter((_, i) => i % lanes === lane);
    for (let i = 0; i < total / lanes; i += 1) await own[i % own.length]?.ask(optionsText());
  });
}

/** Does the work for 0 to count - 1, so many at a time. */
async function inTurn(count: number, open: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const i = next;
      next += 1;
      await work(i);
    }
  };
  await Promise.all(Array.from({ length: Math.min(open, count) }, lane));
}

function tell(what: string, subject: StreamSubject, value: number, unit: string): void {
  const peer = figures.get(what);
  figures.set(what, value);
  const ratio = peer === undefined ? undefined : peer / value;
  const beside = ratio === undefined ? '' : `  strowger has ${ratio.toFixed(2)} of it`;
  console.log(
    `${what.padEnd(44)} ${subject.name.padEnd(10)} ${Math.round(value).toLocaleString('en')} ${unit}${beside}`,
  );
  if (!flags['no-history']) remember([{ benchmark: what, subject: subject.name, value, unit, ratio }]);
}

function optionsText(): string {
  lastNumber += 1;
  return `OPTIONS sip:bench.test SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK${lastNumber};rport\r\nMax-Forwards: 70\r\nFrom: <sip:load@load.test>;tag=${lastNumber}\r\nTo: <sip:bench.test>\r\nCall-ID: ${lastNumber}@load.test\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`;
}

function registerText(i: number): string {
  lastNumber += 1;
  return `REGISTER sip:bench.test SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bK${lastNumber};rport\r\nMax-Forwards: 70\r\nFrom: <sip:u${i}@bench.test>;tag=${lastNumber}\r\nTo: <sip:u${i}@bench.test>\r\nCall-ID: ${i}@phone.test\r\nCSeq: ${lastNumber} REGISTER\r\nContact: <sip:u${i}@127.0.0.${2 + (i % 100)}:9;transport=tls>;expires=3600\r\nContent-Length: 0\r\n\r\n`;
}
