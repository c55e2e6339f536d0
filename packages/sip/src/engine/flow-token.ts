import { type SipKey, siphash } from '../auth/siphash.ts';
import { decodeBase64url, encodeBase64url } from '../text/base64url.ts';
import { parseIpv4, parseIpv6, printIpv4, printIpv6 } from '../uri/ip.ts';
import { type Flow, isReliable, type Protocol } from '../uri/transport.ts';

/** What a flow token in a Route of ours means for a request that came from `source` (RFC 5626 §5.3). */
export type FlowVerdict =
  /** It goes out over the flow; where that is a connection of an earlier life of this process, it is dead: 430. */
  | { readonly type: 'incoming'; readonly flow: Flow }
  /** It came over this very flow, so the token says nothing about where it goes. */
  | { readonly type: 'outgoing' }
  /** Nobody here made it, or not for this use: 403. */
  | { readonly type: 'forged' };

/**
 * Tokens that name a flow and that nobody else can make (RFC 5626 §5.2): worker `.` a seal and the addresses, in base64. Nothing
 * is kept for them. Each is good for one use: that of Path, or one call.
 */
export class FlowTokens {
  readonly #key: SipKey;
  readonly #life: number;
  readonly #worker: string;

  /** `life` tells the connections of this process from those of an earlier one: a random number below 2**32. */
  constructor(key: SipKey, life: number, worker = 0) {
    this.#key = key;
    this.#life = life;
    this.#worker = worker.toString(36);
  }

  /** `undefined` for an address that no token holds: one of a single link. */
  tokenOf(flow: Flow, use: FlowUse): string | undefined {
    const bytes = bytesOfFlow(flow, this.#life);
    if (bytes === undefined) return undefined;
    return `${this.#worker}.${encodeBase64url(new Uint8Array([...this.#seal(bytes, use), ...bytes]))}`;
  }

  judge(token: string, use: FlowUse, source: Flow): FlowVerdict {
    const flow = this.flowOf(token, use);
    if (flow === undefined) return { type: 'forged' };
    return isSameFlow(flow, source) ? { type: 'outgoing' } : { type: 'incoming', flow };
  }

  /** `connection` is -1 for one of an earlier life; `undefined` for a token that is none of ours, or for another use. */
  flowOf(token: string, use: FlowUse): Flow | undefined {
    const sealed = decodeBase64url(token.slice(token.indexOf('.') + 1));
    if (sealed === undefined || sealed.length < SEAL_BYTES + 1) return undefined;
    const bytes = sealed.subarray(SEAL_BYTES);
    const seal = this.#seal(bytes, use);
    if (!seal.every((byte, i) => byte === sealed[i])) return undefined;
    return flowOfBytes(bytes, this.#life);
  }

  #seal(bytes: Uint8Array, use: FlowUse): readonly number[] {
    const text = `flow\n${use.type === 'path' ? '' : `${use.callId}\n${use.callerTag}`}\n`;
    return siphash(this.#key, text + String.fromCharCode(...bytes)).flatMap(bytesOfWord);
  }
}

/** In a Path for whoever has the binding (RFC 5626 §5.1), or in the Record-Route of one call and one caller. */
export type FlowUse =
  | { readonly type: 'path' }
  | { readonly type: 'call'; readonly callId: string; readonly callerTag: string };

/** Datagrams have no connection; on a stream the connection is the flow. */
const isSameFlow = (a: Flow, b: Flow): boolean =>
  a.local.protocol === b.local.protocol && a.host === b.host && a.port === b.port && a.connection === b.connection;

function bytesOfFlow({ local, host, port, connection }: Flow, life: number): Uint8Array | undefined {
  const [ours, theirs] = [bytesOfAddress(local.host), bytesOfAddress(host)];
  if (ours === undefined || theirs === undefined) return undefined;
  const kind =
    PROTOCOLS.indexOf(local.protocol) | (ours.length === 16 ? OURS_V6 : 0) | (theirs.length === 16 ? THEIRS_V6 : 0);
  const stream = isReliable(local.protocol) ? [...bytesOfWord(life), ...bytesOfWord(connection)] : [];
  return Uint8Array.from([kind, ...ours, ...bytesOfPort(local.port), ...theirs, ...bytesOfPort(port), ...stream]);
}

function flowOfBytes(bytes: Uint8Array, life: number): Flow | undefined {
  const kind = bytes[0] ?? 0;
  const protocol = PROTOCOLS[kind & 7];
  if (protocol === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const oursEnd = 1 + ((kind & OURS_V6) === 0 ? 4 : 16);
  const theirsEnd = oursEnd + 2 + ((kind & THEIRS_V6) === 0 ? 4 : 16);
  const end = theirsEnd + 2 + (isReliable(protocol) ? 8 : 0);
  if (bytes.length !== end) return undefined;
  const connection = !isReliable(protocol)
    ? 0
    : view.getUint32(theirsEnd + 2) === life
      ? view.getUint32(theirsEnd + 6)
      : LOST;
  return {
    local: { protocol, host: addressOf(view, 1, oursEnd), port: view.getUint16(oursEnd) },
    host: addressOf(view, oursEnd + 2, theirsEnd),
    port: view.getUint16(theirsEnd),
    connection,
  };
}

function bytesOfAddress(host: string): readonly number[] | undefined {
  const v4 = parseIpv4(host);
  if (v4 !== undefined) return bytesOfWord(v4);
  return parseIpv6(host)?.flatMap(bytesOfPort);
}

function addressOf(view: DataView, start: number, end: number): string {
  if (end - start === 4) return printIpv4(view.getUint32(start));
  return printIpv6(Array.from({ length: 8 }, (_, i) => view.getUint16(start + 2 * i)));
}

const bytesOfPort = (port: number): readonly number[] => [port >> 8, port & 255];
const bytesOfWord = (word: number): readonly number[] => [
  (word >>> 24) & 255,
  (word >>> 16) & 255,
  (word >>> 8) & 255,
  word & 255,
];

const PROTOCOLS: readonly Protocol[] = ['udp', 'tcp', 'tls', 'ws', 'wss'];
const OURS_V6 = 8;
const THEIRS_V6 = 16;
const SEAL_BYTES = 8;
/** The number of no connection. */
const LOST = -1;
