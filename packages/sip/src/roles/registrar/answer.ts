import { type Line, line, path, type Request, readAll } from '../../message/index.ts';
import { type Decision, reply } from '../../routing/index.ts';
import { Params } from '../../text/params.ts';
import type { UnixMs } from '../../text/time.ts';
import { isSips, SipUri } from '../../uri/index.ts';
import type { Binding } from './binding.ts';
import { printDate } from './date.ts';
import type { Registration, RegistrationPolicy } from './decide.ts';
import type { Gruus } from './gruu.ts';
import { isFromNeighbour, supports } from './read-registration.ts';

/** Whose bindings a 200 lists: the address-of-record as To has it, and the name that they are kept under. */
interface Registered {
  readonly address: SipUri;
  readonly aor: string;
}

/**
 * RFC 3261 §10.3 step 8: every current binding with the time that it has left, its GRUUs for who supports them (RFC 5627 §5.2),
 * and the date. Where the rules of RFC 5626 applied, Require says so (§6), and how often the phone shall be heard (§5.4).
 */
export function answerOf(
  request: Request,
  registration: Registration,
  registered: Registered,
  ports: { readonly serviceRoute: readonly string[]; readonly gruus?: Gruus },
  policy: RegistrationPolicy,
): (bindings: readonly Binding[], now: UnixMs) => Decision {
  const gruus = supports(request, 'gruu') ? ports.gruus : undefined;
  const isOutbound =
    supports(request, 'outbound') &&
    registration.contacts.some((contact) => contact !== '*' && contact.regId !== undefined);
  return (bindings, now) => {
    const lines: Line[] = bindings.map((binding) => line('Contact', contactOf(binding, now, registered, gruus)));
    for (const value of readAll(request, path)) lines.push(line('Path', `<${value.uriText}>${value.params.text}`));
    for (const value of ports.serviceRoute) lines.push(line('Service-Route', value));
    if (isOutbound) lines.push(line('Require', 'outbound'));
    if (isOutbound && policy.flowTimerSeconds !== undefined && isFromNeighbour(request))
      lines.push(line('Flow-Timer', String(policy.flowTimerSeconds)));
    lines.push(line('Date', printDate(now)));
    return reply(200, undefined, lines);
  };
}

function contactOf(binding: Binding, now: UnixMs, { address, aor }: Registered, gruus: Gruus | undefined): string {
  const seconds = Math.max(1, Math.ceil((binding.expiresAt - now) / 1000));
  // What a phone says of GRUUs is ignored (RFC 5627 §5.1).
  let params = new Params(binding.params).delete('pub-gruu').delete('temp-gruu').set('expires', String(seconds));
  const { instance, gruusSince } = binding;
  if (gruus !== undefined && instance !== undefined && gruusSince !== undefined) {
    const own = addressLike(binding.contact, address);
    params = params
      .set('pub-gruu', gruus.publicOf(own, aor, instance))
      .set('temp-gruu', gruus.temporaryOf(own, aor, instance, gruusSince));
  }
  return `<${binding.contact}>${params.text}`;
}

/** The address with the scheme of the Contact: so are its GRUUs (RFC 5630 §5.2.1). */
const addressLike = (contact: string, { user, password, host, port, params, headers }: SipUri): SipUri =>
  new SipUri({ secure: isSips(contact), user, password, host, port, params, headers });
