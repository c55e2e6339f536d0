import { createAddressResolver, parseServerAddress } from '@strowger/node';
import {
  printAnswer,
  printQuestion,
  printReasons,
  printRecord,
  type Reason,
  type Resolver,
  type TraceLine,
} from '@strowger/sip/resolve';
import { bracketed } from '@strowger/sip/uri';
import { CommandFault } from './command-fault.ts';
import { EXIT, type Exit } from './exit.ts';
import { printable } from './table.ts';

/** The name service of this machine, or one server of it. @throws CommandFault for what is no address of a server */
export function openResolver(server: string | undefined): Resolver {
  if (server === undefined) return createAddressResolver();
  if (parseServerAddress(server) === undefined)
    throw new CommandFault(
      `--server: found ${JSON.stringify(server)}, expected an IP address such as 192.0.2.1 or [2001:db8::1]:53.`,
    );
  return createAddressResolver({ servers: [server], readHosts: async () => '' });
}

/** The story of a search as lines, what follows from an answer behind it. */
export function traceLines(trace: readonly TraceLine[]): readonly string[] {
  return trace.flatMap((entry) => {
    const indent = '  '.repeat(entry.depth);
    if (entry.type === 'note') return [`${indent}${printable(entry.text)}`];
    if (entry.type === 'target') {
      const { protocol, host, port } = entry.target;
      return [`${indent}-> ${protocol}:${bracketed(host)}:${port}`];
    }
    const { question, answer } = entry;
    const records = answer.type === 'records' ? answer.records : [];
    return [
      printable(`${indent}${printQuestion(question)}: ${printAnswer(answer)}`),
      ...records.map((record) => `${indent}  ${printable(printRecord(record))}`),
    ];
  });
}

/** Tells why nothing was found, and gives the exit code: 3 where a server was silent, 2 where the zone has nothing. */
export function tellReasons(what: string, reasons: readonly Reason[], err: (line: string) => void): Exit {
  err(`${what}: ${printable(printReasons(reasons) || 'nothing was found')}.`);
  const isSilence = reasons.some(
    (reason) => reason.type === 'fault' && (reason.fault.code === 'timeout' || reason.fault.code === 'unreachable'),
  );
  return isSilence ? EXIT.timeout : EXIT.sip;
}
