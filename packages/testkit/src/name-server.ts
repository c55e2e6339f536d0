import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import {
  type DnsQuestion,
  dnsQuestionBytes,
  readDnsQuestion,
  writeDnsReply,
  type ZoneRecord,
} from './name-server-wire.ts';

/** What is answered to one question: the data of its records as zone files write them, or something else. */
export type NameAnswer =
  | readonly string[]
  | 'nodata'
  | 'nxdomain'
  | 'FORMERR'
  | 'SERVFAIL'
  | 'NOTIMP'
  | 'REFUSED'
  | 'silence'
  | 'truncated'
  | 'wrong id'
  | 'wrong question'
  | 'garbage'
  /** NOERROR and the name servers of somebody else. */
  | 'referral';

/** Says the answer each time; `count` is 1 for the first. */
export type NameScript = (how: 'udp' | 'tcp', count: number, packet: Buffer) => NameAnswer | readonly NameAnswer[];

/** By question: `'SRV _sip._udp.a.example'`. A question that is not here has a CNAME here (`'CNAME a.example'`), or no answer: NXDOMAIN. */
export type NameZone = Record<string, NameAnswer | NameScript>;

export interface NameServerOptions {
  readonly ttlSeconds?: number;
  /** The time to live and the minimum of the SOA record in "no" answers; without it they have none. */
  readonly soa?: readonly [ttlSeconds: number, minimumSeconds: number];
}

/** A name server of this process, on loopback, by UDP and TCP. */
export interface NameServer {
  readonly zone: NameZone;
  /** `udp A a.example` for each question, in order. */
  readonly asked: string[];
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  close(): Promise<void>;
}

export async function openNameServer(zone: NameZone, options: NameServerOptions = {}): Promise<NameServer> {
  const [datagrams, server] = await bindBoth();
  const asked: string[] = [];
  const connections = new Set<Socket>();
  const answers = (packet: Buffer, how: 'udp' | 'tcp'): readonly Buffer[] => {
    const question = readDnsQuestion(packet);
    const key = `${question.type} ${question.name}`;
    asked.push(`${how} ${key}`);
    const entry = zone[key];
    const count = asked.filter((one) => one === `${how} ${key}`).length;
    const answer = typeof entry === 'function' ? entry(how, count, packet) : entry;
    const all = isSeveral(answer) ? answer : [answer];
    return all.flatMap((one) => replyTo(question, one, zone, options));
  };
  datagrams.on('message', (packet, from) => {
    for (const reply of answers(packet, 'udp')) datagrams.send(reply, from.port, from.address);
  });
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => connections.delete(socket));
    socket.on('data', (bytes) => {
      for (const reply of answers(bytes.subarray(2), 'tcp')) {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(reply.length);
        // In two pieces, as a network may cut it.
        socket.write(length);
        socket.write(reply);
      }
    });
  });
  return {
    zone,
    asked,
    address: `127.0.0.1:${datagrams.address().port}`,
    close: async () => {
      datagrams.close();
      for (const socket of connections) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function replyTo(
  { id, name, type, bytes }: DnsQuestion,
  answer: NameAnswer | undefined,
  zone: NameZone,
  options: NameServerOptions,
): readonly Buffer[] {
  const { ttlSeconds = 60, soa } = options;
  const plain = { id, rcode: 0, isTruncated: false, question: bytes, answers: [], authorities: [] };
  const record = (owner: string, kind: string, data: string): ZoneRecord => ({
    name: owner,
    type: kind,
    ttlSeconds,
    data,
  });
  const authorities =
    soa === undefined ? [] : [{ ...record(name, 'SOA', `ns.a. root.a. 1 2 3 4 ${soa[1]}`), ttlSeconds: soa[0] }];
  if (answer === 'silence') return [];
  if (answer === 'garbage') return [Buffer.from([id >> 8, id & 255, 0x81])];
  if (answer === 'wrong id')
    return [writeDnsReply({ ...plain, id: id ^ 1, answers: [record(name, type, POISON[type] ?? '')] })];
  if (answer === 'wrong question')
    return [
      writeDnsReply({
        ...plain,
        question: dnsQuestionBytes('other.example', type),
        answers: [record(name, type, POISON[type] ?? '')],
      }),
    ];
  if (answer === 'truncated') return [writeDnsReply({ ...plain, isTruncated: true })];
  if (answer === 'referral') return [writeDnsReply({ ...plain, authorities: [record('example', 'NS', 'ns.example')] })];
  if (answer === 'nodata') return [writeDnsReply({ ...plain, authorities })];
  if (typeof answer === 'string' && answer !== 'nxdomain') return [writeDnsReply({ ...plain, rcode: RCODES[answer] })];
  if (typeof answer === 'object')
    return [writeDnsReply({ ...plain, answers: answer.map((data) => record(name, type, data)) })];
  const chain = chainOf(name, zone, record);
  const last = chain.at(-1);
  if (answer === 'nxdomain' || last === undefined) return [writeDnsReply({ ...plain, rcode: 3, authorities })];
  const found = zone[`${type} ${last.data}`];
  const records = Array.isArray(found) ? (found as readonly string[]).map((data) => record(last.data, type, data)) : [];
  return [writeDnsReply({ ...plain, answers: [...chain, ...records] })];
}

/** The aliases from a name on; at most twenty, so that a circle comes to an end. */
function chainOf(
  name: string,
  zone: NameZone,
  record: (owner: string, type: string, data: string) => ZoneRecord,
): readonly ZoneRecord[] {
  const chain: ZoneRecord[] = [];
  let at = name;
  while (chain.length < 20) {
    const entry = zone[`CNAME ${at}`];
    const target = typeof entry === 'object' ? entry[0] : undefined;
    if (target === undefined) break;
    chain.push(record(at, 'CNAME', target));
    at = target;
  }
  return chain;
}

/** One port of the system's choice for both; another one where TCP cannot have it. */
async function bindBoth(): Promise<readonly [Datagrams, Server]> {
  for (;;) {
    const datagrams = createSocket('udp4');
    datagrams.bind(0, '127.0.0.1');
    await once(datagrams, 'listening');
    const server = createServer();
    const isListening = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(datagrams.address().port, '127.0.0.1', () => resolve(true));
    });
    if (isListening) return [datagrams, server];
    datagrams.close();
  }
}

const isSeveral = (answer: NameAnswer | readonly NameAnswer[] | undefined): answer is readonly NameAnswer[] =>
  typeof answer === 'object' && answer.some((one) => typeof one === 'object' || SCRIPTED.has(one));

const RCODES = { FORMERR: 1, SERVFAIL: 2, NOTIMP: 4, REFUSED: 5 } as const;
const SCRIPTED: ReadonlySet<string> = new Set(['wrong id', 'wrong question', 'garbage', 'truncated', 'silence']);
/** What a forged answer brings. */
const POISON: Readonly<Record<string, string>> = {
  A: '203.0.113.66',
  AAAA: '2001:db8::66',
  SRV: '0 0 66 evil.example.',
};
