import { printIp, readIp } from './ip.ts';
import { attributeOf, MAGIC_COOKIE, STUN_ATTRIBUTES, type StunMessage, setUint16, uint16 } from './message.ts';

/** An address as others see it; `host` is an IP literal without brackets. */
export interface MappedAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * The value of XOR-MAPPED-ADDRESS (RFC 8489 §14.2).
 * @throws RangeError when the host is no address
 */
export function xorAddressValue({ host, port }: MappedAddress, transactionId: Uint8Array): Uint8Array {
  const ip = readIp(host);
  const out = new Uint8Array(4 + ip.length);
  out[1] = ip.length === 4 ? IPV4 : IPV6;
  setUint16(out, 2, port ^ COOKIE_HIGH);
  for (let i = 0; i < ip.length; i += 1) out[4 + i] = (ip[i] as number) ^ maskAt(i, transactionId);
  return out;
}

/** The reflexive address that a response tells; that of RFC 3489 servers too. `undefined` where there is none, or a broken one. */
export function mappedAddressOf(message: StunMessage): MappedAddress | undefined {
  const xored = attributeOf(message, STUN_ATTRIBUTES.xorMappedAddress);
  const plain = xored ?? attributeOf(message, STUN_ATTRIBUTES.mappedAddress);
  if (plain === undefined) return undefined;
  const { value } = plain;
  if (value.length !== (value[1] === IPV4 ? 8 : value[1] === IPV6 ? 20 : -1)) return undefined;
  const isXored = xored !== undefined;
  const ip = value.slice(4);
  if (isXored) for (let i = 0; i < ip.length; i += 1) ip[i] = (ip[i] as number) ^ maskAt(i, message.transactionId);
  return { host: printIp(ip), port: isXored ? uint16(value, 2) ^ COOKIE_HIGH : uint16(value, 2) };
}

const maskAt = (i: number, transactionId: Uint8Array): number =>
  (i < 4 ? MAGIC_COOKIE[i] : transactionId[i - 4]) as number;

const COOKIE_HIGH = 0x2112;
const IPV4 = 1;
const IPV6 = 2;
