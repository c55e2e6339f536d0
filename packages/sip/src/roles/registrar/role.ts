import { type Line, line, need, path, type Request, readAll, supported, to } from '../../message/index.ts';
import { type Decision, reply } from '../../routing/index.ts';
import { RemoteFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import { isPromiseLike } from '../../text/promise-like.ts';
import type { UnixMs } from '../../text/time.ts';
import { type Flow, tryParseUri, type Uri } from '../../uri/index.ts';
import type { Binding } from './binding.ts';
import { printDate } from './date.ts';
import { decide, type RegistrationPolicy } from './decide.ts';
import type { Locations } from './ports.ts';
import { readRegistration } from './read-registration.ts';

export interface RegistrarPorts {
  readonly locations: Pick<Locations, 'load' | 'save'>;
  /** The address-of-record by the name that the server keeps it under; `undefined` for one that is not registered here. */
  readonly aorOf: (uri: Uri) => string | undefined;
  /** Service-Route of every 200 (RFC 3608 §6.2); usually none. */
  readonly serviceRoute: readonly string[];
}

/**
 * The registrar (RFC 3261 §10.3 from step 4 on, RFC 3327, RFC 3608): decides on what the location service holds now, saves
 * all or nothing, and decides again when somebody else was quicker.
 */
export function register(
  request: Request,
  flow: Flow,
  now: UnixMs,
  ports: RegistrarPorts,
  policy: RegistrationPolicy,
): Decision | Promise<Decision> {
  const target = tryParseUri(need(request, to).uriText);
  if (target?.type !== 'sip') throw new RemoteFault(400, 'Bad To Header'); // RFC 3261 §10.2: To holds a SIP or SIPS URI
  const aor = ports.aorOf(target);
  if (aor === undefined) return reply(404); // RFC 3261 §10.3 step 5
  const registration = readRegistration(request, flow);
  if (registration.path.length > 0 && !readAll(request, supported).includes('path'))
    return reply(420, undefined, [line('Unsupported', 'path')]); // RFC 3327 §5.3
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
      if (verdict.type === 'unchanged') return accepted(request, verdict.bindings, now, ports);
      return then(ports.locations.save(aor, verdict.bindings, version), (saved) =>
        saved ? accepted(request, verdict.bindings, now, ports) : attempt(left - 1),
      );
    });
  };
  return attempt(ATTEMPTS);
}

/** RFC 3261 §10.3 step 8: every current binding with the time that it has left, and the date. */
function accepted(request: Request, bindings: readonly Binding[], now: UnixMs, ports: RegistrarPorts): Decision {
  const lines: Line[] = bindings.map((binding) => line('Contact', contactOf(binding, now)));
  for (const value of readAll(request, path)) lines.push(line('Path', `<${value.uriText}>${value.params.text}`));
  for (const value of ports.serviceRoute) lines.push(line('Service-Route', value));
  lines.push(line('Date', printDate(now)));
  return reply(200, undefined, lines);
}

function contactOf(binding: Binding, now: UnixMs): string {
  const seconds = Math.max(1, Math.ceil((binding.expiresAt - now) / 1000));
  const params = new Params(binding.params).set('expires', String(seconds));
  return `<${binding.contact}>${params.text}`;
}

const then = <T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> =>
  isPromiseLike(value) ? value.then(next) : next(value);

/** How often a registration is decided anew because another one of the same address was quicker. */
const ATTEMPTS = 5;
