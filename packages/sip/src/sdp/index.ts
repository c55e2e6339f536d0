export {
  addAttribute,
  attributesOf,
  effectiveValuesOf,
  hasAttribute,
  removeAttributes,
  replaceAttributes,
  type Section,
  setAttribute,
  valuesOf,
} from './attributes.ts';
export type { Bandwidth } from './bandwidth.ts';
export { type AddressRange, addressRangeOf, type Connection } from './connection.ts';
export { type Direction, directionOf, ownDirection, reversed, withDirection } from './direction.ts';
export {
  type Fmtp,
  type FmtpParam,
  fmtpOf,
  fmtpParam,
  fmtpsOf,
  maxptimeMsOf,
  parseFmtp,
  parseRtpmap,
  printFmtp,
  printRtpmap,
  ptimeMsOf,
  type Rtpmap,
  rtpmapOf,
  rtpmapsOf,
} from './format.ts';
export { type Group, groupsOf, mediaByMid, midOf, parseGroup, printGroup } from './group.ts';
export { SDP_LIMITS } from './limits.ts';
export type { SdpMode } from './line.ts';
export type { MediaLine } from './media-line.ts';
export { type Origin, sameSession } from './origin.ts';
export { parseSdp, type SdpOptions } from './parse.ts';
export { printSdp } from './print.ts';
export { isRtcpMux, parseRtcp, printRtcp, type Rtcp, rtcpOf } from './rtcp.ts';
export {
  type Attribute,
  connectionOf,
  createMedia,
  createSdp,
  type Media,
  type NewMedia,
  type NewSdp,
  type Sdp,
  type SdpFault,
} from './sdp.ts';
export {
  candidatesOf,
  cryptosOf,
  type Fingerprint,
  fingerprintsOf,
  parseFingerprint,
  printFingerprint,
  type Setup,
  setupOf,
} from './security.ts';
export { type Adjustment, type Repeat, SECONDS_1900_TO_1970, type Timing } from './timing.ts';
