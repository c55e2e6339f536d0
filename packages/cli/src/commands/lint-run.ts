import { resolve } from 'node:path';
import { bufferText } from '@strowger/node';
import { CommandFault, withSentences } from '../command-fault.ts';
import { EXIT } from '../exit.ts';
import { type Io, type Paint, painterOf } from '../io.ts';
import type { Severity } from '../lint/finding.ts';
import { lint, type Report, type Told } from '../lint/lint.ts';
import type { InputOf } from '../outline.ts';
import type { lintOutline } from './lint.ts';

export async function runLint({ args, flags, io }: InputOf<typeof lintOutline>): Promise<number> {
  return await withSentences('lint', io, async () => {
    const report = await reportOf(await bytesOf(args.file, io));
    const name = args.file === '-' ? 'standard input' : args.file;
    if (flags.json) io.out(JSON.stringify(jsonOf(args.file, report), undefined, 2));
    else for (const line of printReport(name, report, painterOf(io, 'out'))) io.out(line);
    return countOf(report, 'fault') === 0 ? EXIT.ok : EXIT.sip;
  });
}

/** What finds slips of the pen brings the libraries of the configuration along: it is loaded when somebody asks for it. */
async function reportOf(bytes: Uint8Array): Promise<Report> {
  let isAsked = false;
  const report = lint(bytes, bufferText, () => {
    isAsked = true;
    return undefined;
  });
  if (!isAsked) return report;
  const { nearest } = await import('../server-config.ts');
  return lint(bytes, bufferText, nearest);
}

/** The report for people: a line for each finding, the place with carets under it, and how many there are. */
export function printReport(name: string, report: Report, paint: Paint): readonly string[] {
  const lines = report.findings.flatMap((told) => printTold(name, told, paint));
  const counts = (['fault', 'warning', 'note'] as const).map((severity) => {
    const count = countOf(report, severity);
    return `${count} ${severity}${count === 1 ? '' : 's'}`;
  });
  const verdict = countOf(report, 'fault') === 0 ? paint('green', 'sound') : paint('red', 'faulty');
  return [...lines, `${name}: ${verdict}: ${counts.join(', ')}`];
}

function printTold(name: string, { severity, place, excerpt, text, rfc }: Told, paint: Paint): readonly string[] {
  const where = place === undefined ? name : `${name}:${place.line}:${place.column}`;
  const head = `${where}: ${paint(COLOURS[severity], severity)}: ${text} (${rfc})`;
  return excerpt === undefined ? [head] : [head, `    ${excerpt[0]}`, `    ${paint(COLOURS[severity], excerpt[1])}`];
}

const jsonOf = (file: string, report: Report): unknown => ({
  file,
  kind: report.kind,
  faults: countOf(report, 'fault'),
  warnings: countOf(report, 'warning'),
  notes: countOf(report, 'note'),
  findings: report.findings.map(({ severity, place, text, rfc }) => ({
    severity,
    line: place?.line ?? null,
    column: place?.column ?? null,
    text,
    rfc,
  })),
});

const countOf = ({ findings }: Report, severity: Severity): number =>
  findings.filter((finding) => finding.severity === severity).length;

async function bytesOf(file: string, io: Io): Promise<Uint8Array> {
  try {
    const bytes = await io.readBytes(file === '-' ? file : resolve(io.folder, file));
    if (bytes.length <= MAX_BYTES) return bytes;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CommandFault(`${file} cannot be read: ${CAUSES[code] ?? code}.`, error);
  }
  throw new CommandFault(`${file} is larger than any SIP message: more than ${MAX_BYTES} bytes.`);
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no file of this name',
  ENOTDIR: 'there is no file of this name',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
};
const COLOURS = { fault: 'red', warning: 'yellow', note: 'cyan' } as const;
const MAX_BYTES = 2 * 1024 * 1024;
