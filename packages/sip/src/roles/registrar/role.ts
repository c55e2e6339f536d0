import { line, need, type Request, readAll, supported, to } from '../../message/index.ts';
import { type Decision, reply } from '../../routing/index.ts';
import { RemoteFault } from '../../text/faults.ts';
import { isPromiseLike } from '../../text/promise-like.ts';
import type { UnixMs } from '../../text/time.ts';
import { type Flow, tryParseUri, type Uri } from '../../uri/index.ts';
import { answerOf } from './answer.ts';
import { decide, intervalOf, type Registration, type RegistrationPolicy } from './decide.ts';
import type { Gruus } from './gruu.ts';
import type { BoundFlows } from './lost-flows.ts';
import type { Locations } from './ports.ts';
import { readRegistration } from './read-registration.ts';

export interface RegistrarPorts {
  readonly locations: Pick<Locations, 'load' | 'save'>;
  /** The address-of-record by the name that the server keeps it under; `undefined` for one that is not registered here. */
  readonly aorOf: (uri: Uri) => string | undefined;
  /** Service-Route of every 200 (RFC 3608 §6.2); usually none. */
  readonly serviceRoute: readonly string[];
  /** Makes the GRUUs of phones that ask for them (RFC 5627 §5.1); without it nobody gets any. */
  readonly gruus?: Gruus;
  /** Told what hangs on connections, so that it can be let go when one ends. */
  readonly flows?: BoundFlows;
}

/**
 * The registrar (RFC 3261 §10.3 from step 4 on, RFC 3327, RFC 3608, RFC 5626 §6, RFC 5627 §5): decides on what the location
 * service holds now, saves all or nothing, and decides again when somebody else was quicker.
 */
export function register(
  request: Request,
  flow: Flow,
  now: UnixMs,
  ports: RegistrarPorts,
  policy: RegistrationPolicy,
): Decision | Promise<Decision> {
  const address = tryParseUri(need(request, to).uriText);
  if (address?.type !== 'sip') throw new RemoteFault(400, 'Bad To Header'); // RFC 3261 §10.2: To holds a SIP or SIPS URI
  const aor = ports.aorOf(address);
  if (aor === undefined) return reply(404); // RFC 3261 §10.3 step 5
  const registration = readRegistration(request, flow, policy.nat ?? 'auto');
  if (registration.path.length > 0 && !readAll(request, supported).includes('path'))
    return reply(420, undefined, [line('Unsupported', 'path')]); // RFC 3327 §5.3
  if (registration.contacts.some((contact) => contact !== '*' && isLoop(contact, registration, aor, ports)))
    return reply(403, 'Contact Leads Back Here');
  const answer = answerOf(request, registration, { address, aor }, ports, policy);
  const attempt = (left: number): Decision | Promise<Decision> => {
    if (left === 0) return reply(500, 'Bindings Change Too Fast', [line('Retry-After', '1')]);
    return then(ports.locations.load(aor, now), ({ bindings, version }) => {
      const verdict = decide(registration, bindings, policy, now);
      if (verdict.type === 'reject')
        return reply(
          verdict.status,
          verdict.reason,
          verdict.status === 423 ? [line('Min-Expires', String(verdict.minExpires))] : [],
        );
      if (verdict.type === 'unchanged') return answer(verdict.bindings, now);
      return then(ports.locations.save(aor, verdict.bindings, version), (saved) => {
        if (!saved) return attempt(left - 1);
        ports.flows?.bound(aor, verdict.added);
        ports.flows?.bound(aor, verdict.refreshed);
        return answer(verdict.bindings, now);
      });
    });
  };
  return attempt(ATTEMPTS);
}

/** RFC 5627 §5.1: an instance cannot be bound to the very address that it registers, nor to a GRUU of that. */
function isLoop(
  contact: Exclude<Registration['contacts'][number], '*'>,
  registration: Registration,
  aor: string,
  ports: RegistrarPorts,
): boolean {
  const asked = contact.expires ?? registration.expires;
  if (contact.instance === undefined || (asked !== undefined && intervalOf(asked) === 0)) return false;
  const uri = tryParseUri(contact.contact);
  if (uri?.type !== 'sip') return true; // what is no SIP URI is refused in the same way
  const behind = ports.gruus === undefined ? uri : ports.gruus.addressOf(uri);
  return behind !== undefined && ports.aorOf(behind) === aor;
}

const then = <T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> =>
  isPromiseLike(value) ? value.then(next) : next(value);

/** How often a registration is decided anew because another one of the same address was quicker. */
const ATTEMPTS = 5;
