export { type MappedAddress, mappedAddressOf, xorAddressValue } from './address.ts';
export {
  errorCodeOf,
  errorCodeValue,
  type StunError,
  unknownAttributesOf,
  unknownAttributesValue,
} from './error-code.ts';
export { checkFingerprint, withFingerprint } from './fingerprint.ts';
export { type Hmac, type IntegrityAlgorithm, integrityOf, withIntegrity } from './integrity.ts';
export { answerKeepAlive } from './keep-alive.ts';
export {
  attributeOf,
  BINDING,
  isStun,
  type NewStunMessage,
  parseStun,
  printStun,
  STUN_ATTRIBUTES,
  type StunAttribute,
  type StunKind,
  type StunMessage,
} from './message.ts';
