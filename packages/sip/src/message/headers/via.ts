import { isTokenChar } from '../../text/chars.ts';
import { SyntaxFault } from '../../text/faults.ts';
import { Params, scanParams, skipBlanks } from '../../text/params.ts';
import { scanHost, scanPort } from '../../uri/host.ts';
import { defineHeader } from '../header.ts';

/** One Via value: the transport and where the sender wants the response (RFC 3261 §20.42, §18.1.1). */
export class Via {
  /** `UDP`, `TCP`, `TLS`, `WS` … as it stands in the message. */
  readonly transport: string;
  /** sent-by host: a name, an IPv4 address, or an IPv6 reference in brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
  constructor(transport: string, host: string, port: number | undefined, params: Params) {
    this.transport = transport;
    this.host = host;
    this.port = port;
    this.params = params;
  }

  get branch(): string | undefined {
    return this.params.get('branch');
  }

  withParams(params: Params): Via {
    return new Via(this.transport, this.host, this.port, params);
  }
}

export const via = defineHeader({
  name: 'Via',
  compact: 'v',
  arity: 'list',
  rfc: 'RFC 3261 §20.42',
  decode: decodeVia,
  encode: (v: Via) => `SIP/2.0/${v.transport} ${v.host}${v.port === undefined ? '' : `:${v.port}`}${v.params.text}`,
});

function decodeVia(s: string): Via {
  const transportAt = sentProtocol(s);
  let p = transportAt;
  while (isTokenChar(s.charCodeAt(p))) p += 1;
  if (p === transportAt) throw new SyntaxFault(p, 'a transport such as UDP');
  const hostAt = skipBlanks(s, p);
  if (hostAt === p) throw new SyntaxFault(p, 'white space before the sent-by host');
  const hostEnd = scanHost(s, hostAt);
  const colon = skipBlanks(s, hostEnd);
  let port: number | undefined;
  let end = hostEnd;
  if (colon < s.length && s.charCodeAt(colon) === 58) {
    const portAt = skipBlanks(s, colon + 1);
    end = scanPort(s, portAt);
    port = Number(s.slice(portAt, end));
  }
  const paramsAt = skipBlanks(s, end);
  const paramsEnd = scanParams(s, paramsAt);
  const rest = skipBlanks(s, paramsEnd);
  if (rest !== s.length && s.charCodeAt(rest) !== 40) throw new SyntaxFault(rest, 'parameters or the end of the value');
  return new Via(s.slice(transportAt, p), s.slice(hostAt, hostEnd), port, new Params(s.slice(paramsAt, paramsEnd)));
}

/** `SIP / 2.0 /` with blanks around the slashes; returns where the transport begins. */
function sentProtocol(s: string): number {
  if (s.startsWith('SIP/2.0/')) return 8;
  const match = /^\s*SIP\s*\/\s*2\.0\s*\/\s*/i.exec(s);
  if (match === null) throw new SyntaxFault(0, '"SIP/2.0/"');
  return match[0].length;
}
