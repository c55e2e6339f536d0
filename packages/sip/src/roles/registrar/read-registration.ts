import {
  callId,
  contact,
  cseq,
  expires,
  type HeaderName,
  instanceOf,
  type NameAddr,
  need,
  path,
  type Request,
  readAll,
  regIdOf,
  supported,
  userAgent,
  via,
} from '../../message/index.ts';
import { RemoteFault, SyntaxFault } from '../../text/faults.ts';
import { contactKey, type Flow, isSips, parseUri, tryParseUri, type Uri, withScheme } from '../../uri/index.ts';
import { instanceKeyOf, outboundKeyOf } from './binding.ts';
import { type Candidate, intervalOf, type Registration } from './decide.ts';
import { type NatMode, reachOf } from './reach.ts';

/**
 * What a REGISTER says (RFC 3261 §10.2, §10.3).
 * @throws RemoteFault 400 for a header that does not follow its grammar and as RFC 5630 §5.2 says, 439 as RFC 5626 §6 says
 */
export function readRegistration(request: Request, flow: Flow, nat: NatMode): Registration {
  const paths = readAll(request, path).map((value) => value.uriText);
  const isDirect = isFromNeighbour(request);
  const place: Place = {
    flow,
    sentBy: need(request, via).host,
    nat,
    way: isDirect && paths.length === 0 ? 'direct' : 'through others',
    hop: isDirect || paths.some(isOutboundHop) ? 'knows outbound' : 'lacks outbound',
  };
  const values = readAll(request, contact);
  if (place.hop === 'lacks outbound' && supports(request, 'outbound') && values.some(asksForOutbound))
    throw new RemoteFault(439, 'First Hop Lacks Outbound Support');
  const wish = textOf(request, expires);
  const contacts = values.map((value) => (value === '*' ? value : candidateOf(value, place)));
  if (contacts.some(isSecure)) requireAllSecure(request, contacts, wish, paths);
  return {
    callId: need(request, callId),
    cseq: need(request, cseq).seq,
    expires: wish,
    contacts,
    path: paths,
    flow,
    userAgent: textOf(request, userAgent),
  };
}

/** True where the option tag stands in Supported. */
export const supports = (request: Request, tag: string): boolean =>
  readAll(request, supported).some((value) => value.toLowerCase() === tag);

/** RFC 5626 §6: the Via tells whether the phone itself sent it here. */
export const isFromNeighbour = (request: Request): boolean => readAll(request, via).length === 1;

/** What is the same for all contacts of one REGISTER. */
interface Place {
  readonly flow: Flow;
  readonly sentBy: string;
  readonly nat: NatMode;
  readonly way: 'direct' | 'through others';
  readonly hop: 'knows outbound' | 'lacks outbound';
}

function candidateOf(value: NameAddr, { flow, sentBy, nat, way, hop }: Place): Candidate {
  const { uriText, params } = value;
  const uri = tryParseUri(uriText);
  if (uri === undefined) throw new RemoteFault(400, 'Bad Contact Header');
  const instance = instanceOf(value);
  const regId = hop === 'knows outbound' && instance !== undefined ? regIdOf(value) : undefined;
  return {
    key: instance === undefined || regId === undefined ? contactKey(asSip(uri)) : outboundKeyOf(instance, regId),
    contact: uriText,
    params: params.text,
    q: thousandthsOf(params.get('q')),
    expires: params.get('expires'),
    reach: reachOf({ contact: uri, sentBy, flow, way, outbound: regId === undefined ? 'no' : 'yes' }, nat),
    instance: instance === undefined ? undefined : instanceKeyOf(instance),
    regId,
  };
}

const isSecure = (one: '*' | Candidate): boolean => one !== '*' && isSips(one.contact);

/** RFC 5630 §5.2: else what counts as secure could hang on what is not. What is taken back hangs on nothing. */
function requireAllSecure(
  request: Request,
  contacts: Registration['contacts'],
  wish: string | undefined,
  paths: readonly string[],
): void {
  const bound = contacts.filter((one) => one !== '*' && intervalOf(one.expires ?? wish ?? '') !== 0);
  if (bound.some(isSecure) && !(bound.every(isSecure) && isSips(request.uri) && paths.every(isSips)))
    throw new RemoteFault(400, 'SIPS Contact With Other URIs');
}

/** RFC 5630 §5.1.1.1: a sips: Contact and the same with sip: replace each other. */
const asSip = (uri: Uri): Uri => (uri.type === 'sip' && uri.secure ? parseUri(withScheme(uri.text, 'sip')) : uri);

/** RFC 5626 §6: a reg-id without an instance is ignored, and so is one that is no number (§4.2). */
const asksForOutbound = (value: NameAddr | '*'): boolean =>
  value !== '*' && instanceOf(value) !== undefined && regIdOf(value) !== undefined;

/**
 * RFC 5626 §6 looks at the first URI of Path and means that of the first hop: nobody else may put `ob` there (§5.1), and with a
 * second proxy in between it is not the topmost.
 */
function isOutboundHop(uriText: string): boolean {
  const uri = tryParseUri(uriText);
  return uri?.type === 'sip' && uri.params.has('ob');
}

/** qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) */
function thousandthsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text))
    throw new RemoteFault(400, 'Bad Contact Header', new SyntaxFault(0, 'a q from 0 to 1'));
  return Math.round(Number(text) * 1000);
}

/** The value as it stands, whether or not it follows its grammar. */
function textOf({ content }: Request, header: HeaderName): string | undefined {
  const at = content.find(header);
  return at < 0 ? undefined : content.valueAt(at);
}
