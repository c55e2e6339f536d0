import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import type { NameFault, NameFaultCode, RecordType } from '@strowger/sip/resolve';
import { printServer, type ServerAddress } from './server-address.ts';
import { type Reply, readReply, type SentQuestion, writeQuestion } from './wire.ts';

/** What became of one question at one server. */
export type Outcome<T extends RecordType> = Exclude<Reply<T>, { type: 'foreign' | 'truncated' }>;

/**
 * Asks one server one question by UDP, and again by TCP where the answer does not fit. Each question has a socket of its
 * own, so its port is as hard to guess as its number (RFC 5452 §4.5, §9.2); the socket hears nobody but the server.
 */
export async function exchange<T extends RecordType>(
  server: ServerAddress,
  name: string,
  type: T,
  timeoutMs: number,
): Promise<Outcome<T>> {
  const endsAt = performance.now() + timeoutMs;
  const sent = (): SentQuestion<T> => ({ id: randomInt(65_536), name, type });
  const leftMs = (): number => Math.max(1, endsAt - performance.now());
  let reply = await byUdp(server, sent(), 'with EDNS', leftMs());
  // RFC 6891 §7: a server from before EDNS cannot read the question.
  if (reply.type === 'fault' && reply.code === 'FORMERR') reply = await byUdp(server, sent(), 'plain', leftMs());
  if (reply.type === 'truncated') reply = await byTcp(server, sent(), leftMs());
  if (reply.type === 'truncated') return faultOf('malformed', 'a truncated answer by TCP', server);
  if (reply.type === 'fault') return faultOf(reply.code, reply.text, server);
  return reply.type === 'foreign' ? faultOf('malformed', 'no answer to the question', server) : reply;
}

function byUdp<T extends RecordType>(
  server: ServerAddress,
  sent: SentQuestion<T>,
  edns: 'with EDNS' | 'plain',
  timeoutMs: number,
): Promise<Reply<T>> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(server.host) ? 'udp6' : 'udp4');
    const end = (reply: Reply<T>): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close();
      resolve(reply);
    };
    const timer = setTimeout(() => end(TIMED_OUT), timeoutMs);
    socket.on('error', (error) => end(unreachable(error)));
    socket.on('message', (bytes) => {
      const reply = readReply(bytes, sent);
      if (reply.type !== 'foreign') end(reply);
    });
    socket.on('connect', () => socket.send(writeQuestion(sent, edns)));
    socket.connect(server.port, server.host);
  });
}

function byTcp<T extends RecordType>(
  server: ServerAddress,
  sent: SentQuestion<T>,
  timeoutMs: number,
): Promise<Reply<T>> {
  return new Promise((resolve) => {
    const socket = connect(server.port, server.host);
    const end = (reply: Reply<T>): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reply);
    };
    const timer = setTimeout(() => end(TIMED_OUT), timeoutMs);
    let received: Buffer = Buffer.alloc(0);
    socket.on('error', (error) => end(unreachable(error)));
    socket.on('close', () => end({ type: 'fault', code: 'unreachable', text: 'the end of the connection' }));
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (received.length < 2) return;
      const length = received.readUInt16BE(0);
      if (length > MAX_BYTES) return end({ type: 'fault', code: 'malformed', text: `an answer of ${length} bytes` });
      if (received.length >= length + 2) end(readReply(received.subarray(2, length + 2), sent));
    });
    const question = writeQuestion(sent, 'plain');
    socket.write(Buffer.from([question.length >> 8, question.length & 255, ...question]));
  });
}

function faultOf(code: NameFaultCode, text: string, server: ServerAddress): NameFault {
  return { type: 'fault', code, text: `${text} from ${printServer(server)}` };
}

const unreachable = (error: NodeJS.ErrnoException): Reply<never> => ({
  type: 'fault',
  code: 'unreachable',
  text: error.code ?? error.message,
});

const TIMED_OUT = { type: 'fault', code: 'timeout', text: 'no answer in time' } as const;
/** Far beyond what the records of one name take. */
const MAX_BYTES = 32_768;
