export { sameUri } from './equality.ts';
export { canonicalEscapes, escapePart, type UriPart, unescapePart } from './escape.ts';
export { canonicalHost, hostTypeOf, isHost, sameHost, scanHost, scanPort } from './host.ts';
export { parseIpv4, parseIpv6, printIpv4, printIpv6 } from './ip.ts';
export { aorKey, contactKey } from './keys.ts';
export { type CertificateNames, domainsOf, isProvedBy, provedFault } from './peer-identity.ts';
export { isSips, type Scheme, withScheme } from './scheme.ts';
export { parseSipUri, SipUri, type SipUriParts } from './sip.ts';
export {
  bareUri,
  createSipUri,
  headersOf,
  type NewSipUri,
  uriParam,
  userOf,
  withHeaders,
  withHost,
  withoutParam,
  withParam,
  withParams,
  withUser,
} from './sip-edit.ts';
export { canonicalTel, parseTelUri, sipOfTel, type TelUri, telOf } from './tel.ts';
export {
  bracketed,
  defaultPort,
  type Endpoint,
  type Flow,
  isAddress,
  isEncrypted,
  isProtocol,
  isReliable,
  keepsMessages,
  type Protocol,
  unbracketed,
} from './transport.ts';
export { type OtherUri, parseUri, printUri, schemeOf, tryParseUri, URI_CHARS, type Uri } from './uri.ts';
export { canonicalUrn, parseUrn, serviceOf, type UrnUri } from './urn.ts';
