import { bracketed, canonicalHost, hostTypeOf, type Uri, unbracketed } from '../../uri/index.ts';
import type { Binding, BindingFlow } from './binding.ts';

/** `auto`: a Contact that names another address than the REGISTER came from is not believed of who does not know its own. */
export type NatMode = 'auto' | 'off';

/** What decides how a contact is reached. */
export interface Reachability {
  readonly contact: Uri;
  /** The sent-by host of the Via: who the sender believes to be. */
  readonly sentBy: string;
  readonly flow: BindingFlow;
  /** Whether nobody stands between the phone and us: no other Via, and no Path. */
  readonly way: 'direct' | 'through others';
  /** Whether the rules of RFC 5626 apply to this contact. */
  readonly outbound: 'yes' | 'no';
}

/**
 * How requests reach a contact. Behind a NAT a phone often names an address that means nothing here, and the flow that it
 * registered on is the only way to it; who names its right address in Via and another one in Contact means that one. Nobody
 * can open a connection to a WebSocket client (RFC 7118 §5).
 */
export function reachOf({ contact, sentBy, flow, way, outbound }: Reachability, nat: NatMode): Binding['reach'] {
  if (way === 'through others') return 'contact';
  const { protocol } = flow.local;
  if (outbound === 'yes' || protocol === 'ws' || protocol === 'wss') return 'flow';
  if (nat === 'off' || contact.type !== 'sip' || hostTypeOf(contact.host) === 'name') return 'contact';
  return isAddressOf(contact.host, flow.host) || isAddressOf(sentBy, flow.host) ? 'contact' : 'flow';
}

const isAddressOf = (host: string, source: string): boolean =>
  host === source || addressOf(host) === addressOf(bracketed(source));

/** An IPv6 address that stands for an IPv4 address counts as that (RFC 4291 §2.5.5.2). */
const addressOf = (host: string): string => unbracketed(canonicalHost(host)).replace(/^::ffff:(?=\d+\.)/, '');
