import { MEDIA_KEY } from './secrets.ts';

const line = (name: string, text: string): string => `{${name}:sdpline ${text}\r\n}`;
const optional = (name: string, text: string): string => `{?${name}:sdpline ${text}\r\n}`;

/** A session description with its session and media lines (RFC 8866 §5), as a template of elements. */
export const SESSION: string = `{body:body ${[
  line('v', 'v={version:integer 0}'),
  line(
    'o',
    'o={value:value {username:token mallory} {id:integer 2890844526} {version:integer 2890842807} {net:token IN} {type:token IP4} {address:host 192.0.2.4}}',
  ),
  line('s', 's={name:text A call}'),
  optional('i', 'i={text:text about it}'),
  optional('u', 'u={uri:uri http://elsewhere.test/}'),
  optional('e', 'e={text:text m@elsewhere.test (M)}'),
  optional('p', 'p={text:text +1 201 555 0123}'),
  line('c', 'c={value:value {net:token IN} {type:token IP4} {address:host 192.0.2.4}{?ttl:port /127}}'),
  line('b', 'b={value:value {type:token AS}:{rate:integer 64}}'),
  line('t', 't={value:value {start:integer 0} {stop:integer 0}}'),
  optional('r', 'r={value:value {interval:token 7d} {active:token 1h} {offset:integer 0}}'),
  optional('z', 'z={value:value {time:integer 2882844526} {offset:token -1h}}'),
  optional('k', 'k={value:value {method:token clear}:{key:text x}}'),
  optional('group', 'a={value:value group:{semantics:token BUNDLE} {mid:token a}}'),
  line(
    'm',
    'm={value:value {media:token audio} {port:integer 49172}{?ports:port /2} {proto:token RTP/AVP} {format:integer 0} {dynamic:integer 96}}',
  ),
  line(
    'rtpmap',
    'a={value:value {name:token rtpmap}:{payload:integer 96} {encoding:token opus}/{rate:integer 48000}{channels:port /2}}',
  ),
  line('fmtp', 'a={value:value fmtp:{payload:integer 96} {params:text useinbandfec=1;minptime=10}}'),
  line('ptime', 'a={value:value ptime:{ms:integer 20}}'),
  line('direction', 'a={value:token sendrecv}'),
  optional('mid', 'a={value:value mid:{id:token a}}'),
  optional(
    'rtcp',
    'a={value:value rtcp:{port:integer 49173} {net:token IN} {type:token IP4} {address:host 192.0.2.4}}',
  ),
  line(
    'crypto',
    `a={value:value crypto:{tag:integer 1} {suite:token AES_CM_128_HMAC_SHA1_80} inline:{key:text ${MEDIA_KEY}}{lifetime:text |2^20|1:4}}`,
  ),
  optional('fingerprint', 'a={value:value fingerprint:{hash:token sha-256} {digest:text AA:BB:CC}}'),
  optional('setup', 'a={value:value setup:{role:token actpass}}'),
  optional(
    'candidate',
    'a={value:value candidate:{foundation:token 1} {component:integer 1} {transport:token UDP} {priority:integer 2130706431} {address:host 192.0.2.4} {port:integer 49172} typ {type:token host}}',
  ),
].join('')}}`;
