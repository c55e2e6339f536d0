import {
  ENUM_SUFFIX,
  type EnumUri,
  enumDomainOf,
  Inquiry,
  isName,
  lookUpEnum,
  parseE164,
  printReason,
  runInquiry,
  type TraceLine,
} from '@strowger/sip/resolve';
import { CommandFault, withSentences } from '../command-fault.ts';
import { EXIT } from '../exit.ts';
import { openResolver, tellReasons, traceLines } from '../name-search.ts';
import type { InputOf } from '../outline.ts';
import { printTable } from '../table.ts';
import type { enumOutline } from './enum.ts';

export function runEnum(input: InputOf<typeof enumOutline>): Promise<number> {
  return withSentences('enum', input.io, () => lookUp(input));
}

async function lookUp({ args, flags, io }: InputOf<typeof enumOutline>): Promise<number> {
  const number = parseE164(args.number);
  if (number === undefined)
    throw new CommandFault(
      `${JSON.stringify(args.number)} is no number with a plus, a country code and at most 15 digits.`,
    );
  const suffix = flags.suffix ?? ENUM_SUFFIX;
  if (!isName(suffix.replace(/\.$/, '')) || !isName(enumDomainOf(number, suffix.replace(/\.$/, ''))))
    throw new CommandFault(`--suffix: found ${JSON.stringify(suffix)}, expected a domain such as ${ENUM_SUFFIX}.`);
  const trace: TraceLine[] = [];
  const inquiry = new Inquiry(trace);
  const { uris, reasons } = await runInquiry(lookUpEnum(number, suffix, inquiry), inquiry, openResolver(flags.server));
  if (flags.json) io.out(JSON.stringify({ number, trace, uris, reasons: reasons.map(printReason) }, undefined, 2));
  else {
    for (const line of traceLines(trace)) io.out(line);
    if (uris.length > 0) io.out('');
    if (uris.length > 0) for (const line of printTable(HEAD, uris.map(rowOf))) io.out(line);
  }
  if (uris.length > 0) return EXIT.ok;
  return tellReasons(`strowger enum: no SIP address for ${number}`, reasons, (line) => io.err(line));
}

const rowOf = ({ uri, service, record }: EnumUri, index: number): readonly string[] => [
  String(index + 1),
  uri,
  service,
  String(record.order),
  String(record.preference),
];

const HEAD = ['TRY', 'ADDRESS', 'SERVICE', 'ORDER', 'PREFERENCE'];
