import type { HeaderDef } from '../header.ts';
import { accept, acceptEncoding, acceptLanguage } from './accept.ts';
import { authenticationInfo, authorization, proxyAuthenticate, proxyAuthorization, wwwAuthenticate } from './auth.ts';
import { permissionMissing, policyContact, policyId, triggerConsent } from './consent.ts';
import { contact, expires, minExpires } from './contact.ts';
import {
  contentDisposition,
  contentEncoding,
  contentId,
  contentLanguage,
  contentType,
  mimeVersion,
} from './content.ts';
import { callId, contentLength, cseq, from, maxForwards, recordRoute, route, to } from './core.ts';
import { date, retryAfter, timestamp } from './date.ts';
import { inReplyTo, organization, priority, server, subject, userAgent } from './description.ts';
import { join, replaces, targetDialog } from './dialog-id.ts';
import { allowEvents, event, sipEtag, sipIfMatch, subscriptionState, suppressIfMatch } from './event.ts';
import { diversion, historyInfo, remotePartyId } from './history.ts';
import { flowTimer, maxBreadth } from './hops.ts';
import {
  identity,
  pAssertedIdentity,
  pAssertedService,
  pChargeInfo,
  pPreferredIdentity,
  pPreferredService,
  privacy,
} from './identity.ts';
import {
  pAccessNetworkInfo,
  pAnswerState,
  pAssociatedUri,
  pCalledPartyId,
  pChargingFunctionAddresses,
  pChargingVector,
  pEarlyMedia,
  pMediaAuthorization,
  pPrivateNetworkIndication,
  pProfileKey,
  pRefusedUriList,
  pServedUser,
  pUserDatabase,
  pVisitedNetworkId,
} from './ims.ts';
import { alertInfo, callInfo, errorInfo } from './info.ts';
import { alertMsgError, geolocation, geolocationError, geolocationRouting } from './location.ts';
import { allow, proxyRequire, require, supported, unsupported } from './options.ts';
import { pDcsBillingInfo, pDcsLaes, pDcsOsps, pDcsRedirect, pDcsTracePartyId } from './packetcable.ts';
import {
  acceptContact,
  answerMode,
  featureCaps,
  privAnswerMode,
  rejectContact,
  requestDisposition,
} from './preferences.ts';
import { rack, rseq } from './provisional.ts';
import { reason } from './reason.ts';
import { referEventsAt, referredBy, referSub, referTo } from './refer.ts';
import { path, replyTo, serviceRoute } from './routes.ts';
import { securityClient, securityServer, securityVerify } from './security.ts';
import {
  acceptResourcePriority,
  infoPackage,
  recvInfo,
  resourcePriority,
  sessionId,
  userToUser,
} from './session-data.ts';
import { minSe, sessionExpires } from './session-timer.ts';
import { via } from './via.ts';
import { warning } from './warning.ts';

/** Every header field that the house knows: the one list that the scanner, the documentation and the tests read. */
export const headerTable: readonly HeaderDef<unknown>[] = [
  ...[via, from, to, callId, cseq, maxForwards, route, recordRoute, contentLength],
  ...[contact, expires, minExpires, path, serviceRoute, replyTo],
  ...[require, proxyRequire, supported, unsupported, allow],
  ...[accept, acceptEncoding, acceptLanguage],
  ...[contentType, contentDisposition, contentEncoding, contentLanguage, contentId, mimeVersion],
  ...[wwwAuthenticate, authorization, proxyAuthenticate, proxyAuthorization, authenticationInfo],
  ...[date, timestamp, retryAfter, warning],
  ...[subject, organization, userAgent, server, priority, inReplyTo],
  ...[alertInfo, callInfo, errorInfo],
  ...[event, allowEvents, subscriptionState, sipEtag, sipIfMatch, suppressIfMatch],
  ...[rseq, rack],
  ...[replaces, join, targetDialog],
  ...[referTo, referredBy, referSub, referEventsAt],
  ...[sessionExpires, minSe],
  ...[securityClient, securityServer, securityVerify],
  ...[acceptContact, rejectContact, requestDisposition, featureCaps, answerMode, privAnswerMode],
  ...[reason, historyInfo, diversion, remotePartyId],
  ...[pAssertedIdentity, pPreferredIdentity, pAssertedService, pPreferredService, pChargeInfo, privacy, identity],
  ...[maxBreadth, flowTimer],
  ...[sessionId, userToUser, infoPackage, recvInfo, resourcePriority, acceptResourcePriority],
  ...[geolocation, geolocationRouting, geolocationError, alertMsgError],
  ...[permissionMissing, triggerConsent, policyId, policyContact],
  ...[pAssociatedUri, pCalledPartyId, pVisitedNetworkId, pAccessNetworkInfo, pChargingVector],
  ...[pChargingFunctionAddresses, pServedUser, pProfileKey, pRefusedUriList, pUserDatabase, pEarlyMedia],
  ...[pAnswerState, pPrivateNetworkIndication, pMediaAuthorization],
  ...[pDcsTracePartyId, pDcsOsps, pDcsBillingInfo, pDcsLaes, pDcsRedirect],
];

export {
  type AcceptedCoding,
  type AcceptedLanguage,
  type AcceptedMedia,
  accept,
  acceptEncoding,
  acceptLanguage,
} from './accept.ts';
export { authenticationInfo, authorization, proxyAuthenticate, proxyAuthorization, wwwAuthenticate } from './auth.ts';
export {
  type PolicyId,
  permissionMissing,
  policyContact,
  policyId,
  type TriggerConsent,
  triggerConsent,
} from './consent.ts';
export { contact, expires, expiresOf, instanceOf, minExpires, qOf, regIdOf } from './contact.ts';
export {
  contentDisposition,
  contentEncoding,
  contentId,
  contentLanguage,
  contentType,
  type Disposition,
  type MediaType,
  mimeVersion,
} from './content.ts';
export { type CSeq, callId, contentLength, cseq, from, maxForwards, recordRoute, route, to } from './core.ts';
export { date, parseSipDate, printSipDate, type RetryAfter, retryAfter, type Timestamp, timestamp } from './date.ts';
export { inReplyTo, organization, priority, server, subject, userAgent } from './description.ts';
export { type Join, join, type Replaces, replaces, type TargetDialog, targetDialog } from './dialog-id.ts';
export {
  allowEvents,
  type EventType,
  event,
  type SubscriptionState,
  sipEtag,
  sipIfMatch,
  subscriptionState,
  suppressIfMatch,
} from './event.ts';
export { type Diversion, diversion, type HistoryEntry, historyInfo, remotePartyId } from './history.ts';
export { flowTimer, maxBreadth } from './hops.ts';
export {
  type Identity,
  identity,
  pAssertedIdentity,
  pAssertedService,
  pChargeInfo,
  pPreferredIdentity,
  pPreferredService,
  privacy,
} from './identity.ts';
export {
  type AccessNetwork,
  type ChargingFunctions,
  type ChargingVector,
  type PrivateNetwork,
  pAccessNetworkInfo,
  pAnswerState,
  pAssociatedUri,
  pCalledPartyId,
  pChargingFunctionAddresses,
  pChargingVector,
  pEarlyMedia,
  pMediaAuthorization,
  pPrivateNetworkIndication,
  pProfileKey,
  pRefusedUriList,
  pServedUser,
  pUserDatabase,
  pVisitedNetworkId,
  type VisitedNetwork,
} from './ims.ts';
export { alertInfo, type CallInfo, callInfo, errorInfo } from './info.ts';
export { alertMsgError, type CodedError, geolocation, geolocationError, geolocationRouting } from './location.ts';
export { allow, proxyRequire, require, supported, unsupported } from './options.ts';
export {
  type BillingInfo,
  type DcsRedirect,
  type LawfulIntercept,
  pDcsBillingInfo,
  pDcsLaes,
  pDcsOsps,
  pDcsRedirect,
  pDcsTracePartyId,
} from './packetcable.ts';
export {
  type AcceptContact,
  acceptContact,
  answerMode,
  featureCaps,
  privAnswerMode,
  rejectContact,
  requestDisposition,
} from './preferences.ts';
export { type RAck, rack, rseq } from './provisional.ts';
export { parseQvalue, printQvalue } from './qvalue.ts';
export { type Reason, reason } from './reason.ts';
export { type ReferSub, referEventsAt, referredBy, referSub, referTo } from './refer.ts';
export { path, replyTo, serviceRoute } from './routes.ts';
export { type SecurityMechanism, securityClient, securityServer, securityVerify } from './security.ts';
export {
  acceptResourcePriority,
  infoPackage,
  type ResourcePriority,
  recvInfo,
  resourcePriority,
  type SessionId,
  sessionId,
  type UserToUser,
  userToUser,
} from './session-data.ts';
export { minSe, type SessionExpires, sessionExpires } from './session-timer.ts';
export type { TokenValue, UriValue } from './shapes.ts';
export { Via, via } from './via.ts';
export { type Warning, warning } from './warning.ts';
