/** One record as zone files write it: `SRV`, `0 1 5060 a.example.`. */
export interface ZoneRecord {
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number;
  readonly data: string;
}

export interface DnsQuestion {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  /** The question section as it came. */
  readonly bytes: Buffer;
}

export interface DnsReply {
  readonly id: number;
  readonly rcode: number;
  readonly isTruncated: boolean;
  readonly question: Buffer;
  readonly answers: readonly ZoneRecord[];
  readonly authorities: readonly ZoneRecord[];
}

/** Reads a query with one question (RFC 1035 §4.1). */
export function readDnsQuestion(packet: Buffer): DnsQuestion {
  const labels: string[] = [];
  let at = 12;
  for (let length = packet[at] ?? 0; length > 0; length = packet[at] ?? 0) {
    labels.push(packet.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = [...TYPES].find(([, number]) => number === packet.readUInt16BE(at + 1))?.[0] ?? '?';
  return { id: packet.readUInt16BE(0), name: labels.join('.').toLowerCase(), type, bytes: packet.subarray(12, at + 5) };
}

/** Writes a response, without compression (RFC 1035 §4.1). */
export function writeDnsReply({ id, rcode, isTruncated, question, answers, authorities }: DnsReply): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(0x8180 | (isTruncated ? 0x0200 : 0) | rcode, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  header.writeUInt16BE(authorities.length, 8);
  return Buffer.concat([header, question, ...answers.map(recordBytes), ...authorities.map(recordBytes)]);
}

/** The question section for another name than was asked. */
export const dnsQuestionBytes = (name: string, type: string): Buffer =>
  Buffer.concat([nameBytes(name), numbers(TYPES.get(type) ?? 0, 1)]);

function recordBytes({ name, type, ttlSeconds, data }: ZoneRecord): Buffer {
  const bytes = dataBytes(type, data);
  const ttl = Buffer.alloc(4);
  ttl.writeUInt32BE(ttlSeconds);
  return Buffer.concat([nameBytes(name), numbers(TYPES.get(type) ?? 0, 1), ttl, numbers(bytes.length), bytes]);
}

function dataBytes(type: string, data: string): Buffer {
  const words = data.split(/\s+/);
  switch (type) {
    case 'A':
      return Buffer.from(data.split('.').map(Number));
    case 'AAAA':
      return numbers(...groupsOf(data));
    case 'SRV':
      return Buffer.concat([numbers(...words.slice(0, 3).map(Number)), nameBytes(words[3] ?? '')]);
    case 'NAPTR': {
      const found = /^(\d+)\s+(\d+)\s+"(.*?)"\s+"(.*?)"\s+"(.*)"\s+(\S+)$/.exec(data);
      const [, order, preference, flags = '', services = '', regexp = '', replacement = ''] = found ?? [];
      const texts = [flags, services, regexp].map((text) =>
        Buffer.from(`${String.fromCharCode(text.length)}${text}`, 'latin1'),
      );
      return Buffer.concat([numbers(Number(order), Number(preference)), ...texts, nameBytes(replacement)]);
    }
    case 'SOA': {
      const seconds = Buffer.alloc(20);
      for (const [i, word] of words.slice(2).entries()) seconds.writeUInt32BE(Number(word), i * 4);
      return Buffer.concat([nameBytes(words[0] ?? ''), nameBytes(words[1] ?? ''), seconds]);
    }
    default:
      return nameBytes(data);
  }
}

/** Only for addresses with one `::`, or none. */
function groupsOf(address: string): readonly number[] {
  const [head = '', tail] = address.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const front = head === '' ? [] : head;
  const zeros = tail === undefined ? 0 : 8 - front.length - tail.length;
  return [...front, ...new Array<string>(zeros).fill('0'), ...(tail ?? [])].map((group) => Number.parseInt(group, 16));
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1')),
    Buffer.alloc(1),
  ]);
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, i * 2);
  return bytes;
}

const TYPES: ReadonlyMap<string, number> = new Map([
  ['A', 1],
  ['NS', 2],
  ['CNAME', 5],
  ['SOA', 6],
  ['AAAA', 28],
  ['SRV', 33],
  ['NAPTR', 35],
]);
