import {
  contact,
  expires,
  instanceOf,
  type NameAddr,
  need,
  path,
  type Request,
  read,
  readAll,
  regIdOf,
  via,
} from '@strowger/sip/message';
import { reachOf } from '@strowger/sip/roles/registrar';
import { bracketed, canonicalHost, type Flow, type SipUri, tryParseUri } from '@strowger/sip/uri';

export interface ContactPorts {
  readonly isOurs: (uri: SipUri) => boolean;
}

/**
 * The first Contact or Path of a REGISTER that would make us send requests to a third party. Who proves nothing may say only
 * where he is himself: the source address of the request. A contact that is an address of ours stands for its user, and a host
 * that cannot exist (`.invalid`, RFC 7118 §5.3) does no harm. A trusted network is the last that strangers may send calls to:
 * gateways are there, which believe us.
 */
export function contactElsewhere(request: Request, flow: Flow, ports: ContactPorts): string | undefined {
  const edge = read(request, path);
  // RFC 3327 §5.3: what comes for the contacts goes to the topmost Path and nowhere else
  const added = readAll(request, contact).filter((value) => isAdded(value, request));
  if (edge !== undefined) return isAt(edge.uriText, flow) ? undefined : edge.uriText;
  return added.find((value) => !isByFlow(value, request, flow) && !isHarmless(value.uriText, flow, ports))?.uriText;
}

/** What is taken back may stand for any place; so does the Contact `*`. */
const isAdded = (value: NameAddr | '*', request: Request): value is NameAddr =>
  value !== '*' && Number(value.params.get('expires') ?? read(request, expires)) !== 0;

/** What is reached by the flow of the REGISTER leads nowhere else, whatever it says. */
function isByFlow(value: NameAddr, request: Request, flow: Flow): boolean {
  const uri = tryParseUri(value.uriText);
  if (uri === undefined) return false;
  const sentBy = need(request, via).host;
  const outbound = instanceOf(value) !== undefined && regIdOf(value) !== undefined ? 'yes' : 'no'; // RFC 5626 §6
  return reachOf({ contact: uri, sentBy, flow, way: wayOf(request), outbound }, 'auto') === 'flow';
}

const wayOf = (request: Request): 'direct' | 'through others' =>
  readAll(request, via).length === 1 ? 'direct' : 'through others';

function isHarmless(uriText: string, flow: Flow, { isOurs }: ContactPorts): boolean {
  const uri = tryParseUri(uriText);
  if (uri?.type !== 'sip') return true; // not to be reached by SIP at all
  if (isAt(uriText, flow)) return true;
  return !uri.params.has('maddr') && (canonicalHost(uri.host).endsWith('.invalid') || isOurs(uri));
}

/** True for a URI that leads to where the request came from. */
function isAt(uriText: string, flow: Flow): boolean {
  const uri = tryParseUri(uriText);
  if (uri?.type !== 'sip') return false;
  return canonicalHost(uri.params.get('maddr') ?? uri.host) === canonicalHost(bracketed(flow.host));
}
