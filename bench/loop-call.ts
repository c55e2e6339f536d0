import { bufferText, createHash, createMemoryStore, createRandom } from '@strowger/node';
import { createServer, loadConfig } from '@strowger/server';
import type { Clock, Transport, TransportListener } from '@strowger/sip/engine';
import { tableResolver } from '@strowger/sip/resolve';

/** A call under way: what the next step needs of what the server has sent. */
export interface LoopCall {
  readonly id: number;
  /** The INVITE as the callee gets it. */
  invite: string;
  /** Our Record-Route as the caller gets it, turned into Route. */
  route: string;
  /** The BYE as the callee gets it. */
  bye: string;
}

/** One message of a call: made by a caller or callee, then given to the server, then what the server sent is looked at. */
export interface LoopStep {
  readonly name: string;
  readonly port: number;
  readonly make: (call: LoopCall) => Buffer;
  readonly look: (call: LoopCall, sent: readonly Uint8Array[]) => void;
}

/** An exchange whose transport ends in this process, with a caller and a callee who answer at once. */
export interface Loop {
  readonly steps: readonly LoopStep[];
  /** Gives a message to the server and returns what it sends on. */
  readonly deliver: (bytes: Uint8Array, port: number) => readonly Uint8Array[];
  /** Lets so many milliseconds pass for everything that `tick` looks at. */
  readonly pass: (ms: number) => void;
  /** Steps all timers that are due. */
  readonly tick: () => void;
  readonly transactions: () => { readonly servers: number; readonly clients: number };
}

export const newCall = (id: number): LoopCall => ({ id, invite: '', route: '', bye: '' });

export async function openLoop(): Promise<Loop> {
  let now = 0;
  const clock: Clock = {
    now: () => now,
    unix: () => 1_790_000_000_000 + now,
    wakeAt: () => undefined,
    sleep: () => undefined,
  };
  let listener: TransportListener | undefined;
  let sent: Uint8Array[] = [];
  const transport: Transport = {
    local: { protocol: 'udp', host: '127.0.0.1', port: 5060 },
    reusesBuffers: false,
    send: (bytes) => void sent.push(bytes),
    flush: () => undefined,
    disconnect: () => undefined,
    close: async () => undefined,
  };
  const loaded = loadConfig(
    'domains: [example.test]\nlisten: [udp:127.0.0.1:5060]\ndata: memory\nauth: none\n',
    'bench',
  );
  if (loaded.type === 'faults') throw new Error('the configuration of the benchmark is wrong');
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
    open: async (_listen, opened) => {
      listener = opened;
      return [transport];
    },
  });
  const { core } = engine;
  const deliver = (bytes: Uint8Array, port: number): readonly Uint8Array[] => {
    listener?.onDatagrams(transport, [{ bytes, host: '127.0.0.1', port }], 1);
    const all = sent;
    sent = [];
    return all;
  };
  deliver(bytesOf(REGISTER), CALLEE);
  return {
    steps: STEPS,
    deliver,
    pass: (ms) => {
      now += ms;
    },
    tick: () => {
      core.now = now;
      core.wheel.advance(now);
    },
    transactions: () => ({ servers: core.servers.size, clients: core.clients.size }),
  };
}

const CALLER = 6001;
const CALLEE = 6002;
const SDP =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 6000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n';
const WITH_SDP = `Content-Type: application/sdp\r\nContent-Length: ${SDP.length}`;
const CONTACT = `Contact: <sip:bob@127.0.0.1:${CALLEE}>`;
const REGISTER = `REGISTER sip:example.test SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${CALLEE};branch=z9hG4bKreg\r\nFrom: <sip:bob@example.test>;tag=r\r\nTo: <sip:bob@example.test>\r\nCall-ID: reg\r\nCSeq: 1 REGISTER\r\n${CONTACT}\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`;

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('latin1');
const linesOf = (text: string, name: string): string =>
  text
    .split('\r\n')
    .filter((line) => line.startsWith(name))
    .join('\r\n');

const via = ({ id }: LoopCall, branch: string): string =>
  `Via: SIP/2.0/UDP 127.0.0.1:${CALLER};branch=z9hG4bK-${id}-${branch};rport\r\n`;
const dialog = ({ id }: LoopCall, toTag: string, cseq: string): string =>
  `From: "Caller" <sip:alice@example.test>;tag=c${id}\r\nTo: <sip:bob@example.test>${toTag}\r\nCall-ID: ${id}-call@127.0.0.1\r\nCSeq: ${cseq}\r\nMax-Forwards: 70\r\n`;

/** What the callee says to a request, with the routing lines of that request. */
function answer(request: string, status: string, extra: string): string {
  const copied = ['Via:', 'Record-Route:', 'From:'].map((name) => linesOf(request, name)).filter((line) => line !== '');
  const to = linesOf(request, 'To:');
  const tagged = to.includes(';tag=') ? to : `${to};tag=callee`;
  const rest = ['Call-ID:', 'CSeq:'].map((name) => linesOf(request, name));
  return `SIP/2.0 ${status}\r\n${[...copied, tagged, ...rest, extra].join('\r\n')}\r\n\r\n`;
}

const expect = (text: string, begin: string): string => {
  if (text.startsWith(begin)) return text;
  throw new Error(`the call did not go as it should: not ${begin} but ${text.slice(0, 60)}`);
};

const inDialog = (call: LoopCall, method: string, branch: string, cseq: string): Buffer =>
  bytesOf(
    `${method} sip:bob@127.0.0.1:${CALLEE} SIP/2.0\r\n${via(call, branch)}${call.route}\r\n${dialog(call, ';tag=callee', cseq)}Content-Length: 0\r\n\r\n`,
  );

const STEPS: readonly LoopStep[] = [
  {
    name: 'INVITE',
    port: CALLER,
    make: (call) =>
      bytesOf(
        `INVITE sip:bob@example.test SIP/2.0\r\n${via(call, 'i')}${dialog(call, '', '1 INVITE')}Contact: <sip:alice@127.0.0.1:${CALLER}>\r\nUser-Agent: bench\r\n${WITH_SDP}\r\n\r\n${SDP}`,
      ),
    look: (call, [, forwarded]) => {
      call.invite = expect(textOf(forwarded), 'INVITE ');
    },
  },
  {
    name: '180',
    port: CALLEE,
    make: ({ invite }) => bytesOf(answer(invite, '180 Ringing', `${CONTACT}\r\nContent-Length: 0`)),
    look: (_, [passed]) => void expect(textOf(passed), 'SIP/2.0 180'),
  },
  {
    name: '200',
    port: CALLEE,
    make: ({ invite }) => bytesOf(`${answer(invite, '200 OK', `${CONTACT}\r\n${WITH_SDP}`)}${SDP}`),
    look: (call, [passed]) => {
      call.route = linesOf(expect(textOf(passed), 'SIP/2.0 200'), 'Record-Route:').replace('Record-Route', 'Route');
    },
  },
  {
    name: 'ACK',
    port: CALLER,
    make: (call) => inDialog(call, 'ACK', 'a', '1 ACK'),
    look: (_, [passed]) => void expect(textOf(passed), 'ACK '),
  },
  {
    name: 'BYE',
    port: CALLER,
    make: (call) => inDialog(call, 'BYE', 'b', '2 BYE'),
    look: (call, [passed]) => {
      call.bye = expect(textOf(passed), 'BYE ');
    },
  },
  {
    name: '200 to BYE',
    port: CALLEE,
    make: ({ bye }) => bytesOf(answer(bye, '200 OK', 'Content-Length: 0')),
    look: (_, [passed]) => void expect(textOf(passed), 'SIP/2.0 200'),
  },
];
