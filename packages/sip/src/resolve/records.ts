/** The records of the name service that finding SIP servers needs (RFC 3263, RFC 6116). */
export type RecordType = 'NAPTR' | 'SRV' | 'A' | 'AAAA';

/** RFC 3403 §4.1. The texts are as they came; a replacement of '.' or '' means that there is none. */
export interface NaptrRecord {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly services: string;
  readonly regexp: string;
  readonly replacement: string;
}

/** RFC 2782. */
export interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** A name; '.' says that the service is decidedly not offered. */
  readonly target: string;
}

export interface RecordOf {
  readonly NAPTR: NaptrRecord;
  readonly SRV: SrvRecord;
  /** An address as text. */
  readonly A: string;
  readonly AAAA: string;
}

export interface Question<T extends RecordType = RecordType> {
  readonly type: T;
  /** Without the dot of the root. */
  readonly name: string;
}

/** Why nothing could be learned: what the server answered, or that none did. */
export type NameFaultCode =
  /** The server failed to find out. */
  | 'SERVFAIL'
  /** The server says that it does not serve such questions, or not us. */
  | 'FORMERR'
  | 'NOTIMP'
  | 'REFUSED'
  | 'timeout'
  | 'unreachable'
  | 'malformed'
  /** The name cannot be asked for. */
  | 'name'
  /** One of our own limits. */
  | 'limit'
  | 'other';

export interface NameFault {
  readonly type: 'fault';
  readonly code: NameFaultCode;
  /** What happened and at which server: `SERVFAIL from 192.0.2.1:53`. */
  readonly text: string;
}

export type Answer<T extends RecordType = RecordType> =
  | { readonly type: 'records'; readonly records: readonly RecordOf[T][] }
  /** The name has no record of the type, or there is no such name. */
  | { readonly type: 'none'; readonly why: 'nodata' | 'nxdomain' }
  | NameFault;

/** The name service as a port. A value is used at once, a promise when it is kept; a rejected one counts as a fault. */
export interface Resolver {
  ask<T extends RecordType>(type: T, name: string): Answer<T> | Promise<Answer<T>>;
}

/** `SRV _sip._udp.example.com`. */
export const printQuestion = ({ type, name }: Question): string => `${type} ${name}`;

/** Lowest order first, then lowest preference; equal ones as they came (RFC 3403 §4.1, RFC 6116 §5.2). */
export const inNaptrOrder = (records: readonly NaptrRecord[]): readonly NaptrRecord[] =>
  records.toSorted((a, b) => a.order - b.order || a.preference - b.preference);

/** `0 5 5060 a.example`, as zones write it. */
export function printRecord(record: NaptrRecord | SrvRecord | string): string {
  if (typeof record === 'string') return record;
  if ('weight' in record) return `${record.priority} ${record.weight} ${record.port} ${record.target}`;
  const { order, preference, flags, services, regexp, replacement } = record;
  return `${order} ${preference} "${flags}" "${services}" "${regexp}" ${replacement}`;
}
