import { hasAttribute, valuesOf } from './attributes.ts';
import type { Connection } from './connection.ts';
import type { Media } from './sdp.ts';

/** `a=rtcp`: where RTCP goes when that is not the next port (RFC 3605 §2.1). */
export interface Rtcp {
  readonly port: number;
  /** `undefined` for the address of the media. */
  readonly connection: Connection | undefined;
}

/** The RTCP address that a media section states; an attribute at session level has no meaning (RFC 3605 §2.1). */
export function rtcpOf(media: Media): Rtcp | undefined {
  const [value] = valuesOf(media, 'rtcp');
  return value === undefined ? undefined : parseRtcp(value);
}

/** The value of `a=rtcp`; `undefined` where it has another form. */
export function parseRtcp(value: string): Rtcp | undefined {
  const [digits = '', nettype, addrtype, address, ...rest] = value.trim().split(/[ \t]+/);
  if (!/^\d{1,5}$/.test(digits) || Number(digits) > 65_535 || rest.length > 0) return undefined;
  if (nettype === undefined) return { port: Number(digits), connection: undefined };
  if (addrtype === undefined || address === undefined) return undefined;
  return { port: Number(digits), connection: { nettype, addrtype, address } };
}

/** The value of an `a=rtcp` attribute. */
export function printRtcp({ port, connection }: Rtcp): string {
  return connection === undefined
    ? `${port}`
    : `${port} ${connection.nettype} ${connection.addrtype} ${connection.address}`;
}

/** True when the media section offers or accepts RTP and RTCP on one port (RFC 5761 §5.1.1). */
export const isRtcpMux = (media: Media): boolean => hasAttribute(media, 'rtcp-mux');
