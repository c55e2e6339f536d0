import { isIP } from 'node:net';
import { type Answer, isName, type RecordOf, type RecordType, type Resolver } from '@strowger/sip/resolve';
import { createNameService } from './dns/name-service.ts';
import { parseServerAddress, type ServerAddress } from './dns/server-address.ts';
import { type HostTable, parseHostTable, readHostTable } from './host-table.ts';

export interface ResolverOptions {
  /** The families asked for by `addresses`, best first: those the server has addresses of. */
  readonly families?: readonly ('ipv4' | 'ipv6')[];
  /** Name servers as `ip` or `ip:port`; those of the system when left out. */
  readonly servers?: readonly string[];
  /** How long one question may take in all. */
  readonly timeoutMs?: number;
  /** The text of the machine's own table, read again when it is older than five seconds. */
  readonly readHosts?: () => Promise<string>;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/** The name service of a machine. */
export interface MachineResolver extends Resolver {
  /** All addresses of a host, best family first; an empty list where there are none, or nothing could be learned. */
  addresses(host: string): readonly string[] | Promise<readonly string[]>;
}

/**
 * The name service of this machine: its own table (`/etc/hosts`), then DNS over sockets of this process. `dns.lookup` would
 * run getaddrinfo on one of the four threads that files and hashing share, so four slow names would stop them all. What is
 * lost: sources other than these two, and search domains (SIP names are complete).
 */
export function createAddressResolver(options: ResolverOptions = {}): MachineResolver {
  const {
    families = ['ipv4', 'ipv6'],
    readHosts = readHostTable,
    now = performance.now.bind(performance),
    timeoutMs = 5_000,
  } = options;
  const servers = options.servers?.flatMap((text): readonly ServerAddress[] => {
    const server = parseServerAddress(text);
    return server === undefined ? [] : [server];
  });
  const dns = createNameService(servers === undefined ? { timeoutMs, now } : { servers, timeoutMs, now });
  let hosts: HostTable = new Map();
  let hostsReadAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const readTable = async (): Promise<void> => {
    try {
      hosts = parseHostTable(await readHosts());
      hostsReadAt = now();
    } finally {
      reading = undefined;
    }
  };
  const ask = <T extends RecordType>(type: T, text: string): Answer<T> | Promise<Answer<T>> => {
    const name = nameOf(text);
    const fixed = fixedAnswer(type, name);
    if (fixed !== undefined) return fixed;
    if ((type !== 'A' && type !== 'AAAA') || !isName(name)) return dns.ask(type, name);
    const answer = (): Answer<T> | Promise<Answer<T>> => {
      const own = hosts.get(name);
      return own === undefined ? dns.ask(type, name) : listed(type, own);
    };
    if (now() - hostsReadAt <= HOSTS_MS) return answer();
    const kept = dns.kept(type, name);
    if (kept !== undefined) return kept;
    reading ??= readTable();
    return reading.then(answer);
  };

  return {
    ask,
    addresses: (host) => {
      const name = nameOf(host);
      if (isIP(name) !== 0) return [name];
      const answers = families.map((family) => ask(family === 'ipv4' ? 'A' : 'AAAA', name));
      const isAtHand = (all: typeof answers): all is Answer<'A' | 'AAAA'>[] => all.every((one) => !('then' in one));
      return isAtHand(answers) ? answers.flatMap(textsOf) : Promise.all(answers).then((all) => all.flatMap(textsOf));
    },
  };
}

const textsOf = (answer: Answer<'A' | 'AAAA'>): readonly string[] => (answer.type === 'records' ? answer.records : []);

/** What needs no question: `localhost` and below are loopback (RFC 6761 §6.3), `invalid` is nothing (§6.4). */
function fixedAnswer<T extends RecordType>(type: T, name: string): Answer<T> | undefined {
  if (name === 'localhost' || name.endsWith('.localhost')) return listed(type, ['127.0.0.1', '::1']);
  if (name === 'invalid' || name.endsWith('.invalid')) return NOBODY;
  return undefined;
}

/** The answer that a list of addresses gives: those of the family that is asked for. */
function listed<T extends RecordType>(type: T, addresses: readonly string[]): Answer<T> {
  const records: readonly RecordOf[T][] = LISTED[type](addresses);
  return records.length === 0 ? { type: 'none', why: 'nodata' } : { type: 'records', records };
}

const LISTED: { readonly [T in RecordType]: (addresses: readonly string[]) => readonly RecordOf[T][] } = {
  A: (addresses) => addresses.filter((address) => isIP(address) === 4),
  AAAA: (addresses) => addresses.filter((address) => isIP(address) === 6),
  SRV: () => [],
  NAPTR: () => [],
};

/** Lower case, without the brackets of an IPv6 reference and the dot of the root. */
function nameOf(host: string): string {
  if (host.startsWith('[') && host.endsWith(']')) return host.slice(1, -1);
  return (host.endsWith('.') ? host.slice(0, -1) : host).toLowerCase();
}

const NOBODY = { type: 'none', why: 'nxdomain' } as const;
const HOSTS_MS = 5_000;
