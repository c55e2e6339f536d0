import type { Answer, NameFaultCode, RecordOf, RecordType, Resolver } from '../src/resolve/index.ts';

/** Records as zone files write them, by question: `'SRV _sip._udp.a.example': ['0 1 5060 b.example.']`; or what else is answered. */
export type Zone = Readonly<Record<string, readonly string[] | 'nodata' | NameFaultCode>>;

export interface ZoneResolver extends Resolver {
  /** The questions in the order in which they came. */
  readonly asked: string[];
}

/** A name service that knows one zone: at once, or in a later turn. */
export function resolverOf(zone: Zone, when: 'at once' | 'later' = 'at once'): ZoneResolver {
  const asked: string[] = [];
  return {
    asked,
    ask<T extends RecordType>(type: T, name: string): Answer<T> | Promise<Answer<T>> {
      asked.push(`${type} ${name}`);
      const answer = answerOf(zone, type, name);
      return when === 'at once' ? answer : Promise.resolve(answer);
    },
  };
}

function answerOf<T extends RecordType>(zone: Zone, type: T, name: string): Answer<T> {
  const entry = zone[`${type} ${name}`];
  if (entry === undefined) return { type: 'none', why: 'nxdomain' };
  if (entry === 'nodata') return { type: 'none', why: 'nodata' };
  if (typeof entry === 'string') return { type: 'fault', code: entry, text: `${entry} from 192.0.2.53:53` };
  const read: (line: string) => RecordOf[T] = READERS[type];
  return { type: 'records', records: entry.map(read) };
}

const READERS: { readonly [T in RecordType]: (line: string) => RecordOf[T] } = {
  A: (line) => line,
  AAAA: (line) => line,
  SRV: (line) => {
    const [priority, weight, port, target = ''] = line.split(/\s+/);
    return { priority: Number(priority), weight: Number(weight), port: Number(port), target };
  },
  NAPTR: (line) => {
    const found = /^(\d+)\s+(\d+)\s+"(.*?)"\s+"(.*?)"\s+"(.*)"\s+(\S+)$/.exec(line);
    if (found === null) throw new Error(`no NAPTR record: ${line}`);
    const [, order, preference, flags = '', services = '', regexp = '', replacement = ''] = found;
    return { order: Number(order), preference: Number(preference), flags, services, regexp, replacement };
  },
};
