import { parseIpv4, parseIpv6, printIpv6 } from '../uri/ip.ts';
import { defaultPort, isAddress, type Protocol } from '../uri/transport.ts';
import type { Goal } from './goal.ts';
import type { Ask, Inquiry } from './inquiry.ts';
import { isName } from './name.ts';
import type { Reason } from './reason.ts';
import { type Answer, inNaptrOrder, type Question, type SrvRecord } from './records.ts';
import { fallbackProtocol, readNaptr, type Service, serviceAt, triedServices } from './service.ts';
import { type Chance, orderSrv } from './srv-order.ts';
import { familyOf, type ResolvedTarget, type Way } from './target.ts';

export interface LocatingFacts {
  /** What messages can leave by, in our order of preference. */
  readonly ways: readonly Way[];
  /** Decides between servers of one priority; `undefined` where the order must not change (RFC 3263 §4.4). */
  readonly chance: Chance | undefined;
}

/** A question for the name service, or the next place to try. */
export type LocatingStep = Ask | { readonly type: 'target'; readonly target: ResolvedTarget };

/** A search that is under way; it ends with what stood in the way of more. */
export type Locating = Generator<LocatingStep, readonly Reason[], void>;

/**
 * Finding the servers for a goal (RFC 3263 §4.1, §4.2, §5), the best first. It asks for no more than it needs to name the next one:
 * who is content with the first does not wait for what the others are.
 */
export function* locate(goal: Goal, facts: LocatingFacts, inquiry: Inquiry): Locating {
  const protocol = fallbackProtocol(goal, facts.ways);
  const isSpoken = facts.ways.some((way) => way.protocol === protocol);
  const isNamed = goal.protocol !== undefined || goal.port !== undefined || isAddress(goal.host);
  if (isNamed && (protocol === undefined || !isSpoken)) return [notSpoken(protocol)];
  const search = new Search(goal, facts, inquiry);
  if (protocol !== undefined && isAddress(goal.host)) yield* search.literal(protocol);
  else if (!isName(goal.host)) return [{ type: 'unsupported', text: `${goal.host} is no name that can be asked for` }];
  else if (protocol !== undefined && goal.port !== undefined)
    yield* search.addresses(goal.host, protocol, goal.port, [], 0);
  else if (goal.protocol !== undefined)
    yield* search.services([serviceAt(goal.protocol, goal.host)], goal.protocol, [], 0);
  else yield* search.any(protocol);
  return search.reasons;
}

/** The addresses that one name may give, and the places that one search may end in. */
export const LOCATING_LIMITS = { addresses: 16, targets: 64, services: 8 } as const;

class Search {
  readonly reasons: Reason[] = [];
  readonly #goal: Goal;
  readonly #facts: LocatingFacts;
  readonly #inquiry: Inquiry;
  readonly #named = new Set<string>();

  constructor(goal: Goal, facts: LocatingFacts, inquiry: Inquiry) {
    this.#goal = goal;
    this.#facts = facts;
    this.#inquiry = inquiry;
  }

  *literal(protocol: Protocol): Generator<LocatingStep, void, void> {
    const { host, port } = this.#goal;
    const isReachable = this.#familiesOf(protocol).includes(familyOf(host));
    if (isReachable) yield* this.#target(host, protocol, port ?? defaultPort(protocol), [], 0);
    else this.reasons.push({ type: 'unsupported', text: `there is no ${protocol} over ${familyOf(host)} here` });
  }

  /** Neither transport nor port is said: NAPTR, without it SRV for each protocol, without that addresses (RFC 3263 §4.1). */
  *any(fallback: Protocol | undefined): Generator<LocatingStep, void, void> {
    const question: Question = { type: 'NAPTR', name: this.#goal.host };
    const answer = yield* this.#inquiry.ask('NAPTR', question.name, 0);
    const offered: Service[] = [];
    for (const record of answer.type === 'records' ? inNaptrOrder(answer.records) : []) {
      const service = readNaptr(record, this.#goal, this.#facts.ways);
      if (typeof service === 'string') this.#inquiry.note(1, `"${record.services}" is passed over: ${service}`);
      else if (offered.length < LOCATING_LIMITS.services) offered.push(service);
    }
    if (answer.type === 'fault') this.reasons.push({ type: 'fault', question, fault: answer });
    const [best] = offered;
    if (best !== undefined) return yield* this.services(offered, best.protocol, [question], 1);
    const tried = triedServices(this.#goal, this.#facts.ways);
    if (fallback === undefined) return void this.reasons.push(notSpoken(fallback));
    this.#inquiry.note(0, `${withoutNaptr(answer)}: SRV of each protocol that is spoken here`);
    yield* this.#inquiry.need(tried.map(({ name }) => ({ type: 'SRV', name })));
    yield* this.services(tried, fallback, [], 0);
  }

  /** The servers of each service in turn; where none has an SRV record, the addresses of the domain itself (RFC 3263 §4.2). */
  *services(
    services: readonly Service[],
    fallback: Protocol,
    path: readonly Question[],
    depth: number,
  ): Generator<LocatingStep, void, void> {
    let isSettled = false;
    for (const { protocol, name } of services) {
      const question: Question = { type: 'SRV', name };
      const answer = isName(name) ? yield* this.#inquiry.ask('SRV', name, depth) : NO_NAME;
      if (answer.type === 'records') {
        isSettled = true;
        yield* this.#servers(answer.records, protocol, [...path, question], depth + 1);
      } else if (answer.type === 'fault') {
        this.reasons.push({ type: 'fault', question, fault: answer });
        isSettled ||= !SAYS_NOTHING.has(answer.code);
      }
    }
    if (isSettled) return;
    this.#inquiry.note(depth, 'no SRV record: the addresses of the name itself');
    yield* this.addresses(this.#goal.host, fallback, defaultPort(fallback), [], depth);
  }

  *#servers(
    records: readonly SrvRecord[],
    protocol: Protocol,
    path: readonly Question[],
    depth: number,
  ): Generator<LocatingStep, void, void> {
    const usable = records.filter(({ target, port }) => target !== '.' && target !== '' && port > 0);
    const question = path.at(-1);
    if (usable.length === 0 && question !== undefined)
      this.reasons.push(
        records.some(({ target }) => target === '.')
          ? { type: 'denied', question }
          : { type: 'none', question, why: 'unusable' },
      );
    for (const { target, port } of orderSrv(usable, this.#facts.chance))
      yield* this.addresses(target.toLowerCase().replace(/\.$/, ''), protocol, port, path, depth);
  }

  /** All addresses of a name, of the families that we have addresses of (RFC 7984 §3.1), never mixed with those of another (§4). */
  *addresses(
    name: string,
    protocol: Protocol,
    port: number,
    path: readonly Question[],
    depth: number,
  ): Generator<LocatingStep, void, void> {
    // LENIENT: administrators who write an address where SRV wants a name
    if (parseIpv4(name) !== undefined) {
      const isReachable = usable(name, 'A') !== undefined && this.#familiesOf(protocol).includes('ipv4');
      return isReachable ? yield* this.#target(name, protocol, port, path, depth) : undefined;
    }
    if (this.#named.size >= LOCATING_LIMITS.targets) return;
    const questions = this.#familiesOf(protocol).map(
      (family): Question<'A' | 'AAAA'> => ({ type: family === 'ipv4' ? 'A' : 'AAAA', name }),
    );
    if (isName(name)) yield* this.#inquiry.need(questions);
    const failures: Reason[] = [];
    let count = 0;
    for (const question of questions) {
      const answer: Answer<'A' | 'AAAA'> = isName(name)
        ? yield* this.#inquiry.ask(question.type, name, depth)
        : NO_NAME;
      const found =
        answer.type === 'records' ? answer.records.flatMap((text) => usable(text, question.type) ?? []) : [];
      if (answer.type === 'fault') failures.push({ type: 'fault', question, fault: answer });
      else if (found.length === 0)
        failures.push({ type: 'none', question, why: answer.type === 'none' ? answer.why : 'unusable' });
      for (const address of found.slice(0, LOCATING_LIMITS.addresses)) {
        count += 1;
        yield* this.#target(address, protocol, port, [...path, question], depth + 1);
      }
    }
    // One family's failure is forgiven when another one has addresses.
    if (count === 0) this.reasons.push(...failures);
  }

  *#target(
    host: string,
    protocol: Protocol,
    port: number,
    path: readonly Question[],
    depth: number,
  ): Generator<LocatingStep, void, void> {
    const key = `${protocol}:${host}:${port}`;
    if (this.#named.has(key) || this.#named.size >= LOCATING_LIMITS.targets) return;
    this.#named.add(key);
    const target = { protocol, host, port, identity: this.#goal.identity, path };
    this.#inquiry.trace?.push({ depth, type: 'target', target });
    yield { type: 'target', target };
  }

  #familiesOf(protocol: Protocol): Way['families'] {
    return this.#facts.ways.find((way) => way.protocol === protocol)?.families ?? [];
  }
}

/** Why NAPTR leads no further. Also where there is no such name SRV follows (RFC 3263 §4.1): it is a name of its own. */
function withoutNaptr(answer: Answer<'NAPTR'>): string {
  if (answer.type === 'records') return 'no NAPTR record leads anywhere';
  if (answer.type === 'fault') return 'whether there is a NAPTR record cannot be learned';
  return answer.why === 'nxdomain' ? 'the name itself does not exist' : 'there is no NAPTR record';
}

const notSpoken = (protocol: Protocol | undefined): Reason => ({
  type: 'unsupported',
  text: protocol === undefined ? 'no protocol that would do is spoken here' : `${protocol} is not spoken here`,
});

/** The canonical text of an address that can belong to one host: of the asked family, neither unspecified nor a group nor everybody. */
function usable(text: string, type: 'A' | 'AAAA'): string | undefined {
  if (type === 'A') {
    const first = Math.floor((parseIpv4(text) ?? 0) / 2 ** 24);
    return first > 0 && first < 224 ? text : undefined;
  }
  const groups = parseIpv6(text);
  const printed = groups === undefined ? '::' : printIpv6(groups);
  return printed === '::' || printed.startsWith('ff') || printed.startsWith('::ffff:') ? undefined : printed;
}

const NO_NAME = { type: 'fault', code: 'name', text: 'no name that can be asked for' } as const;
/** Servers that do not serve the type say nothing about the zone: as if there were no record. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['NOTIMP', 'FORMERR', 'name']);
