import { type MappedAddress, xorAddressValue } from './address.ts';
import { errorCodeValue, unknownAttributesValue } from './error-code.ts';
import { checkFingerprint, withFingerprint } from './fingerprint.ts';
import {
  BINDING,
  endOfAttribute,
  HEADER_BYTES,
  isStun,
  type NewStunMessage,
  printStun,
  STUN_ATTRIBUTES,
  uint16,
} from './message.ts';

/**
 * What a server answers to a datagram on its SIP port (RFC 5626 §8, RFC 8489 §12): a Binding request gets the address that it
 * came from. `undefined` for everything else, which is to be dropped when `isStun`, and is SIP's otherwise. Nothing is kept and nobody is
 * authenticated; the answer is hardly longer than the request, so that it is no weapon against a forged source.
 */
export function answerKeepAlive(bytes: Uint8Array, from: MappedAddress): Uint8Array | undefined {
  if (!isStun(bytes) || uint16(bytes, 0) !== BINDING_REQUEST) return undefined;
  const unknown: number[] = [];
  for (let at = HEADER_BYTES; at < bytes.length; at = endOfAttribute(bytes, at)) {
    if (endOfAttribute(bytes, at) > bytes.length) return undefined;
    const type = uint16(bytes, at);
    if (type < OPTIONAL && !KNOWN.has(type) && unknown.length < MOST_UNKNOWN) unknown.push(type);
  }
  const fingerprint = checkFingerprint(bytes);
  if (fingerprint === 'wrong') return undefined;
  const transactionId = bytes.subarray(8, HEADER_BYTES);
  const answer = printStun(unknown.length > 0 ? refusal(unknown, transactionId) : success(from, transactionId));
  return fingerprint === 'right' ? withFingerprint(answer) : answer;
}

const success = (from: MappedAddress, transactionId: Uint8Array): NewStunMessage => ({
  kind: 'success',
  method: BINDING,
  transactionId,
  attributes: [{ type: STUN_ATTRIBUTES.xorMappedAddress, value: xorAddressValue(from, transactionId) }],
});

/** RFC 8489 §6.3.1: an attribute that has to be understood and is not. */
const refusal = (unknown: readonly number[], transactionId: Uint8Array): NewStunMessage => ({
  kind: 'error',
  method: BINDING,
  transactionId,
  attributes: [
    { type: STUN_ATTRIBUTES.errorCode, value: errorCodeValue({ code: 420, reason: 'Unknown Attribute' }) },
    { type: STUN_ATTRIBUTES.unknownAttributes, value: unknownAttributesValue(unknown) },
  ],
});

const BINDING_REQUEST = 0x0001;
/** From here on an attribute may be ignored (RFC 8489 §14). */
const OPTIONAL = 0x8000;
const KNOWN: ReadonlySet<number> = new Set(Object.values(STUN_ATTRIBUTES));
/** How many are named: the answer to a long list shall not be long. */
const MOST_UNKNOWN = 8;
