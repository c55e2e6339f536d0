import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SyntaxFault } from '../../text/faults.ts';
import * as headers from './index.ts';
import { headerTable } from './index.ts';

test('names, compact forms and ids are unique', () => {
  const names = headerTable.flatMap((def) => (def.compact === undefined ? [def.key] : [def.key, def.compact]));
  assert.equal(new Set(names).size, names.length);
  assert.equal(new Set(headerTable.map((def) => def.id)).size, headerTable.length);
});

test('names are tokens, compact forms one lower-case letter, and every definition cites its source', () => {
  for (const def of headerTable) {
    assert.match(def.name, /^[A-Za-z0-9-]+$/);
    assert.equal(def.key, def.name.toLowerCase());
    if (def.compact !== undefined) assert.match(def.compact, /^[a-z]$/);
    assert.match(def.rfc, /^(?:RFC \d+|draft-[a-z0-9-]+) §\d+(?:\.\d+)*$/);
    assert.equal(def.extension, false);
  }
});

test('every definition that is exported is in the table', () => {
  const table = new Set<unknown>(headerTable);
  const exported = Object.values(headers).filter(
    (value) => typeof value === 'object' && !Array.isArray(value) && 'decode' in value,
  );
  assert.equal(exported.length, headerTable.length);
  for (const def of exported) assert.ok(table.has(def));
});

test('the header fields of every message have the smallest ids, Contact and Expires the next', () => {
  const hot = [
    'Via',
    'From',
    'To',
    'Call-ID',
    'CSeq',
    'Max-Forwards',
    'Route',
    'Record-Route',
    'Content-Length',
    'Contact',
    'Expires',
  ];
  assert.deepEqual(
    headerTable.filter((def) => def.id < 12).map((def) => def.name),
    hot,
  );
});

/** One value of each header field, for the properties below. */
const SEEDS: Readonly<Record<string, string>> = {
  Via: 'SIP/2.0/UDP [2001:db8::9:1]:5060;received=192.0.2.1;branch=z9hG4bKas3-111',
  From: '"Alice \\"A\\"" <sip:alice@atlanta.com;x=y>;tag=1928301774',
  To: 'sip:bob@biloxi.com;tag=a6c85cf',
  'Call-ID': 'a84b4c76e66710@pc33.atlanta.com',
  CSeq: '314159 INVITE',
  'Max-Forwards': '70',
  Route: '<sip:p1.example.com;lr>;x="a,b"',
  'Record-Route': '<sip:p1.example.com;lr>',
  'Content-Length': '142',
  Contact: '<sip:alice@pc33.atlanta.com>;q=0.7;expires=60;+sip.instance="<urn:uuid:1>"',
  Expires: '3600',
  'Min-Expires': '60',
  Path: '<sip:edge.example.com;lr;ob>',
  'Service-Route': '<sip:orig@home.example.com;lr>',
  'Reply-To': 'Bob <sip:bob@biloxi.com>',
  Require: '100rel',
  'Proxy-Require': 'sec-agree',
  Supported: 'timer',
  Unsupported: 'foo',
  Allow: 'INVITE',
  Accept: 'application/sdp;level=1;q=0.5',
  'Accept-Encoding': 'gzip;q=1',
  'Accept-Language': 'en-gb;q=0.8',
  'Content-Type': 'multipart/mixed;boundary="a b"',
  'Content-Disposition': 'session;handling=optional;x',
  'Content-Encoding': 'gzip',
  'Content-Language': 'fr',
  'Content-ID': '<a.b@c.d>',
  'MIME-Version': '1.0',
  'WWW-Authenticate': 'Digest realm="atlanta.com", stale=FALSE, nonce="f84f\\"1"',
  Authorization: 'Digest username="bob", nc=00000001',
  'Proxy-Authenticate': 'Basic realm="x"',
  'Proxy-Authorization': 'Bearer a.b.c==',
  'Authentication-Info': 'nextnonce="47364c23432d2e131a5fb210812c", qop=auth',
  Date: 'Sat, 13 Nov 2010 23:29:00 GMT',
  Timestamp: '54.21 1.5',
  'Retry-After': "120 (I'm (not) in);duration=5;x",
  Warning: '307 isi.edu:5060 "Session parameter \'foo\' not understood"',
  Subject: 'Need more boxes',
  Organization: 'Boxes by Bob',
  'User-Agent': 'Softphone Beta1.5 (x)',
  Server: 'HomeServer v2',
  Priority: 'emergency',
  'In-Reply-To': '70710@saturn.bell-tel.com',
  'Alert-Info': '<urn:alert:service:normal>;appearance=1',
  'Call-Info': '<http://www.example.com/alice/>;purpose=info;x="y"',
  'Error-Info': '<sip:not-in-service@example.com>',
  Event: 'dialog.winfo;id=a;sla',
  'Allow-Events': 'presence.winfo',
  'Subscription-State': 'terminated;reason=timeout;expires=0;retry-after=5;x',
  'SIP-ETag': 'dx200xyz',
  'SIP-If-Match': 'dx200xyz',
  'Suppress-If-Match': '*',
  RSeq: '988789',
  RAck: '776656 1 INVITE',
  Replaces: 'a@b.c;to-tag=7743;from-tag=6472;early-only;x=1',
  Join: 'a@b.c;to-tag=7743;from-tag=6472',
  'Target-Dialog': 'a@b.c;remote-tag=1;local-tag=2',
  'Refer-To': '<sip:dave@example.org?Replaces=1%402%3Bto-tag%3D3>',
  'Referred-By': '<sip:r@ref.example>;cid="2UWQFN309shb3@ref.example"',
  'Refer-Sub': 'false;x',
  'Refer-Events-At': '<sips:vPT3@example.com;gr>',
  'Session-Expires': '4000;refresher=uac;x',
  'Min-SE': '90',
  'Security-Client': 'ipsec-3gpp;q=0.1;alg=hmac-md5-96',
  'Security-Server': 'tls;q=0.2',
  'Security-Verify': 'digest;d-ver="00000000000000000000000000000000"',
  'Accept-Contact': '*;mobility="mobile";require;explicit',
  'Reject-Contact': '*;actor="msg-taker";video',
  'Request-Disposition': 'no-fork',
  'Feature-Caps': '*;+sip.608',
  'Answer-Mode': 'Auto;require',
  'Priv-Answer-Mode': 'Manual',
  Reason: 'Q.850;cause=16;text="Terminated";location=LN',
  'History-Info': '"Bob" <sip:bob@example.com?Reason=SIP%3Bcause%3D302>;index=1.1;rc=1;mp=1;np=1;x',
  Diversion: '<sip:bob@example.com>;reason=user-busy;counter=1;limit=2;privacy=full;screen=no',
  'Remote-Party-ID': '"Bob" <sip:bob@example.com>;party=calling',
  'P-Asserted-Identity': 'tel:+14085264000',
  'P-Preferred-Identity': '"Bob" <sip:bob@example.com>',
  'P-Asserted-Service': 'urn:urn-7:3gpp-service.ims.icsi.mmtel',
  'P-Preferred-Service': 'urn:urn-7:3gpp-service.ims.icsi.mmtel',
  'P-Charge-Info': '<sip:+12345550167@example.com>',
  Privacy: 'id;critical',
  Identity: 'eyJ.eyJ.abc_-;info=<https://a.b/c.cer>;alg=ES256;ppt=shaken;x="y"',
  'Max-Breadth': '60',
  'Flow-Timer': '120',
  'Session-ID': 'ab30317f1a784dc48ff824d0d3715d86;remote=47755a9de7794ba387653f2099600ef2',
  'User-to-User': '56a390f3;purpose=foo;content=bar;encoding=hex',
  'Info-Package': 'foo;x=1',
  'Recv-Info': 'trickle-ice',
  'Resource-Priority': 'dsn.flash',
  'Accept-Resource-Priority': 'ets.0',
  Geolocation: '<cid:target123@atlanta.example.com>;x',
  'Geolocation-Routing': 'yes',
  'Geolocation-Error': '100;code="Cannot Process Location"',
  'AlertMsg-Error': '103;message="Alert payload was corrupted"',
  'Permission-Missing': 'sip:C@example.com',
  'Trigger-Consent': 'sip:123@relay.example.com;target-uri="sip:friends@relay.example.com"',
  'Policy-ID': 'sip:policy@example.com;token=1',
  'Policy-Contact': '<sip:policy@example.com>;non-cacheable',
  'P-Associated-URI': '<sip:+358504821437@example.net;user=phone>',
  'P-Called-Party-ID': '<sip:user1-business@example.com>',
  'P-Visited-Network-ID': '"Visited network number 1";x',
  'P-Access-Network-Info': 'IEEE-802.11;i-wlan-node-id=00AF;network-provided',
  'P-Charging-Vector': 'icid-value=1234;icid-generated-at=192.0.6.8;orig-ioi=home1.net;term-ioi=b;x',
  'P-Charging-Function-Addresses': 'ccf=192.0.8.1;ccf-2=b;ecf=c;ecf-2=d',
  'P-Served-User': '<sip:user@example.com>;sescase=orig;regstate=reg',
  'P-Profile-Key': '<sip:chatroom-!.*!@example.com>',
  'P-Refused-URI-List': '<sip:friends-list@example.net>;members="cid:a@b"',
  'P-User-Database': '<aaa://host.example.com;transport=tcp>',
  'P-Early-Media': 'sendrecv',
  'P-Answer-State': 'Confirmed',
  'P-Private-Network-Indication': 'example.com;x',
  'P-Media-Authorization': '0020000100100471',
  'P-DCS-Trace-Party-ID': '<sip:+12345678912@domain.com>;timestamp=3434688831.2327',
  'P-DCS-OSPS': 'BLV',
  'P-DCS-Billing-Info': '01AB/0A@example.com;rksgroup=group',
  'P-DCS-LAES': 'les.example.com:5060;content=media.example.com:9000;bcid=0A',
  'P-DCS-Redirect': '"sip:called@example.com";redirector-uri="sip:by@example.com";count=1',
};

test('every header field in the table has a value that is read, printed and read again', () => {
  assert.deepEqual(Object.keys(SEEDS).toSorted(), headerTable.map((def) => def.name).toSorted());
  for (const def of headerTable) {
    const value = def.decode(SEEDS[def.name] ?? '');
    assert.deepEqual(def.decode(def.encode(value)), value, def.name);
  }
});

test('whatever stands in a value: it is read and survives printing, or it is a fault with its offset', () => {
  const edit = fc.tuple(
    fc.nat(),
    fc.constantFrom('insert', 'delete', 'replace'),
    fc.constantFrom(...' ;,="<>()*:@.\\/%0aZé\t'),
  );
  fc.assert(
    fc.property(fc.constantFrom(...headerTable), fc.array(edit, { maxLength: 4 }), (def, edits) => {
      const text = edits.reduce(
        (t, [at, how, char]) => edited(t, at % (t.length + 1), how, char),
        SEEDS[def.name] ?? '',
      );
      const value = decoded(def, text);
      if (value === undefined) return;
      const printed = def.encode(value);
      const again = decoded(def, printed);
      assert.notEqual(again, undefined, `${def.name}: ${text} → ${printed}`);
      assert.equal(def.encode(again), printed);
      // what credentials quote is normalised by printing (RFC 7616 §3.3)
      if (def.arity !== 'lines') assert.deepEqual(again, value, `${def.name}: ${text} → ${printed}`);
    }),
    { numRuns: 6000 },
  );
});

function edited(text: string, at: number, how: 'insert' | 'delete' | 'replace', char: string): string {
  return text.slice(0, at) + (how === 'delete' ? '' : char) + text.slice(how === 'insert' ? at : at + 1);
}

function decoded(def: (typeof headerTable)[number], text: string): unknown {
  try {
    return def.decode(text);
  } catch (fault) {
    assert.ok(fault instanceof SyntaxFault, `${def.name}: ${text}: ${String(fault)}`);
    assert.ok(fault.at >= 0 && fault.at <= text.length + 1, `${def.name}: ${text}: offset ${fault.at}`);
    return undefined;
  }
}
