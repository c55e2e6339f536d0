import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { AddressResolver } from '@strowger/sip/engine';
import { type HostTable, parseHostTable, readHostTable } from './host-table.ts';

export interface ResolverOptions {
  /** The families asked for, best first: those the server has addresses of. */
  readonly families?: readonly ('ipv4' | 'ipv6')[];
  /** Name servers as `ip` or `ip:port`; those of the system when left out. */
  readonly servers?: readonly string[];
  /** How long one look-up may take in all. */
  readonly timeoutMs?: number;
  /** The text of the machine's own table, read again when it is older than five seconds. */
  readonly readHosts?: () => Promise<string>;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/**
 * A and AAAA look-ups that never block. `dns.lookup` would run getaddrinfo on one of the four threads that files and
 * hashing share, so four slow names would stop them all; the resolver used here asks over its own sockets. What is lost:
 * sources other than `/etc/hosts` and DNS, and search domains (SIP names are complete).
 *
 * A name that has no address and a name about which nothing could be learned both give an empty list; when servers
 * do not answer, addresses known from before are used for up to a day (RFC 8767 §4).
 */
export function createAddressResolver(options: ResolverOptions = {}): AddressResolver {
  const {
    families = ['ipv4', 'ipv6'],
    timeoutMs = 5_000,
    readHosts = readHostTable,
    now = performance.now.bind(performance),
  } = options;
  // Of a server that is silent: a third of the time, and a second try of twice that.
  const dns = new Resolver({ timeout: Math.ceil(timeoutMs / 3), tries: 2 });
  if (options.servers) dns.setServers(options.servers);
  const cache = new Map<string, Answer>();
  const asked = new Map<string, Promise<readonly string[]>>();
  let hosts: HostTable = new Map();
  let hostsReadAt = Number.NEGATIVE_INFINITY;

  const areHostsFresh = (): boolean => now() - hostsReadAt <= HOSTS_MS;
  const ownAddresses = (name: string): readonly string[] | undefined => {
    const own = hosts.get(name);
    return own && byFamily(own, families);
  };
  const lookUp = async (name: string): Promise<readonly string[]> => {
    if (!areHostsFresh()) {
      hosts = parseHostTable(await readHosts());
      hostsReadAt = now();
    }
    const own = ownAddresses(name);
    if (own) return own;
    const { type, addresses, ttlSeconds } = await ask(dns, name, families, timeoutMs);
    const askAgainAt = now() + ttlSeconds * 1_000;
    const known = cache.get(name);
    const isStaleUsable = type === 'failed' && known && now() - known.expiresAt < STALE_MS;
    const entry = isStaleUsable ? { ...known, askAgainAt } : { addresses, expiresAt: askAgainAt, askAgainAt };
    remember(cache, name, entry);
    return entry.addresses;
  };

  return {
    addresses: (host) => {
      const name = nameOf(host);
      const fixed = fixedAddresses(name, families);
      if (fixed) return fixed;
      const own = areHostsFresh() ? ownAddresses(name) : undefined;
      if (own) return own;
      const known = cache.get(name);
      if (known && known.askAgainAt > now()) return known.addresses;
      const running = asked.get(name);
      if (running) return running;
      if (asked.size >= MAX_ASKED) return [];
      const asking = lookUp(name).finally(() => asked.delete(name));
      asked.set(name, asking);
      return asking;
    },
  };
}

interface Answer {
  readonly addresses: readonly string[];
  /** The end of the records' own lifetime. */
  readonly expiresAt: number;
  readonly askAgainAt: number;
}

type Family = 'ipv4' | 'ipv6';

interface Asked {
  readonly type: 'answered' | 'failed';
  readonly addresses: readonly string[];
  readonly ttlSeconds: number;
}

/** All families at once. One family's failure is forgiven when another one has addresses. */
async function ask(dns: Resolver, name: string, families: readonly Family[], timeoutMs: number): Promise<Asked> {
  const answers = await Promise.all(families.map((family) => withDeadline(askFamily(dns, name, family), timeoutMs)));
  const found = answers.filter((a) => a.addresses.length > 0);
  const hasFailed = answers.some((a) => a.type === 'failed');
  if (found.length === 0) return hasFailed ? FAILED : NONE;
  const ttlSeconds = Math.min(...found.map((a) => a.ttlSeconds), hasFailed ? HALF_TTL_SECONDS : MAX_TTL_SECONDS);
  return { type: 'answered', addresses: found.flatMap((a) => a.addresses), ttlSeconds };
}

async function askFamily(dns: Resolver, name: string, family: Family): Promise<Asked> {
  try {
    const records = await (family === 'ipv4' ? dns.resolve4(name, { ttl: true }) : dns.resolve6(name, { ttl: true }));
    const ttlSeconds = Math.max(MIN_TTL_SECONDS, Math.min(MAX_TTL_SECONDS, ...records.map((r) => r.ttl)));
    return { type: 'answered', addresses: records.map((r) => r.address), ttlSeconds };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    // ENOTFOUND: no such name; ENODATA: a name without addresses of this family; EBADNAME: never asked.
    const hasNone = code === 'ENOTFOUND' || code === 'ENODATA' || code === 'EBADNAME';
    return hasNone ? NONE : FAILED;
  }
}

async function withDeadline(asking: Promise<Asked>, timeoutMs: number): Promise<Asked> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<Asked>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, FAILED);
  });
  const answer = await Promise.race([asking, deadline]);
  clearTimeout(timer);
  return answer;
}

/** Addresses that need no question: literals, `localhost` and below (RFC 6761 §6.3), and `invalid` (§6.4). */
function fixedAddresses(name: string, families: readonly Family[]): readonly string[] | undefined {
  if (isIP(name) !== 0) return [name];
  if (name === 'localhost' || name.endsWith('.localhost')) return byFamily(['127.0.0.1', '::1'], families);
  if (name === '' || name.length > 253 || name === 'invalid' || name.endsWith('.invalid')) return [];
  return undefined;
}

/** Lower case, without the brackets of an IPv6 reference and the dot of the root. */
function nameOf(host: string): string {
  if (host.startsWith('[') && host.endsWith(']')) return host.slice(1, -1);
  return (host.endsWith('.') ? host.slice(0, -1) : host).toLowerCase();
}

function byFamily(addresses: readonly string[], families: readonly Family[]): readonly string[] {
  return families.flatMap((family) => addresses.filter((address) => isIP(address) === (family === 'ipv4' ? 4 : 6)));
}

/** The names asked for longest ago make room. */
function remember(cache: Map<string, Answer>, name: string, answer: Answer): void {
  cache.delete(name);
  cache.set(name, answer);
  for (const oldest of cache.keys()) {
    if (cache.size <= MAX_CACHED) break;
    cache.delete(oldest);
  }
}

const HOSTS_MS = 5_000;
const MIN_TTL_SECONDS = 1;
const MAX_TTL_SECONDS = 3_600;
/** How long an answer is used that one of the families is missing from. */
const HALF_TTL_SECONDS = 30;
const STALE_MS = 86_400_000;
const MAX_CACHED = 2_000;
const MAX_ASKED = 1_000;
/** c-ares does not pass on the SOA record, whose minimum would be the time to believe "no such name" (RFC 2308 §5). */
const NONE: Asked = { type: 'answered', addresses: [], ttlSeconds: 10 };
const FAILED: Asked = { type: 'failed', addresses: [], ttlSeconds: 2 };
