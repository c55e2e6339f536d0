import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import { freePort, taken } from './port.ts';
import type { Scenario } from './scenario.ts';
import { HOST, type Transport } from './server.ts';

export interface SippOptions {
  readonly transport: Transport;
  /** Where requests outside of dialogs go; a phone that is only called needs none. */
  readonly to?: { readonly host: string; readonly port: number };
  /** Where SIPp listens and sends from. */
  readonly host?: string;
  readonly port?: number;
  /** How many calls in all, 1 where it is left out, and how many are begun each second. */
  readonly calls?: number;
  readonly perSecond?: number;
}

/** What SIPp counted. */
export interface Counts {
  readonly successful: number;
  readonly failed: number;
  readonly retransmissions: number;
}

/** A running SIPp. */
export interface Sipp {
  readonly port: number;
  /** Waits until all calls are over. Rejects when one of them did not go as the scenario says. */
  done(): Promise<SippReport>;
}

export interface SippReport {
  readonly counts: Counts;
  /** The messages in the order in which they came. */
  readonly received: readonly string[];
}

export const methodOf = (request: string): string => request.split(' ', 1)[0] ?? '';

/** The values of a header field, a line each. */
export const headersOf = (message: string | undefined, name: string): readonly string[] =>
  (message ?? '')
    .split('\n')
    .filter((line) => line.startsWith(`${name}:`))
    .map((line) => line.slice(name.length + 1).trim());

/** Runs a scenario to its end. */
export async function runSipp(lab: Lab, scenario: Scenario, options: SippOptions): Promise<SippReport> {
  const sipp = await startSipp(lab, scenario, options);
  return sipp.done();
}

/** Starts SIPp and waits until it listens. */
export async function startSipp(lab: Lab, scenario: Scenario, options: SippOptions): Promise<Sipp> {
  const { transport, to, host = HOST, calls = 1, perSecond = 10 } = options;
  const port = options.port ?? (await freePort());
  const [control, media] = [await freePort(), await freePort(4)];
  // Numbered, because a test may run a scenario twice.
  started += 1;
  const name = `sipp-${started}`;
  const files = { messages: `${name}.messages`, errors: `${name}.errors`, counts: `${name}.csv` };
  const child = lab.start('sipp', [
    ...(to === undefined ? [] : [`${to.host}:${to.port}`]),
    ...['-sf', lab.file(`${name}.xml`, scenario.xml)],
    ...['-t', transport === 'udp' ? 'u1' : 't1', '-i', host, '-p', `${port}`, '-cp', `${control}`],
    ...['-mi', host, '-mp', `${media}`],
    ...['-m', `${calls}`, '-r', `${perSecond}`, '-timeout', `${DEADLINE_SECONDS}s`, '-timeout_error', '-nostdin'],
    ...['-trace_err', '-error_file', files.errors, '-trace_stat', '-stf', files.counts, '-fd', '1'],
    ...(calls === 1 ? ['-trace_msg', '-message_file', files.messages] : []),
  ]);
  const fault = (text: string): Error =>
    new Error(`SIPp, ${scenario.name}: ${text}\n${[files.errors, files.messages].map((f) => read(lab, f)).join('\n')}`);
  // It opens its control port last; a short scenario may be over before anybody has looked.
  await taken(control, () => child.hasEnded).catch((error) => {
    if (!child.hasEnded) throw fault(String(error));
  });
  return { port, done: () => reportOf(child, lab, files, fault) };
}

async function reportOf(
  child: Child,
  lab: Lab,
  files: { readonly messages: string; readonly counts: string },
  fault: (text: string) => Error,
): Promise<SippReport> {
  const end = await child.exit((DEADLINE_SECONDS + 5) * 1000);
  if (end !== 0) throw fault(`ended with ${end}`);
  return { counts: countsOf(read(lab, files.counts)), received: receivedOf(read(lab, files.messages)) };
}

/** The last line holds the sums. */
function countsOf(csv: string): Counts {
  const [names = [], ...rows] = csv
    .trim()
    .split('\n')
    .map((row) => row.split(';'));
  const last = rows.at(-1) ?? [];
  const count = (name: string): number => Number(last[names.indexOf(name)]);
  return {
    successful: count('SuccessfulCall(C)'),
    failed: count('FailedCall(C)'),
    retransmissions: count('Retransmissions(C)'),
  };
}

const receivedOf = (trace: string): readonly string[] =>
  trace
    .split(/^-{20,} .*\n/m)
    .filter((part) => /^(?:UDP|TCP) message received/.test(part))
    .map((part) => part.slice(part.indexOf('\n\n') + 2).replaceAll('\r\n', '\n'));

function read(lab: Lab, name: string): string {
  const path = join(lab.folder, name);
  return existsSync(path) ? readFileSync(path, 'latin1') : '';
}

let started = 0;
const DEADLINE_SECONDS = 20;
