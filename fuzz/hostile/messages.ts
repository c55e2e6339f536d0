import { HEADER_SAMPLES } from '../samples.ts';
import { type Element, elementOf } from './element.ts';
import { LENGTH, NUMBER, PROTOCOL } from './marks.ts';
import { ALICE, BASIC, HA1 } from './secrets.ts';
import { SESSION } from './session.ts';

/** A call with everything in it that a call usually has, to a user whose telephone is registered. */
export function createInvite(): Element {
  return elementOf(
    'INVITE',
    'body',
    [
      startLine('INVITE', 'bob', 'example.test'),
      ...routing(),
      line(
        'From',
        `{address:address {display:quoted "Mallory"} <{uri:uri sip:{user:token mallory}:{password:text ${ALICE.password}}@{host:host elsewhere.test}}>}{tag:param ;tag={value:token m1}}{?other:param ;x=y}`,
      ),
      line(
        'To',
        `{address:address {display:text Bob} <{uri:uri sip:{user:token bob}:{password:text ${ALICE.password}}@{host:host example.test}}>}{?tag:param ;tag={value:token b1}}`,
      ),
      ...identity('INVITE'),
      line(
        'Contact',
        `{address:address {display:quoted "Mallory"} <{uri:uri {scheme:token sip}:{user:token mallory}:{password:text ${ALICE.password}}@{host:host 192.0.2.4}{port:port :5062}{?transport:param ;transport={value:token tcp}}{?maddr:param ;maddr={value:host 192.0.2.9}}{?headers:param ?{name:token Subject}={value:text x}}}>}`,
      ),
      `Authorization: Digest username="${ALICE.name}", realm="${ALICE.domain}", nonce="dcd9", uri="sip:bob@${ALICE.domain}", response="${HA1.md5}"\r\n`,
      optional('Proxy-Authorization', `{value:value {scheme:token Basic} {token68:token ${BASIC}}}`),
      optional('Record-Route', '{value:address <{uri:uri sip:192.0.2.8:5060;lr}>}'),
      optional('Session-Expires', '{value:value {seconds:integer 1800}{refresher:param ;refresher=uac}}'),
      optional('Min-SE', '{value:integer 90}'),
      optional('Subject', '{value:text A call}'),
      optional('Reply-To', '{value:address "M" <sip:m@elsewhere.test>}'),
      optional(
        'Content-Disposition',
        '{value:value {type:token session}{handling:param ;handling={value:token optional}}}',
      ),
      optional('Content-Encoding', '{value:token identity}'),
      optional('MIME-Version', '{value:token 1.0}'),
      optional('Replaces', '{value:value {call-id:token 1@x}{to-tag:param ;to-tag=1}{from-tag:param ;from-tag=2}}'),
      optional('P-Asserted-Identity', '{value:address "A" <sip:alice@example.test>}'),
      optional('Warning', '{value:value {code:integer 307} {agent:host example.test} {text:quoted "no"}}'),
      ...negotiation(),
      line(
        'Content-Type',
        '{value:value {type:token application}/{subtype:token sdp}{?charset:param ;charset={value:token utf-8}}{?boundary:param ;boundary={value:quoted "b"}}}',
      ),
      ...others(),
      line('Content-Length', `{value:integer ${LENGTH}}`),
      '{end:name \r\n}',
      SESSION,
    ].join(''),
  );
}

/** A registration with every parameter that registrars know. */
export function createRegister(): Element {
  return elementOf(
    'REGISTER',
    'body',
    [
      startLine('REGISTER', '', 'example.test'),
      `Via: SIP/2.0/${PROTOCOL} mallory.invalid:5062;branch=z9hG4bK-${NUMBER};rport\r\nMax-Forwards: 70\r\n`,
      line(
        'From',
        '{address:address {display:quoted "Alice"} <{uri:uri sip:{user:token alice}@{host:host example.test}}>}{tag:param ;tag={value:token a1}}',
      ),
      line(
        'To',
        `{address:address {display:text Alice} <{uri:uri sip:{user:token alice}:{password:text ${ALICE.password}}@{host:host example.test}}>}`,
      ),
      ...identity('REGISTER'),
      line(
        'Contact',
        `{address:address {display:quoted "Desk"} <{uri:uri {scheme:token sip}:{user:token alice}:{password:text ${ALICE.password}}@{host:host desk.invalid}{port:port :5060}{?transport:param ;transport={value:token udp}}{?ob:param ;ob}{?headers:param ?{name:token Subject}={value:text x}}}>}{expires:param ;expires={value:integer 60}}{q:param ;q={value:token 0.7}}{?instance:param ;+sip.instance={value:quoted "<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"}}{?reg-id:param ;reg-id={value:integer 1}}{?feature:param ;audio;methods="INVITE,BYE"}{?second:address , <sip:alice@192.0.2.6>;expires=60}`,
      ),
      line('Expires', '{value:integer 60}'),
      credentials(),
      optional('Path', '{value:address <{uri:uri sip:192.0.2.8;lr}>}'),
      optional('Supported', '{value:value {first:token path}, {second:token gruu}}'),
      optional('Require', '{value:value {first:token path}, {second:token outbound}}'),
      line('Content-Length', `{value:integer ${LENGTH}}`),
      '{end:name \r\n}',
    ].join(''),
  );
}

function startLine(method: string, user: string, host: string): string {
  const uri = `{uri:uri {scheme:token sip}:${user === '' ? '' : `{user:token ${user}}:{password:text ${ALICE.password}}@`}{host:host ${host}}{?port:port }{?transport:param ;transport={value:token udp}}{?lr:param ;lr}{?headers:param ?{name:token Subject}={value:text x}}}`;
  return `{start-line:line {method:token ${method}} ${uri} {version:token {protocol:token SIP}/{major:integer 2}.{minor:integer 0}}\r\n}`;
}

function routing(): readonly string[] {
  return [
    line(
      'Via',
      `{value:value {protocol:token SIP}/{version:token 2.0}/{transport:token ${PROTOCOL}} {sent-by:text {host:host mallory.invalid}{port:port :5062}};branch={branch:token z9hG4bK-${NUMBER}}{rport:param ;rport}{?ttl:param ;ttl={value:integer 16}}{?maddr:param ;maddr={value:host 127.0.0.1}}{?received:param ;received={value:host 192.0.2.1}}{?alias:param ;alias}{?keep:param ;keep={value:integer 30}}{?comment:text  (a comment)}{?second:value , SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKsecond}}`,
    ),
    line('Max-Forwards', '{value:integer 70}'),
    optional(
      'Route',
      '{address:address {?display:quoted "P" }<{uri:uri sip:{host:host example.test}{port:port }{lr:param ;lr}}>}{?other:param ;x=y}',
    ),
    optional('Max-Breadth', '{value:integer 60}'),
  ];
}

function identity(method: string): readonly string[] {
  return [
    line('Call-ID', `{value:text {local:text ${NUMBER}}@{host:host elsewhere.test}}`),
    line('CSeq', `{value:value {number:integer 1} {method:token ${method}}}`),
  ];
}

function credentials(): string {
  const fields = [
    `{username:param {name:token username}={value:quoted "${ALICE.name}"}}`,
    `{realm:param realm={value:quoted "${ALICE.domain}"}}`,
    '{nonce:param nonce={value:quoted "dcd98b7102dd2f0e8b11d0f600bfb0c0"}}',
    `{uri:param uri={value:quoted "{uri:uri sip:${ALICE.domain}}"}}`,
    `{response:param response={value:quoted "${HA1.md5}"}}`,
    '{algorithm:param algorithm={value:token MD5}}',
    '{cnonce:param cnonce={value:quoted "0a4f113b"}}',
    '{opaque:param opaque={value:quoted "5ccc"}}',
    '{qop:param qop={value:token auth}}',
    `{nc:param nc={value:integer 00000001}}`,
  ];
  return line(
    'Authorization',
    `{value:value {scheme:token Digest} ${fields.join(', ')}{?userhash:param , userhash={value:token false}}{?other:param , rspauth={value:quoted "${HA1.sha256}"}}}`,
  );
}

function negotiation(): readonly string[] {
  return [
    optional('Supported', '{value:value {first:token path}, {second:token timer}}'),
    optional('Require', '{value:value {first:token path}, {second:token timer}}'),
    optional('Proxy-Require', '{value:value {first:token privacy}}'),
    optional('Accept', '{value:value {type:token application}/{subtype:token sdp}{q:param ;q={value:token 0.5}}}'),
    optional('Accept-Encoding', '{value:value {coding:token gzip}{q:param ;q={value:token 0.5}}}'),
    optional('Accept-Language', '{value:value {tag:token en-gb}{q:param ;q={value:token 0.5}}}'),
    optional('Allow', '{value:value {first:token INVITE}, {second:token ACK}}'),
    optional('Timestamp', '{value:value {time:token 54.21} {delay:token 0.5}}'),
    optional('Date', '{value:date Sat, 13 Nov 2010 23:29:00 GMT}'),
    optional('Privacy', '{value:value {first:token id};{second:token critical}}'),
    optional('User-Agent', '{value:text Telephone/1.0 (a comment)}'),
  ];
}

/** Every other header field that has a codec, with what its RFC prints as an example. */
function others(): readonly string[] {
  return Object.entries(HEADER_SAMPLES)
    .filter(([name]) => !DESCRIBED.includes(name))
    .map(([name, [sample = '']]) => `{?${name}:plain ${name}: {value:other ${sample.replace(/[{}]/g, '')}}\r\n}`);
}

function line(name: string, value: string): string {
  return `{${name}:line {name:name ${name}}: ${value}\r\n}`;
}

/** A line that stands only in the cases about it: in the others it would decide the answer. */
function optional(name: string, value: string): string {
  return `{?${name}:plain ${name}: ${value}\r\n}`;
}

/** Header fields that stand above with all their parts. */
const DESCRIBED: readonly string[] = [
  ...['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Max-Breadth', 'Route', 'Record-Route', 'Contact'],
  ...['Authorization', 'Proxy-Authorization', 'Session-Expires', 'Min-SE', 'Subject', 'Reply-To', 'Content-Type'],
  ...['Content-Disposition', 'Content-Encoding', 'Content-Length', 'MIME-Version', 'Replaces', 'P-Asserted-Identity'],
  ...['Warning', 'Supported', 'Require', 'Proxy-Require', 'Accept', 'Accept-Encoding', 'Accept-Language', 'Allow'],
  ...['Timestamp', 'Date', 'Privacy', 'User-Agent'],
];
