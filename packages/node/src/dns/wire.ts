import type { Answer, NameFaultCode, RecordOf, RecordType } from '@strowger/sip/resolve';
import {
  type DecodedPacket,
  type Answer as DnsRecord,
  decode,
  encode,
  type OptAnswer,
  RECURSION_DESIRED,
} from 'dns-packet';

/** What a message of a name server says about one question. */
export type Reply<T extends RecordType> =
  /** No answer to this question: to be passed over, since anybody can send one. */
  | { readonly type: 'foreign' }
  | { readonly type: 'truncated' }
  | { readonly type: 'fault'; readonly code: NameFaultCode; readonly text: string }
  | { readonly type: 'answer'; readonly answer: Answer<T>; readonly ttlSeconds: number }
  /** The name is an alias for this one, of which the server said nothing. */
  | { readonly type: 'alias'; readonly name: string; readonly ttlSeconds: number };

export interface SentQuestion<T extends RecordType> {
  readonly id: number;
  /** In lower case, without the dot of the root. */
  readonly name: string;
  readonly type: T;
}

/** A query for one record type; with EDNS it offers to take 1,232 bytes by UDP, which no path cuts (RFC 6891 §6.2.5). */
export function writeQuestion({ id, name, type }: SentQuestion<RecordType>, edns: 'with EDNS' | 'plain'): Buffer {
  const questions = [{ type, name, class: 'IN' as const }];
  const additionals = edns === 'plain' ? [] : [OPT];
  return encode({ type: 'query', id, flags: RECURSION_DESIRED, questions, additionals });
}

/** Reads a message as the reply to a question. */
export function readReply<T extends RecordType>(bytes: Buffer, sent: SentQuestion<T>): Reply<T> {
  const packet = decoded(bytes);
  if (packet === undefined || !packet.flag_qr || packet.id !== sent.id) return FOREIGN;
  const rcode = (packet.flags ?? 0) & 0xf;
  const questions = packet.questions ?? [];
  const [question] = questions;
  // A server that could not read the question cannot repeat it.
  const isUnread = rcode === FORMERR && questions.length === 0;
  const isOurs = questions.length === 1 && question?.type === sent.type && lower(question.name) === sent.name;
  if (!isOurs && !isUnread) return FOREIGN;
  if (packet.flag_tc) return { type: 'truncated' };
  if (rcode !== NOERROR && rcode !== NXDOMAIN) return RCODE_FAULTS.get(rcode) ?? otherFault(`answer code ${rcode}`);
  return readSections(packet, sent, rcode);
}

function readSections<T extends RecordType>(packet: DecodedPacket, sent: SentQuestion<T>, rcode: number): Reply<T> {
  const records = (packet.answers ?? []).slice(0, MAX_RECORDS);
  const { name, hops, ttlSeconds } = followAliases(records, sent.name);
  const read: (record: DnsRecord) => RecordOf[T] | undefined = READERS[sent.type];
  const found = records.filter((record) => record.type === sent.type && lower(record.name) === name);
  const values = found.flatMap((record) => read(record) ?? []);
  if (values.length > 0) {
    const ttl = Math.min(ttlSeconds, ...found.map(ttlOf));
    return { type: 'answer', answer: { type: 'records', records: values }, ttlSeconds: ttl };
  }
  const why = rcode === NXDOMAIN ? 'nxdomain' : 'nodata';
  const authorities = packet.authorities ?? [];
  const soa = authorities.find((record) => record.type === 'SOA');
  if (soa?.type === 'SOA') {
    // RFC 2308 §5: the lesser of the two says how long "no" may be believed.
    const ttl = Math.min(ttlSeconds, ttlOf(soa), soa.data.minimum ?? 0);
    return { type: 'answer', answer: { type: 'none', why }, ttlSeconds: ttl };
  }
  if (why === 'nodata' && hops > 0) return { type: 'alias', name, ttlSeconds };
  const isReferral = why === 'nodata' && !packet.flag_aa && authorities.some((record) => record.type === 'NS');
  if (isReferral) return otherFault('a referral to other servers: it does not look names up for us');
  return { type: 'answer', answer: { type: 'none', why }, ttlSeconds: Math.min(ttlSeconds, NO_SOA_SECONDS) };
}

/** The name at the end of the CNAME records, as far as they are here; a circle is left at the limit (RFC 1034 §3.6.2). */
function followAliases(
  records: readonly DnsRecord[],
  start: string,
): { name: string; hops: number; ttlSeconds: number } {
  let name = start;
  let ttlSeconds = Number.POSITIVE_INFINITY;
  let hops = 0;
  for (; hops < MAX_ALIASES; hops += 1) {
    const alias = records.find((record) => record.type === 'CNAME' && lower(record.name) === name);
    if (alias?.type !== 'CNAME') break;
    name = lower(alias.data);
    ttlSeconds = Math.min(ttlSeconds, ttlOf(alias));
  }
  return { name, hops, ttlSeconds };
}

/** `undefined` for what cannot be read, and for what would take long to read. */
function decoded(bytes: Buffer): DecodedPacket | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const records = bytes.readUInt16BE(6) + bytes.readUInt16BE(8) + bytes.readUInt16BE(10);
  if (records > MAX_SECTIONS || bytes.readUInt16BE(4) > 1) return undefined;
  try {
    const packet = decode(bytes);
    return decode.bytes > bytes.length ? undefined : packet; // It reads addresses also beyond the end.
  } catch {
    return undefined; // Whatever the library says: it is no message of DNS.
  }
}

const READERS: { readonly [T in RecordType]: (record: DnsRecord) => RecordOf[T] | undefined } = {
  A: (record) => (record.type === 'A' ? record.data : undefined),
  AAAA: (record) => (record.type === 'AAAA' ? record.data : undefined),
  SRV: (record) => {
    if (record.type !== 'SRV') return undefined;
    const { priority = 0, weight = 0, port, target } = record.data;
    return { priority, weight, port, target: target === '.' ? target : lower(target) };
  },
  NAPTR: (record) => (record.type === 'NAPTR' ? record.data : undefined),
};

const ttlOf = (record: DnsRecord): number => ('ttl' in record ? readTtl(record.ttl ?? 0) : 0);
/** RFC 2181 §8: a time with the first bit set is none at all. */
const readTtl = (seconds: number): number => (seconds >= 2 ** 31 ? 0 : seconds);
const lower = (name: string): string => name.toLowerCase();
const otherFault = (text: string): Reply<never> => ({ type: 'fault', code: 'other', text });

const FOREIGN = { type: 'foreign' } as const;
const OPT: OptAnswer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: 1_232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};
const NOERROR = 0;
const FORMERR = 1;
const NXDOMAIN = 3;
const RCODE_FAULTS: ReadonlyMap<number, Reply<never>> = new Map(
  (
    [
      [1, 'FORMERR'],
      [2, 'SERVFAIL'],
      [4, 'NOTIMP'],
      [5, 'REFUSED'],
    ] as const
  ).map(([rcode, code]) => [rcode, { type: 'fault', code, text: code } as const]),
);
const HEADER_BYTES = 12;
/** Of all sections; a message that announces more is not read. */
const MAX_SECTIONS = 300;
const MAX_RECORDS = 100;
/** Aliases behind one another in one message, and questions that follow them. */
export const MAX_ALIASES = 8;
const NO_SOA_SECONDS = 10;
