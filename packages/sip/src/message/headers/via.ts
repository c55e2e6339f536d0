import { codesOf, scanParamsIn, scanTokenIn, skipBlanksIn } from '../../text/byte-scanners.ts';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import { portIn, scanHostIn, scanPortIn } from '../../uri/host.ts';
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
  decode: (text) => decodeVia(text, codesOf(text), 0, text.length),
  decodeAt: decodeVia,
  encode: (v: Via) => `SIP/2.0/${v.transport} ${v.host}${v.port === undefined ? '' : `:${v.port}`}${v.params.text}`,
});

function decodeVia(text: string, b: Uint8Array, start: number, end: number): Via {
  const isUdp = text.startsWith('SIP/2.0/UDP ', start);
  const transportAt = isUdp ? start + 8 : sentProtocol(text, start, end);
  const transportEnd = isUdp ? start + 11 : scanTokenIn(b, transportAt, end);
  if (transportEnd === transportAt) throw new SyntaxFault(transportAt, 'a transport such as UDP');
  const hostAt = skipBlanksIn(b, transportEnd, end);
  if (hostAt === transportEnd) throw new SyntaxFault(hostAt, 'white space before the sent-by host');
  const hostEnd = scanHostIn(b, hostAt, end);
  let p = skipBlanksIn(b, hostEnd, end);
  let port: number | undefined;
  if (p < end && b[p] === 58) {
    const digits = skipBlanksIn(b, p + 1, end);
    const digitsEnd = scanPortIn(b, digits, end);
    port = portIn(b, digits, digitsEnd);
    p = skipBlanksIn(b, digitsEnd, end);
  }
  const paramsEnd = scanParamsIn(b, p, end);
  if (paramsEnd !== end && b[paramsEnd] !== 40) throw new SyntaxFault(paramsEnd, 'parameters or the end of the value');
  const transport = isUdp ? 'UDP' : text.slice(transportAt, transportEnd);
  return new Via(transport, text.slice(hostAt, hostEnd), port, new Params(text.slice(p, paramsEnd)));
}

/** `SIP / 2.0 /` with blanks around the slashes; returns where the transport begins. */
function sentProtocol(text: string, start: number, end: number): number {
  if (text.startsWith('SIP/2.0/', start)) return start + 8;
  const match = /^\s*SIP\s*\/\s*2\.0\s*\/\s*/i.exec(text.slice(start, end));
  if (match === null) throw new SyntaxFault(start, '"SIP/2.0/"');
  return start + match[0].length;
}
