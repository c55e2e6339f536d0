import { resolve } from 'node:path';
import { createAddressResolver } from '@strowger/node';
import { type Line, line, newRequest, type Request } from '@strowger/sip/message';
import type { Resolver } from '@strowger/sip/resolve';
import { type SipUri, tryParseUri } from '@strowger/sip/uri';
import { Caller, type Failed, type Outcome } from '../caller.ts';
import { CommandFault, withSentences } from '../command-fault.ts';
import { EXIT } from '../exit.ts';
import type { InputOf } from '../outline.ts';
import { printable } from '../table.ts';
import type { pingOutline } from './ping.ts';

export interface PingWorld {
  /** How long a probe waits for its answer at each place. */
  readonly timeoutMs: number;
  /** From one probe to the next. */
  readonly gapMs: number;
  /** The name service of this machine when missing. */
  readonly resolver?: Resolver;
}

export const runPing = pingBody({ timeoutMs: 5_000, gapMs: 250 });

/** The body in another world. */
export function pingBody(world: PingWorld): (input: InputOf<typeof pingOutline>) => Promise<number> {
  return (input) => withSentences('ping', input.io, () => ping(input, world));
}

async function ping(input: InputOf<typeof pingOutline>, world: PingWorld): Promise<number> {
  const { args, flags, io } = input;
  const uri = tryParseUri(args.uri);
  if (uri?.type !== 'sip')
    throw new CommandFault(`${JSON.stringify(args.uri)} is no SIP address such as sip:example.test.`);
  const caller = new Caller(uri, {
    resolver: world.resolver ?? createAddressResolver(),
    authorities: flags.ca.map((file) => resolve(io.folder, file)),
    onPassedOver: (text) => io.err(`strowger ping: ${text}; the next server is tried.`),
  });
  try {
    const outcomes = await probe(uri, caller, input, world);
    if (!Array.isArray(outcomes)) {
      io.err(`strowger ping: no server for ${args.uri}: ${printable(outcomes.text)}.`);
      return EXIT.timeout;
    }
    const summary = summaryOf(outcomes);
    if (flags.json) io.out(JSON.stringify({ uri: args.uri, ...summary, probes: outcomes.map(probeOf) }));
    else io.out(printSummary(summary));
    return summary.lost === 0 ? EXIT.ok : EXIT.timeout;
  } finally {
    await caller.close();
  }
}

/** What came of each probe; where there is nobody to send to, only that. */
async function probe(
  uri: SipUri,
  caller: Caller,
  { flags, io, signal }: InputOf<typeof pingOutline>,
  { timeoutMs, gapMs }: PingWorld,
): Promise<Outcome[] | Failed> {
  const outcomes: Outcome[] = [];
  for (let i = 0; i < flags.count && !signal.aborted; i += 1) {
    if (i > 0) await pause(gapMs, signal);
    const outcome = await caller.call(() => optionsTo(uri, caller, i + 1), { timeoutMs, signal });
    if (signal.aborted) break;
    if (outcome.type === 'failed' && outcome.why === 'no place') return outcome;
    outcomes.push(outcome);
    if (!flags.json) io.out(printOutcome(outcome));
  }
  return outcomes;
}

/** RFC 3261 §11.1. From names nobody, so that no server takes it for one of its users. */
function optionsTo(uri: SipUri, caller: Caller, sequence: number): Request {
  const lines: readonly Line[] = [
    line('Max-Forwards', '70'),
    line('From', `<sip:ping@anonymous.invalid>;tag=${caller.token()}`),
    line('To', `<${uri.text}>`),
    line('Call-ID', caller.token()),
    line('CSeq', `${sequence} OPTIONS`),
    line('Accept', 'application/sdp'),
    line('User-Agent', 'Strowger'),
  ];
  const request = newRequest();
  for (const one of lines) request.add(one);
  return request.request('OPTIONS', uri.text);
}

interface Summary {
  readonly sent: number;
  readonly answered: number;
  readonly lost: number;
  readonly minMs: number | null;
  readonly meanMs: number | null;
  readonly maxMs: number | null;
}

function summaryOf(outcomes: readonly Outcome[]): Summary {
  const times = outcomes.flatMap((outcome) => (outcome.type === 'response' ? [outcome.ms] : []));
  const sum = times.reduce((total, ms) => total + ms, 0);
  const isAny = times.length > 0;
  return {
    sent: outcomes.length,
    answered: times.length,
    lost: outcomes.length - times.length,
    minMs: isAny ? rounded(Math.min(...times)) : null,
    meanMs: isAny ? rounded(sum / times.length) : null,
    maxMs: isAny ? rounded(Math.max(...times)) : null,
  };
}

function printOutcome(outcome: Outcome): string {
  if (outcome.type === 'failed') return `lost: ${printable(outcome.text)}`;
  const { status, reason } = outcome.response;
  return `${printable(`${status} ${reason}`)} from ${outcome.peer} in ${rounded(outcome.ms)} ms`;
}

function printSummary({ sent, answered, lost, minMs, meanMs, maxMs }: Summary): string {
  const times = minMs === null ? '' : `; fastest ${minMs} ms, mean ${meanMs} ms, slowest ${maxMs} ms`;
  return `${sent} sent, ${answered} answered, ${lost} lost${times}`;
}

const probeOf = (outcome: Outcome): unknown =>
  outcome.type === 'failed'
    ? { lost: outcome.text }
    : {
        status: outcome.response.status,
        reason: outcome.response.reason,
        peer: outcome.peer,
        ms: rounded(outcome.ms),
      };

const rounded = (ms: number): number => Math.round(ms * 100) / 100;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
