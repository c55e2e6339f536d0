import { isProtocol, type Protocol } from '@strowger/sip/uri';
import { canonicalIp, parseIp } from './address.ts';
import { type Reading, refuse } from './reading.ts';

/** One address the server listens on, written `udp:HOST:PORT`. */
export interface Listen {
  readonly protocol: Protocol;
  /** An IP address without brackets; `0.0.0.0` and `::` mean every address of their family. */
  readonly host: string;
  /** 0: the operating system picks one. */
  readonly port: number;
}

/** Reads `udp:127.0.0.1:5060` or `tls:[::1]:5061`. The protocol may be in capitals. */
export function parseListen(text: string): Reading<Listen> {
  const colon = text.indexOf(':');
  const word = (colon < 0 ? text : text.slice(0, colon)).toLowerCase();
  const protocol = isProtocol(word) ? word : undefined;
  if (protocol === undefined || colon < 0) return refuse(EXPECTED, hintFor(text));
  const rest = text.slice(colon + 1);
  const place = ADDRESS.exec(rest);
  if (place === null) return refuse(EXPECTED, restHint(protocol, rest));
  const bracketed = place[1];
  const host = bracketed ?? place[2] ?? '';
  const ip = parseIp(host);
  if (ip === undefined || (ip.family === 6) !== (bracketed !== undefined)) {
    return refuse('an IP address as the host of a listening address', hostHint(protocol, host, place[3] ?? ''));
  }
  const port = Number(place[3]);
  if (port > 65_535) return refuse('a port from 0 to 65535');
  return { value: { protocol, host, port } };
}

/** The text that `parseListen` reads. */
export function printListen(listen: Listen): string {
  return `${listen.protocol}:${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}`;
}

/**
 * True when the two could not be open at once: both UDP or both over TCP, the same port, and the same address or one of them the wildcard
 * of the family. Port 0 never clashes.
 */
export function isSameListen(a: Listen, b: Listen): boolean {
  if ((a.protocol === 'udp') !== (b.protocol === 'udp') || a.port !== b.port || a.port === 0) return false;
  const one = parseIp(a.host);
  const other = parseIp(b.host);
  if (one === undefined || other === undefined || one.family !== other.family) return false;
  const any = canonicalIp(one.family === 4 ? { family: 4, number: 0 } : { family: 6, words: [0, 0, 0, 0] });
  const [left, right] = [canonicalIp(one), canonicalIp(other)];
  return left === right || left === any || right === any;
}

function hintFor(text: string): string | undefined {
  const ip = parseIp(text.replace(/:\d*$/, ''));
  if (/^(?:https?|sips?):/i.test(text)) return 'the protocols are udp, tcp, tls, ws and wss';
  return ip?.family === 4 ? `did you mean udp:${text.includes(':') ? text : `${text}:5060`}?` : undefined;
}

function restHint(protocol: string, rest: string): string | undefined {
  if (/^\d+$/.test(rest)) return `for every address write ${protocol}:0.0.0.0:${rest}`;
  const ip = parseIp(rest.replace(/^\[|\]$/g, ''));
  if (ip === undefined) return undefined;
  if (ip.family === 4 || rest.startsWith('[')) return `the port is missing: ${protocol}:${rest}:5060`;
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(rest) ?? [];
  return parseIp(host)?.family === 6
    ? `an IPv6 address needs brackets: ${protocol}:[${host}]:${port}`
    : `an IPv6 address needs brackets and a port: ${protocol}:[${rest}]:5060`;
}

function hostHint(protocol: string, host: string, port: string): string | undefined {
  if (host === '*' || host === '') return `for every address write ${protocol}:0.0.0.0:${port}`;
  if (host.toLowerCase() === 'localhost') return `write ${protocol}:127.0.0.1:${port}`;
  return undefined;
}

const EXPECTED = 'a listening address such as udp:0.0.0.0:5060 or tcp:[::1]:5060';
/** [1] host in brackets, [2] host without, [3] port. */
const ADDRESS = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/;
