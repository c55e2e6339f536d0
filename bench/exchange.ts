import { parseArgs } from 'node:util';
import { bufferText, createHash, createMemoryStore, createRandom } from '@strowger/node';
import { createServer, loadConfig } from '@strowger/server';
import type { Clock, Transport, TransportListener } from '@strowger/sip/engine';
import { tableResolver } from '@strowger/sip/resolve';

/**
 * Whole calls through the exchange without a socket: what a call costs in our own code. A caller and a callee live in the
 * transport and answer at once. Prints microseconds of CPU a call: `node bench/exchange.ts --calls 20000 --rounds 5`.
 */
const { values } = parseArgs({
  options: { calls: { type: 'string', default: '20000' }, rounds: { type: 'string', default: '5' } },
});
const calls = Number(values.calls);

let now = 0;
const clock: Clock = {
  now: () => now,
  unix: () => 1_790_000_000_000 + now,
  wakeAt: () => undefined,
  sleep: () => undefined,
};
const ENDPOINT = { protocol: 'udp', host: '127.0.0.1', port: 5060 } as const;
let listener: TransportListener | undefined;
let queue: { bytes: Uint8Array; port: number }[] = [];
const transport: Transport = {
  local: ENDPOINT,
  reusesBuffers: false,
  send: (bytes, _host, port) => void queue.push({ bytes, port }),
  flush: () => undefined,
  disconnect: () => undefined,
  close: async () => undefined,
};
const loaded = loadConfig('domains: [example.test]\nlisten: [udp:127.0.0.1:5060]\ndata: memory\nauth: none\n', 'bench');
if (loaded.type === 'faults') throw new Error('the configuration of the benchmark is wrong');
const store = createMemoryStore();
const server = await createServer(loaded.config, {
  clock,
  random: createRandom(),
  text: bufferText,
  hash: createHash(),
  resolver: tableResolver(() => []),
  locations: store.locations,
  users: store.users,
  settings: store.settings,
  open: async (_listen, engine) => {
    listener = engine;
    return [transport];
  },
});

const CALLER = 6001;
const CALLEE = 6002;
const SDP =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 6000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n';
const deliver = (text: string, port: number): void =>
  listener?.onDatagrams(transport, [{ bytes: Buffer.from(text, 'latin1'), host: '127.0.0.1', port }], 1);
const lineOf = (text: string, name: string): string =>
  text
    .split('\r\n')
    .filter((line) => line.startsWith(name))
    .join('\r\n');

deliver(
  `REGISTER sip:example.test SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${CALLEE};branch=z9hG4bKreg\r\nFrom: <sip:bob@example.test>;tag=r\r\nTo: <sip:bob@example.test>\r\nCall-ID: reg\r\nCSeq: 1 REGISTER\r\nContact: <sip:bob@127.0.0.1:${CALLEE}>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`,
  CALLEE,
);
queue = [];

const answer = (request: string, status: string, extra: string): string =>
  `SIP/2.0 ${status}\r\n${lineOf(request, 'Via:')}\r\n${lineOf(request, 'Record-Route:')}\r\n${lineOf(request, 'From:')}\r\n${lineOf(request, 'To:')}${request.includes('To: <sip:bob@example.test>;tag') ? '' : ';tag=callee'}\r\n${lineOf(request, 'Call-ID:')}\r\n${lineOf(request, 'CSeq:')}\r\n${extra}\r\n\r\n`.replace(
    '\r\n\r\nFrom',
    '\r\nFrom',
  );

/** The messages of one call as templates, made once by running a call slowly; then only identifiers change. */
function oneCall(id: number): void {
  const via = (branch: string): string =>
    `Via: SIP/2.0/UDP 127.0.0.1:${CALLER};branch=z9hG4bK-${id}-${branch};rport\r\n`;
  const dialog = `From: "Caller" <sip:alice@example.test>;tag=c${id}\r\nTo: <sip:bob@example.test>`;
  const rest = (seq: string): string => `Call-ID: ${id}-call@127.0.0.1\r\nCSeq: ${seq}\r\nMax-Forwards: 70\r\n`;
  deliver(
    `INVITE sip:bob@example.test SIP/2.0\r\n${via('i')}${dialog}\r\n${rest('1 INVITE')}Contact: <sip:alice@127.0.0.1:${CALLER}>\r\nUser-Agent: bench\r\nContent-Type: application/sdp\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`,
    CALLER,
  );
  const invite = Buffer.from(queue[1]?.bytes ?? []).toString('latin1');
  queue = [];
  deliver(answer(invite, '180 Ringing', `Contact: <sip:bob@127.0.0.1:${CALLEE}>\r\nContent-Length: 0`), CALLEE);
  queue = [];
  deliver(
    `${answer(invite, '200 OK', `Contact: <sip:bob@127.0.0.1:${CALLEE}>\r\nContent-Type: application/sdp\r\nContent-Length: ${SDP.length}`)}${SDP}`,
    CALLEE,
  );
  const accepted = Buffer.from(queue[0]?.bytes ?? []).toString('latin1');
  const route = lineOf(accepted, 'Record-Route:').replace('Record-Route', 'Route');
  deliver(
    `ACK sip:bob@127.0.0.1:${CALLEE} SIP/2.0\r\n${via('a')}${dialog};tag=callee\r\n${route}\r\n${rest('1 ACK')}Content-Length: 0\r\n\r\n`,
    CALLER,
  );
  queue = [];
  deliver(
    `BYE sip:bob@127.0.0.1:${CALLEE} SIP/2.0\r\n${via('b')}${dialog};tag=callee\r\n${route}\r\n${rest('2 BYE')}Content-Length: 0\r\n\r\n`,
    CALLER,
  );
  const bye = Buffer.from(queue[0]?.bytes ?? []).toString('latin1');
  deliver(answer(bye, '200 OK', 'Content-Length: 0'), CALLEE);
  if (
    id % 1000 === 0 &&
    !Buffer.from(queue[1]?.bytes ?? [])
      .toString('latin1')
      .startsWith('SIP/2.0 200')
  )
    throw new Error('the call did not end as it should');
  queue = [];
}

let id = 0;
for (let round = 0; round < Number(values.rounds); round += 1) {
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i += 1) {
    id += 1;
    now += 0.5;
    oneCall(id);
    if (i % 20 === 0) {
      server.engine.core.now = now;
      server.engine.core.wheel.advance(now);
    }
  }
  const used = process.cpuUsage(before);
  console.log(
    `round ${round + 1}: ${((used.user + used.system) / calls).toFixed(1)} us a call, ${server.engine.core.servers.size} server and ${server.engine.core.clients.size} client transactions, ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
  );
}
