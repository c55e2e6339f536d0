import { createRequire } from 'node:module';
import { bufferText } from '@strowger/node';
import {
  callId,
  contact,
  cseq,
  edit,
  from,
  maxForwards,
  NameAddr,
  parse,
  print,
  type Request,
  type Response,
  read,
  recordRoute,
  route,
  to,
  Via,
  via,
} from '@strowger/sip/message';
import { NO_PARAMS, Params } from '@strowger/sip/text';

/** A parser under measurement. What its functions return depends on all they have read, so that no work can be left out. */
export interface Parser {
  readonly name: string;
  /** The message from its bytes; `undefined` for one that it refuses. */
  readonly parse: (bytes: Buffer) => unknown;
  /** Also reads top Via, From tag, To tag, Call-ID, CSeq, Contact URI and Route URI; the length of what it found. */
  readonly route: (bytes: Buffer) => number;
  /** Also edits the message as a proxy does and prints it; `undefined` for a parser that cannot print what it has read. */
  readonly forward: ((bytes: Buffer) => Buffer | Uint8Array) | undefined;
}

export const ourParser: Parser = {
  name: 'strowger',
  parse: (bytes) => {
    const message = parse(bytes, bufferText);
    return message.kind === 'malformed' ? undefined : message;
  },
  route: (bytes) => {
    const m = wellFormed(bytes);
    const top = read(m, via);
    const binding = read(m, contact);
    const next = read(m, route);
    const uris = [binding === undefined || binding === '*' ? undefined : binding.uri, next?.uri];
    let found = (top?.host.length ?? 0) + (top?.port ?? 0) + (top?.branch?.length ?? 0);
    found += (read(m, from)?.tag?.length ?? 0) + (read(m, to)?.tag?.length ?? 0) + (read(m, callId)?.length ?? 0);
    found += read(m, cseq)?.seq ?? 0;
    for (const uri of uris) if (uri?.type === 'sip') found += uri.host.length + (uri.port ?? 0);
    return found;
  },
  forward: (bytes) => {
    const m = wellFormed(bytes);
    if (m.kind === 'response') return print(edit(m).dropTop(via).response(m.status, m.reason), bufferText);
    const top = read(m, via);
    const copy = edit(m);
    if (top !== undefined) copy.replaceTop(via, top.withParams(top.params.set('received', '192.0.2.1')));
    copy.dropTop(route).set(maxForwards, (read(m, maxForwards) ?? 71) - 1);
    copy.prepend(recordRoute, new NameAddr('', OUR_ROUTE, NO_PARAMS));
    copy.prepend(via, new Via('UDP', OUR_HOST, 5060, new Params(`;branch=${OUR_BRANCH};rport`)));
    return print(copy.request(m.method, m.uri), bufferText);
  },
};

/** The parsers of npm's SIP packages, each fed the kind of text that its own transport feeds it. */
export async function loadPeers(): Promise<readonly Parser[]> {
  const require = createRequire(PEERS);
  const sip: SipPackage = require('sip/sip.js');
  const jssip: {
    parseMessage: (text: string, ua: object) => JssipMessage | undefined;
  } = require('jssip/lib/Parser.js');
  const module: { Parser: { parseMessage: (text: string, logger: object) => SipjsMessage | undefined } } = await import(
    new URL('node_modules/sip.js/lib/core/messages/parser.js', PEERS).href
  );
  const silent = { warn: () => undefined, error: () => undefined, log: () => undefined, debug: () => undefined };
  return [
    sipParser(sip),
    agentParser(
      'jssip',
      (text) => jssip.parseMessage(text, {}),
      (m) => [m.via_branch, m.from_tag, m.to_tag, m.call_id],
    ),
    agentParser(
      'sip.js',
      (text) => module.Parser.parseMessage(text, silent),
      (m) => [m.viaBranch, m.fromTag, m.toTag, m.callId],
    ),
  ];
}

/** The package `sip`, made for servers: it decodes the headers of routing at once and prints what it has read. */
function sipParser(sip: SipPackage): Parser {
  const need = (bytes: Buffer): SipMessage => {
    const m = sip.parse(bytes);
    if (m === undefined) throw new Error('the package sip refuses a message of the corpus');
    return m;
  };
  return {
    name: 'sip',
    parse: sip.parse,
    route: (bytes) => {
      const { headers } = need(bytes);
      const top = headers.via[0];
      const binding = headers.contact === '*' ? undefined : headers.contact?.[0];
      let found = (top?.host.length ?? 0) + (top?.port ?? 0) + (top?.params.branch?.length ?? 0);
      found += (headers.from.params.tag?.length ?? 0) + (headers.to.params.tag?.length ?? 0);
      found += headers['call-id'].length + headers.cseq.seq;
      for (const uri of [binding === undefined ? undefined : sip.parseUri(binding.uri), headers.route?.[0]?.uri])
        if (uri !== undefined) found += uri.host.length + (uri.port || 0);
      return found;
    },
    forward: (bytes) => {
      const m = need(bytes);
      const { headers } = m;
      if (m.status !== undefined) headers.via.shift();
      else {
        const top = headers.via[0];
        if (top !== undefined) top.params.received = '192.0.2.1';
        headers.route?.shift();
        headers['max-forwards'] = String(Number(headers['max-forwards'] ?? 71) - 1);
        headers['record-route'] = [{ uri: OUR_ROUTE, params: {} }, ...(headers['record-route'] ?? [])];
        const params = { branch: OUR_BRANCH, rport: null };
        headers.via.unshift({ version: '2.0', protocol: 'UDP', host: OUR_HOST, port: 5060, params });
      }
      return Buffer.from(sip.stringify(m), 'binary');
    },
  };
}

/** User agents: their parsers decode at once what a dialog needs; Contact and Route on demand. */
function agentParser<M extends AgentMessage>(
  name: string,
  parseText: (text: string) => M | undefined,
  identifiersOf: (message: M) => readonly (string | undefined)[],
): Parser {
  return {
    name,
    parse: (bytes) => parseText(bytes.toString('utf8')),
    route: (bytes) => {
      const m = parseText(bytes.toString('utf8'));
      if (m === undefined) return 0;
      let found = (m.via?.host.length ?? 0) + (m.via?.port ?? 0) + Number(m.cseq);
      for (const text of identifiersOf(m)) found += text?.length ?? 0;
      const next = m.parseHeader('route') as readonly { readonly parsed: AgentAddress }[] | undefined;
      for (const address of [m.parseHeader('contact') as AgentAddress | undefined, next?.[0]?.parsed])
        found += address?.uri?.host.length ?? 0;
      return found;
    },
    forward: undefined,
  };
}

function wellFormed(bytes: Buffer): Request | Response {
  const message = parse(bytes, bufferText);
  if (message.kind === 'malformed') throw new Error(`${message.reason} at ${message.position} in the corpus`);
  return message;
}

interface SipUri {
  readonly host: string;
  readonly port: number;
}
type SipParams = Record<string, string | null | undefined>;
interface SipMessage {
  readonly status?: number;
  readonly headers: {
    readonly via: { version: string; protocol: string; host: string; port: number; params: SipParams }[];
    readonly from: { readonly params: SipParams };
    readonly to: { readonly params: SipParams };
    readonly 'call-id': string;
    readonly cseq: { readonly seq: number };
    readonly contact?: '*' | readonly { readonly uri: string }[];
    readonly route?: { readonly uri: SipUri }[];
    'max-forwards'?: string;
    'record-route'?: readonly object[];
  };
}
interface SipPackage {
  readonly parse: (bytes: Buffer) => SipMessage | undefined;
  readonly parseUri: (text: string) => SipUri | undefined;
  readonly stringify: (message: SipMessage) => string;
}

interface AgentAddress {
  readonly uri?: { readonly host: string };
}
interface AgentMessage {
  readonly via?: { readonly host: string; readonly port?: number };
  readonly cseq: number | string;
  readonly parseHeader: (name: string) => unknown;
}
interface JssipMessage extends AgentMessage {
  readonly via_branch?: string;
  readonly from_tag?: string;
  readonly to_tag?: string;
  readonly call_id?: string;
}
interface SipjsMessage extends AgentMessage {
  readonly viaBranch?: string;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly callId?: string;
}

const PEERS = new URL('./peers/', import.meta.url);
const OUR_HOST = 'proxy.example.org';
const OUR_ROUTE = 'sip:proxy.example.org;lr;t=0.91ffab20c4d7e811';
const OUR_BRANCH = 'z9hG4bK0.k3f9a1.2d.5f2c77a2';
