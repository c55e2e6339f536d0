import { createRequire } from 'node:module';
import { bufferText } from '@strowger/node';
import {
  callId,
  contact,
  cseq,
  from,
  maxForwards,
  NameAddr,
  newRequest,
  print,
  route,
  to,
  Via,
  via,
} from '@strowger/sip/message';
import { NO_PARAMS, Params } from '@strowger/sip/text';

/** Makes a new INVITE of values as a phone has them, with SDP, and prints its bytes: by the name of the parser's package. */
export type Printers = ReadonlyMap<string, () => Uint8Array>;

export function ourPrinter(): Uint8Array {
  const invite = newRequest()
    .append(via, new Via('UDP', HOST, 5060, new Params(`;branch=${BRANCH};rport`)))
    .append(maxForwards, 70)
    .append(route, new NameAddr('', PROXY, NO_PARAMS))
    .append(from, new NameAddr('Alice', ALICE, new Params(`;tag=${TAG}`)))
    .append(to, new NameAddr('', BOB, NO_PARAMS))
    .append(callId, CALL_ID)
    .append(cseq, { seq: 1, method: 'INVITE' })
    .append(contact, new NameAddr('', CONTACT, NO_PARAMS))
    .line('Content-Type', 'application/sdp')
    .body(Buffer.from(SDP, 'utf8'));
  return print(invite.request('INVITE', BOB), bufferText);
}

export async function loadPrinters(): Promise<Printers> {
  const require = createRequire(PEERS);
  const sip: { readonly stringify: (message: object) => string } = require('sip/sip.js');
  const jssip: { readonly OutgoingRequest: JssipRequest } = require('jssip/lib/SIPMessage.js');
  const jssipUri: { readonly parse: (text: string) => object } = require('jssip/lib/URI.js');
  const core = (file: string): string => new URL(`node_modules/sip.js/lib/${file}`, PEERS).href;
  const { OutgoingRequestMessage }: { OutgoingRequestMessage: SipjsRequest } = await import(
    core('core/messages/outgoing-request-message.js')
  );
  const { URI }: { URI: SipjsUri } = await import(core('grammar/uri.js'));

  const jssipAgent = {
    contact: {},
    configuration: { extra_headers: undefined, session_timers: false, user_agent: 'bench' },
  };
  const [bob, alice] = [jssipUri.parse(BOB), jssipUri.parse(ALICE)];
  const [toBob, fromAlice] = [new URI('sip', 'bob', 'example.org'), new URI('sip', 'alice', 'example.org')];
  return new Map([
    ['strowger', ourPrinter],
    ['sip', () => Buffer.from(sip.stringify(plainInvite()), 'binary')],
    [
      'jssip',
      () => {
        const params = { from_uri: alice, from_display_name: 'Alice', from_tag: TAG, to_uri: bob, call_id: CALL_ID };
        const all = { ...params, cseq: 1, route_set: [`<${PROXY}>`] };
        const request = new jssip.OutgoingRequest('INVITE', bob, jssipAgent, all, EXTRA, SDP);
        request.setHeader('via', VIA);
        return Buffer.from(request.toString(), 'utf8');
      },
    ],
    [
      'sip.js',
      () => {
        const known = { fromDisplayName: 'Alice', fromTag: TAG, callId: CALL_ID, cseq: 1, routeSet: [`<${PROXY}>`] };
        const options = { ...known, viaHost: `${HOST}:5060`, forceRport: true };
        const body = { content: SDP, contentType: 'application/sdp' };
        const request = new OutgoingRequestMessage('INVITE', toBob, fromAlice, toBob, options, CONTACT_LINE, body);
        request.setViaHeader(BRANCH, 'UDP');
        return Buffer.from(request.toString(), 'utf8');
      },
    ],
  ]);
}

/** The INVITE as the package `sip` wants it. */
const plainInvite = (): object => ({
  method: 'INVITE',
  uri: BOB,
  headers: {
    via: [{ version: '2.0', protocol: 'UDP', host: HOST, port: 5060, params: { branch: BRANCH, rport: null } }],
    'max-forwards': 70,
    route: [{ uri: PROXY }],
    from: { name: '"Alice"', uri: ALICE, params: { tag: TAG } },
    to: { uri: BOB },
    'call-id': CALL_ID,
    cseq: { seq: 1, method: 'INVITE' },
    contact: [{ uri: CONTACT }],
    'content-type': 'application/sdp',
  },
  content: SDP,
});

type JssipRequest = new (
  method: string,
  uri: object,
  agent: object,
  params: object,
  extra: readonly string[],
  body: string,
) => { setHeader(name: string, value: string): void; toString(): string };
type SipjsRequest = new (
  method: string,
  uri: object,
  from: object,
  to: object,
  options: object,
  extra: readonly string[],
  body: object,
) => { setViaHeader(branch: string, transport: string): void; toString(): string };
type SipjsUri = new (scheme: string, user: string, host: string) => object;

const PEERS = new URL('./peers/', import.meta.url);
const HOST = '192.0.2.11';
const BRANCH = 'z9hG4bK776asdhds1928';
const TAG = '1928301774';
const CALL_ID = 'a84b4c76e66710-4711@192.0.2.11';
const [ALICE, BOB] = ['sip:alice@example.org', 'sip:bob@example.org'];
const CONTACT = 'sip:alice@192.0.2.11:5060';
const PROXY = 'sip:proxy.example.org;lr';
const VIA = `SIP/2.0/UDP ${HOST}:5060;branch=${BRANCH};rport`;
const CONTACT_LINE = [`Contact: <${CONTACT}>`];
const EXTRA = [...CONTACT_LINE, 'Content-Type: application/sdp'];
const SDP =
  'v=0\r\no=- 2890844526 2890844526 IN IP4 192.0.2.11\r\ns=-\r\nc=IN IP4 192.0.2.11\r\nt=0 0\r\nm=audio 49172 RTP/AVP 9 0 8 101\r\na=rtpmap:9 G722/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n';
