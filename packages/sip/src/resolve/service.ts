import type { Protocol } from '../uri/transport.ts';
import type { Goal } from './goal.ts';
import { isSecure } from './goal.ts';
import type { NaptrRecord } from './records.ts';
import type { Way } from './target.ts';

/** A protocol and the name that its servers are listed under. */
export interface Service {
  readonly protocol: Protocol;
  /** Of SRV records: `_sip._udp.example.com`. */
  readonly name: string;
}

/** The service of a protocol at a domain (RFC 3263 §4.2). */
export const serviceAt = (protocol: Protocol, domain: string): Service => ({
  protocol,
  name: `${SRV_LABELS[protocol]}.${domain}`,
});

/** The services to try where the zone has no NAPTR: one for each protocol that RFC 3263 §4.1 speaks of, in our order. */
export const triedServices = (goal: Goal, ways: readonly Way[]): readonly Service[] =>
  ways
    .filter(({ protocol }) => TRIED[goal.security].includes(protocol))
    .map(({ protocol }) => serviceAt(protocol, goal.host));

/** The protocol where neither URI nor zone names one: UDP, for sips: TLS over TCP (RFC 3263 §4.1); else what there is. */
export const fallbackProtocol = (goal: Goal, ways: readonly Way[]): Protocol | undefined =>
  goal.protocol ?? TRIED[goal.security].find((protocol) => ways.some((way) => way.protocol === protocol));

/** What a NAPTR record offers, or the sentence that says why it is passed over (RFC 3263 §4.1, RFC 7118 §5.5). */
export function readNaptr(record: NaptrRecord, goal: Goal, ways: readonly Way[]): Service | string {
  const protocol = NAPTR_SERVICES.get(record.services.toUpperCase());
  if (protocol === undefined) return `"${record.services}" is no service of SIP that is known here`;
  if (record.flags.toLowerCase() !== 's') return `the flags "${record.flags}" do not lead to SRV`;
  if (record.regexp !== '' || record.replacement === '' || record.replacement === '.') return 'it names no SRV record';
  if (goal.security === 'required' && !isSecure(protocol)) return 'sips: is only sent over TLS';
  if (!ways.some((way) => way.protocol === protocol)) return `${protocol} is not spoken here`;
  return { protocol, name: record.replacement.toLowerCase().replace(/\.$/, '') };
}

/** RFC 3263 §9, RFC 7118 §10.2. SCTP is not spoken here. */
const NAPTR_SERVICES: ReadonlyMap<string, Protocol> = new Map([
  ['SIP+D2U', 'udp'],
  ['SIP+D2T', 'tcp'],
  ['SIPS+D2T', 'tls'],
  ['SIP+D2W', 'ws'],
  ['SIPS+D2W', 'wss'],
]);

const SRV_LABELS: Readonly<Record<Protocol, string>> = {
  udp: '_sip._udp',
  tcp: '_sip._tcp',
  tls: '_sips._tcp',
  ws: '_sip._ws',
  wss: '_sips._ws',
};

/** RFC 7118 defines no way to WebSocket but NAPTR and the URI. */
const TRIED: Readonly<Record<Goal['security'], readonly Protocol[]>> = { open: ['udp', 'tcp'], required: ['tls'] };
