import { type Line, line, newRequest, type Request } from '@strowger/sip/message';
import { type SipUri, tryParseUri } from '@strowger/sip/uri';
import { type Caller, type Outcome, openCaller } from '../caller.ts';
import { CommandFault, withSentences } from '../command-fault.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import type { InputOf } from '../outline.ts';
import { printable } from '../table.ts';
import type { pingOutline } from './ping.ts';

/** How long a probe waits for its answer, and the next one after that. */
export interface PingTimes {
  readonly timeoutMs: number;
  readonly gapMs: number;
}

export const runPing = pingBody({ timeoutMs: 5_000, gapMs: 250 });

/** The body with other times. */
export function pingBody(times: PingTimes): (input: InputOf<typeof pingOutline>) => Promise<number> {
  return ({ args, flags, io, signal }) => withSentences('ping', io, () => ping(args.uri, flags, times, io, signal));
}

async function ping(
  text: string,
  { count, json }: { readonly count: number; readonly json: boolean },
  times: PingTimes,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const uri = tryParseUri(text);
  if (uri?.type !== 'sip')
    throw new CommandFault(`${JSON.stringify(text)} is no SIP address such as sip:example.test.`);
  const caller = await openCaller(uri);
  if ('type' in caller) {
    io.err(`strowger ping: ${caller.text}.`);
    return EXIT.timeout;
  }
  try {
    const outcomes: Outcome[] = [];
    for (let i = 0; i < count && !signal.aborted; i += 1) {
      if (i > 0) await pause(times.gapMs, signal);
      if (signal.aborted) break;
      const outcome = await caller.call(optionsTo(uri, caller, i + 1), times.timeoutMs, signal);
      if (signal.aborted) break;
      outcomes.push(outcome);
      if (!json) io.out(printOutcome(outcome, caller.peer));
    }
    const summary = summaryOf(outcomes);
    if (json) io.out(JSON.stringify({ uri: text, peer: caller.peer, ...summary, probes: outcomes.map(probeOf) }));
    else io.out(printSummary(summary));
    return summary.lost === 0 ? EXIT.ok : EXIT.timeout;
  } finally {
    await caller.close();
  }
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

function printOutcome(outcome: Outcome, peer: string): string {
  if (outcome.type === 'failed') return `lost: ${outcome.text}`;
  const { status, reason } = outcome.response;
  return `${printable(`${status} ${reason}`)} from ${peer} in ${rounded(outcome.ms)} ms`;
}

function printSummary({ sent, answered, lost, minMs, meanMs, maxMs }: Summary): string {
  const times = minMs === null ? '' : `; fastest ${minMs} ms, mean ${meanMs} ms, slowest ${maxMs} ms`;
  return `${sent} sent, ${answered} answered, ${lost} lost${times}`;
}

const probeOf = (outcome: Outcome): unknown =>
  outcome.type === 'failed'
    ? { lost: outcome.text }
    : { status: outcome.response.status, reason: outcome.response.reason, ms: rounded(outcome.ms) };

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
