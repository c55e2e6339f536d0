import { type Answer, isName, type RecordType, type Resolver } from '@strowger/sip/resolve';
import { AnswerCache, type KeptAnswer } from './answer-cache.ts';
import { type Learned, NameServers } from './name-servers.ts';
import type { ServerAddress } from './server-address.ts';

export interface NameServiceOptions {
  /** Those of the system when left out. */
  readonly servers?: readonly ServerAddress[];
  /** How long one question may take in all; the first server is given a fifth of it. */
  readonly timeoutMs?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  /** Answers kept of each record type. */
  readonly kept?: number;
}

export interface NameService extends Resolver {
  /** The answer that is at hand; `undefined` where a server would have to be asked. */
  kept<T extends RecordType>(type: T, name: string): Answer<T> | undefined;
}

/**
 * The name service over the sockets of this process. Answers are kept as long as their zones say; the same question that is
 * asked again while it is under way is one question. When the servers do not answer, what was known before is used for up to
 * a day (RFC 8767 §4, §5).
 */
export function createNameService(options: NameServiceOptions = {}): NameService {
  const { servers, timeoutMs = 5_000, now = performance.now.bind(performance), kept = 2_000 } = options;
  const roundsMs = [timeoutMs / 5, (timeoutMs * 2) / 5, (timeoutMs * 2) / 5];
  const timing = { roundsMs, totalMs: timeoutMs };
  const nameServers = new NameServers(servers === undefined ? timing : { ...timing, servers });
  const cache: Caches = {
    NAPTR: new AnswerCache<'NAPTR'>(kept),
    SRV: new AnswerCache<'SRV'>(kept),
    A: new AnswerCache<'A'>(kept),
    AAAA: new AnswerCache<'AAAA'>(kept),
  };
  const running: Running = { NAPTR: new Map(), SRV: new Map(), A: new Map(), AAAA: new Map() };
  let count = 0;

  const learn = async <T extends RecordType>(type: T, name: string): Promise<Answer<T>> => {
    count += 1;
    try {
      const learned = await nameServers.ask(type, name);
      const entry = keep(learned, cache[type].get(name), now());
      cache[type].set(name, entry);
      return entry.answer;
    } finally {
      count -= 1;
      running[type].delete(name);
    }
  };

  const keptFor = <T extends RecordType>(type: T, name: string): Answer<T> | undefined => {
    const known = cache[type].get(name);
    return known !== undefined && known.askAgainAt > now() ? known.answer : undefined;
  };

  return {
    kept: keptFor,
    ask<T extends RecordType>(type: T, text: string): Answer<T> | Promise<Answer<T>> {
      const name = text.toLowerCase().replace(/\.$/, '');
      if (!isName(name)) return NO_NAME;
      const known = keptFor(type, name);
      if (known !== undefined) return known;
      const asked = running[type].get(name);
      if (asked !== undefined) return asked;
      if (count >= MAX_RUNNING) return TOO_MANY;
      const asking = learn(type, name);
      running[type].set(name, asking);
      return asking;
    },
  };
}

type Caches = { readonly [T in RecordType]: AnswerCache<T> };
type Running = { readonly [T in RecordType]: Map<string, Promise<Answer<T>>> };

/** What is kept of an answer that has just come, beside what was known. */
function keep<T extends RecordType>(learned: Learned<T>, known: KeptAnswer<T> | undefined, now: number): KeptAnswer<T> {
  if (learned.type === 'fault') {
    const askAgainAt = now + FAULT_SECONDS * 1_000;
    const isStaleUsable = known?.answer.type === 'records' && now - known.expiresAt < STALE_MS;
    return isStaleUsable ? { ...known, askAgainAt } : { answer: learned, expiresAt: askAgainAt, askAgainAt };
  }
  const most = learned.answer.type === 'records' ? MAX_TTL_SECONDS : MAX_NEGATIVE_SECONDS;
  const expiresAt = now + Math.max(MIN_TTL_SECONDS, Math.min(most, learned.ttlSeconds)) * 1_000;
  return { answer: learned.answer, expiresAt, askAgainAt: expiresAt };
}

const MIN_TTL_SECONDS = 1;
const MAX_TTL_SECONDS = 3_600;
/** RFC 2308 §5 allows up to three hours; a server that is being set up should be seen sooner. */
const MAX_NEGATIVE_SECONDS = 300;
/** RFC 2308 §7: at most five minutes. Long enough that a dead server does not hold up every call. */
const FAULT_SECONDS = 5;
const STALE_MS = 86_400_000;
/** Each takes a socket. */
const MAX_RUNNING = 500;
const NO_NAME = { type: 'fault', code: 'name', text: 'no name that can be asked for' } as const;
const TOO_MANY = { type: 'fault', code: 'limit', text: `more than ${MAX_RUNNING} questions at once` } as const;
