import { type Request, readAll, to, via } from '@strowger/sip/message';
import type { ClientSide } from '@strowger/testkit';
import { acceptedCalls, type Chaos, openDialogs, type Registering } from './chaos.ts';

/** What must be true when a random world has come to rest: a sentence for each thing that is not. */
export function violations(chaos: Chaos): readonly string[] {
  return [
    ...nothingIsLeft(chaos),
    ...nobodyWasSurprised(chaos),
    ...everyRequestHasOneAnswer(chaos),
    ...everyAcceptedCallIsHeardOf(chaos),
    ...nobodyRingsForEver(chaos),
    ...bindingsAreWhatWasAcknowledged(chaos),
    ...viasAreInOrder(chaos),
  ];
}

/** No transaction, fork or deadline of an engine, and none of a phone, is left; one that a crash left without answer may be. */
function nothingIsLeft(chaos: Chaos): readonly string[] {
  const { servers, phones } = chaos;
  const out: string[] = [];
  for (const { name, server } of servers) {
    const { core } = server.engine;
    for (const key of core.servers.keys()) out.push(`${name} still has the server transaction ${key}`);
    for (const key of core.clients.keys()) out.push(`${name} still has the client transaction ${key}`);
    if (core.wheel.size > 1) out.push(`${name} has ${core.wheel.size} deadlines, not just that of expiry`);
  }
  for (const phone of phones)
    for (const asked of phone.transactions.asked)
      if (!asked.hasEnded && isUndisturbed(chaos, asked))
        out.push(`${phone.aor} still has its ${asked.request.method} of ${asked.at}`);
  return out;
}

/** No engine met a bug of its own. */
const nobodyWasSurprised = ({ world }: Chaos): readonly string[] =>
  world.notes.filter(({ text }) => /^server\d: /.test(text)).map(({ at, text }) => `fault at ${at}: ${text}`);

/** From the caller's view: one final answer to each request, or 2xx only; copies of it are fine. */
function everyRequestHasOneAnswer(chaos: Chaos): readonly string[] {
  return chaos.phones.flatMap((phone) =>
    phone.transactions.asked
      .filter((asked) => isUndisturbed(chaos, asked))
      .flatMap((asked) => {
        const finals = asked.responses.filter(({ status }) => status >= 200);
        const failures = new Set(finals.filter(({ status }) => status >= 300).map(({ status }) => status));
        const successes = finals.filter(({ status }) => status < 300).length;
        const isOne = failures.size + (successes > 0 ? 1 : 0) <= 1;
        const all = [...failures, ...(successes > 0 ? [200] : [])].join(' and ');
        return isOne
          ? []
          : [`${phone.aor} was answered ${all} to one ${asked.request.method} (${callIdOf(asked.request)})`];
      }),
  );
}

/** A 2xx that a phone gave reaches the caller, and no call is left that one side only believes in. */
function everyAcceptedCallIsHeardOf(chaos: Chaos): readonly string[] {
  const out = openDialogs(chaos).map(
    (dialog) => `the call ${dialog.start.callId} is not over for ${dialog.start.local}`,
  );
  for (const incoming of acceptedCalls(chaos.phones)) {
    const id = callIdOf(incoming.request);
    const calling = chaos.calls.find(({ call }) => call.dialogs.some(({ start }) => start.callId === id));
    if (calling?.call.dialogs.some(({ start }) => start.remoteTag === incoming.asked.toTag) === true) continue;
    if (begunAt(chaos, id) <= chaos.disturbedAt) continue;
    out.push(`nobody heard that ${callIdOf(incoming.request)} was accepted (tag ${incoming.asked.toTag})`);
  }
  return out;
}

/** A phone that rang was told in the end that it need not any more. */
function nobodyRingsForEver(chaos: Chaos): readonly string[] {
  return chaos.ringing
    .filter(({ request }) => begunAt(chaos, callIdOf(request)) > chaos.disturbedAt)
    .map(({ request }) => `${request.uri} still rang for ${callIdOf(request)}`);
}

/** What was acknowledged last of each contact is what the registrar holds; what was never acknowledged may be either. */
function bindingsAreWhatWasAcknowledged({ registrations, servers, world }: Chaos): readonly string[] {
  const held = new Set<string>();
  for (const { server } of servers)
    for (const { aor, binding } of server.locations.entries(world.unix) as Iterable<{
      aor: string;
      binding: { contact: string };
    }>)
      held.add(`${aor} ${binding.contact}`);
  const byContact = byContactOf(registrations);
  return [...byContact].flatMap(([key, all]) => {
    const wanted = lastCertain(all);
    if (wanted === undefined || wanted.expires > 0 === held.has(key)) return [];
    return [`${key} is ${held.has(key) ? 'bound' : 'not bound'}, but ${wanted.expires} was acknowledged last`];
  });
}

function byContactOf(registrations: readonly Registering[]): ReadonlyMap<string, readonly Registering[]> {
  const groups = new Map<string, Registering[]>();
  for (const one of registrations) {
    const key = `${one.aor} ${one.contact}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

/** The last registration of a phone when it was answered; nothing when it was not, for then nobody can know. */
function lastCertain(all: readonly Registering[]): Registering | undefined {
  const last = all.at(-1);
  return last?.outcome?.status === 200 ? last : undefined;
}

/** A response comes back with the Vias that the request left with; a request has each Via of a server once. */
function viasAreInOrder({ phones }: Chaos): readonly string[] {
  return phones.flatMap((phone) =>
    phone.peer.heard.flatMap(({ message, label }) => {
      const path = readAll(message, via);
      const branches = new Set(path.map(({ branch }) => branch));
      if (branches.size < path.length) return [`${phone.aor} heard ${label} with one Via twice`];
      if (message.kind === 'response' && path.length !== 1)
        return [`${phone.aor} heard ${label} with ${path.length} Vias`];
      const hasTag = readAll(message, to)[0]?.tag !== undefined;
      return message.kind === 'response' && message.status > 100 && !hasTag ? [`${label} came without a To tag`] : [];
    }),
  );
}

/** When the first request with this Call-ID was sent. */
function begunAt({ phones }: Chaos, callId: string): number {
  const asked = phones
    .flatMap(({ transactions }) => transactions.asked)
    .filter((one) => callIdOf(one.request) === callId);
  return Math.min(...asked.map(({ at }) => at));
}

const isUndisturbed = (chaos: Chaos, asked: ClientSide): boolean => asked.at > chaos.disturbedAt;

function callIdOf(request: Request): string {
  for (let i = 0; i < request.content.count; i += 1)
    if (request.content.nameAt(i) === 'Call-ID') return request.content.valueAt(i);
  return '';
}
