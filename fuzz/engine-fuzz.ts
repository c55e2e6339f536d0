import { createSeededRandom, type SeededRandom } from '@strowger/testkit';
import { createStage, type Stage } from '../conformance/support/stage.ts';
import { bytesOf, corpusOf, tortureMessages } from './corpus.ts';
import { createInput, type Material, pick } from './mutator.ts';
import type { Finding } from './target.ts';
import { MESSAGE_WORDS } from './words.ts';

/**
 * Throws messages at whole servers on the virtual network, in batches: as datagrams and as pieces of a stream, close together
 * in time, with answers from elsewhere that are as broken. When all time has passed no error was seen and nothing is left.
 */
export async function fuzzEngine(count: number, seed: number, onProgress?: () => void): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (let done = 0, batch = 0; done < count; batch += 1) {
    const size = Math.min(BATCH, count - done);
    const problem = await runBatch(size, seed, batch);
    if (problem !== undefined)
      findings.push({ target: 'engine', input: `batch ${batch} of seed ${seed}`, error: problem });
    done += size;
    onProgress?.();
  }
  return findings;
}

/** What went wrong in one batch; `undefined` when nothing did. */
export async function runBatch(size: number, seed: number, batch: number): Promise<unknown> {
  const random = createSeededRandom(seed, `engine ${batch}`);
  try {
    const config = CONFIGS[batch % CONFIGS.length] ?? {};
    const stage = await createStage({ seed: random.uint32(), config, answers: (text) => answersTo(text, random) });
    for (const registration of REGISTRATIONS) stage.say('datagram', bytesOf(registration));
    for (let i = 0; i < size; i += 1)
      say(stage, random.below(4) === 0 ? pick(random, CALL) : createInput(random, MATERIAL), random);
    await stage.world.run({ until: 1_500_000, maxEvents: 3_000_000 });
    return problemIn(stage);
  } catch (error) {
    return error ?? new Error('thrown: nothing');
  }
}

/** What was kept once, alone before a server; `undefined` when nothing goes wrong. */
export async function replayEngine(input: string): Promise<unknown> {
  const stage = await createStage();
  for (const registration of REGISTRATIONS) stage.say('datagram', bytesOf(registration));
  stage.say('datagram', bytesOf(input));
  stage.say('stream', bytesOf(input));
  await stage.world.run({ until: 1_500_000 });
  return problemIn(stage);
}

function say(stage: Stage, input: string, random: SeededRandom): void {
  // Some messages twice, or more often, as retransmissions come.
  for (let copies = random.below(6) === 0 ? 3 : 1; copies > 0; copies -= 1)
    stage.world.after(1_000 + random.below(40_000), () =>
      stage.say(random.below(4) === 0 ? 'stream' : 'datagram', bytesOf(input).slice(0, 60_000)),
    );
}

function problemIn(stage: Stage): unknown {
  const [fault] = stage.faults;
  if (fault !== undefined) return fault;
  const { servers, clients } = stage.tables;
  if (servers + clients > 0) return new Error(`${servers} server and ${clients} client transactions never end`);
  const { wheel } = stage.server.engine.core;
  // What expires bindings is always due again.
  return wheel.size > 1 ? new Error(`${wheel.size - 1} deadlines are left over`) : undefined;
}

/** Responses to a request as a phone would give them, some of them with something wrong. */
function answersTo(text: string, random: SeededRandom): readonly string[] {
  const head = text.split('\r\n\r\n')[0] ?? '';
  if (head.startsWith('SIP/') || head.startsWith('ACK') || random.below(3) === 0) return [];
  const copied = head
    .split(/\r\n(?![ \t])/)
    .filter((line) => /^(?:Via|v|From|f|To|t|Call-ID|i|CSeq|Record-Route)\s*:/i.test(line));
  const lines = copied.map((line) => (/^(?:To|t)\s*:/i.test(line) && !line.includes('tag=') ? `${line};tag=x` : line));
  return Array.from({ length: 1 + random.below(3) }, () => {
    const more = pick(random, [
      '',
      'Contact: <sip:c@phone.example>\r\n',
      'Contact: <sip:a@b>, <sip:c@d;transport=tcp>;q=0.1\r\n',
    ]);
    const response = `SIP/2.0 ${pick(random, STATUSES)} x\r\n${lines.join('\r\n')}\r\n${more}Content-Length: 0\r\n\r\n`;
    return random.below(3) === 0 ? createInput(random, { seeds: [response], words: MESSAGE_WORDS }) : response;
  });
}

const STATUSES: readonly number[] = [
  100, 180, 183, 199, 200, 202, 300, 302, 400, 401, 404, 408, 480, 486, 487, 503, 600, 603, 699,
];

const message = (start: string, ...lines: readonly string[]): string => {
  const [method = ''] = start.split(' ');
  const all = [
    `${start} SIP/2.0`,
    `Via: SIP/2.0/UDP caller.example;branch=z9hG4bKfuzz${method};rport`,
    'Max-Forwards: 70',
    'From: <sip:caller@example.com>;tag=from',
    ...lines,
  ];
  return `${all.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`;
};

const REGISTRATIONS: readonly string[] = [
  message(
    'REGISTER sip:example.com',
    'To: <sip:user@example.com>',
    'Call-ID: registration',
    'CSeq: 1 REGISTER',
    'Contact: <sip:user@desk.example>;q=0.9, <sip:user@mobile.example;transport=tcp>;q=0.9, <sip:user@home.example>;q=0.1',
  ),
];

/** A call from one end to the other, in pieces that can come in any order. */
const CALL: readonly string[] = [
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'PRACK',
  'UPDATE',
  'MESSAGE',
  'SUBSCRIBE',
].flatMap((method) => [
  message(`${method} sip:user@example.com`, 'To: <sip:user@example.com>', 'Call-ID: call', `CSeq: 1 ${method}`).replace(
    `branch=z9hG4bKfuzz${method}`,
    'branch=z9hG4bKcall',
  ),
  message(`${method} sip:else@where.example`, 'To: <sip:else@where.example>;tag=x', 'Call-ID: c2', `CSeq: 2 ${method}`),
]);

const MATERIAL: Material = {
  seeds: [...tortureMessages, ...CALL, ...CALL, ...REGISTRATIONS, ...corpusOf('engine').values()],
  words: [
    ...MESSAGE_WORDS,
    'user@example.com',
    'where.example',
    '203.0.113.3',
    'z9hG4bKcall',
    ';lr',
    ';maddr=203.0.113.1',
  ],
};

const CONFIGS: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { proxy: { fork: 'serial', recurse: true } },
  { auth: 'digest', trusted: [], users: [{ name: 'user', password: 'secret' }] },
  { proxy: { stateless: true } },
  { redirect: true },
  { auth: 'none', trusted: [], proxy: { recordRoute: false } },
];

/** Messages for one server. */
const BATCH = 250;
