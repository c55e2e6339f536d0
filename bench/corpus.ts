/** One message of the corpus: what it is, and its bytes as they come off the wire. */
export interface Sample {
  readonly name: string;
  readonly bytes: Buffer;
}

const OFFER = `v=0
o=- 2890844526 2890844526 IN IP4 192.0.2.11
s=-
c=IN IP4 192.0.2.11
t=0 0
m=audio 49172 RTP/AVP 9 0 8 101
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
a=sendrecv
`;
const OFFER6 = OFFER.replaceAll('IP4 192.0.2.11', 'IP6 2001:db8::11');
const PRESENCE = `<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:bob@example.org">
<tuple id="t1"><status><basic>open</basic></status><contact priority="0.8">sip:bob@192.0.2.22</contact></tuple>
</presence>
`;

/** Heads and bodies; Content-Length is added. What phones, trunks and proxies send, with names and addresses of documentation. */
const MESSAGES: readonly (readonly [name: string, head: string, body?: string])[] = [
  [
    'INVITE of a phone',
    `INVITE sip:bob@example.org SIP/2.0
Via: SIP/2.0/UDP 192.0.2.11:5060;branch=z9hG4bK776asdhds1928;rport
Max-Forwards: 70
From: "Alice Liddell" <sip:alice@example.org>;tag=1928301774
To: <sip:bob@example.org>
Call-ID: a84b4c76e66710-4711@192.0.2.11
CSeq: 314159 INVITE
Contact: <sip:alice@192.0.2.11:5060;transport=udp>;+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>"
Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, MESSAGE, SUBSCRIBE, INFO
Supported: replaces, timer, 100rel
User-Agent: DeskPhone/10.1.54.12
Content-Type: application/sdp`,
    OFFER,
  ],
  [
    'INVITE over IPv6',
    `INVITE sip:bob@[2001:db8::9:1]:5060 SIP/2.0
Via: SIP/2.0/UDP [2001:db8::9:2]:5060;branch=z9hG4bKas3-111
Max-Forwards: 69
From: <sip:alice@[2001:db8::9:2]>;tag=81x2
To: <sip:bob@[2001:db8::9:1]>
Call-ID: 3298420296-2001db8
CSeq: 1 INVITE
Contact: <sip:alice@[2001:db8::11]:5060>
Content-Type: application/sdp`,
    OFFER6,
  ],
  [
    'INVITE in compact forms',
    `INVITE sip:carol@chicago.example.com SIP/2.0
v: SIP/2.0/TCP client.biloxi.example.com:5060;branch=z9hG4bKkdjuw8
f: "Bob" <sip:bob@biloxi.example.com>;tag=73yruf
t: Carol <sip:carol@chicago.example.com>
i: 717@client.biloxi.example.com
CSeq: 1 INVITE
Max-Forwards: 70
m: <sip:bob@client.biloxi.example.com;transport=tcp>
k: timer,100rel
c: application/sdp`,
    OFFER,
  ],
  [
    'INVITE with proxy credentials',
    `INVITE sip:+15550001234@example.org;user=phone SIP/2.0
Via: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK-524287-1---b2a1c5d7;rport
Max-Forwards: 70
From: "Sales" <sip:6001@example.org>;tag=9a7bc0e1
To: <sip:+15550001234@example.org;user=phone>
Call-ID: 0gQAAC8WAAACBAAALxYAAA-9f3@198.51.100.7
CSeq: 2 INVITE
Contact: <sip:6001@198.51.100.7:5060;ob>
Proxy-Authorization: Digest username="6001", realm="example.org", nonce="NTQ2ZmVjNWY6MTIzNA", uri="sip:+15550001234@example.org;user=phone", response="8f2ab9c1d3e45f60718293a4b5c6d7e8", algorithm=MD5, cnonce="0a4f113b", qop=auth, nc=00000001
Session-Expires: 1800;refresher=uac
Min-SE: 90
Allow: PRACK, INVITE, ACK, BYE, CANCEL, UPDATE, INFO, SUBSCRIBE, NOTIFY, REFER, MESSAGE, OPTIONS
Supported: replaces, 100rel, timer, norefersub
P-Preferred-Identity: <sip:6001@example.org>
Content-Type: application/sdp`,
    OFFER,
  ],
  [
    'INVITE behind four proxies',
    `INVITE sip:bob@203.0.113.44:5062 SIP/2.0
Via: SIP/2.0/UDP p4.example.net:5060;branch=z9hG4bKp4.a8f1
Via: SIP/2.0/UDP p3.example.net;branch=z9hG4bKp3.90c2;received=198.51.100.30
Via: SIP/2.0/TLS p2.example.com:5061;branch=z9hG4bKp2.77de;received=198.51.100.20;rport=40112
Via: SIP/2.0/UDP p1.example.com;branch=z9hG4bKp1.c0ff;received=198.51.100.10
Via: SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bK10aa7;rport=5060;received=203.0.113.9
Record-Route: <sip:p4.example.net;lr;t=0.8c7f21aa>
Record-Route: <sip:p3.example.net;lr>
Record-Route: <sips:p2.example.com;lr>, <sip:p1.example.com;lr;ftag=77>
Route: <sip:edge.example.net;lr>, <sip:203.0.113.40:5060;lr;transport=udp>
Max-Forwards: 65
From: "Alice" <sip:alice@example.com>;tag=77
To: <sip:bob@example.net>
Call-ID: 9c0e3f00-d21d-11b2-8a9e@10.0.0.7
CSeq: 21 INVITE
Contact: <sip:alice@203.0.113.9:5060;gr=urn:uuid:9c0e3f00>
P-Asserted-Identity: "Alice" <sip:alice@example.com>, <tel:+15550100>
Privacy: none
Content-Type: application/sdp`,
    OFFER,
  ],
  [
    'INVITE with folded lines and odd blanks',
    `INVITE sip:vivekg@chair-dnrc.example.com SIP/2.0
TO :
 sip:vivekg@chair-dnrc.example.com
From: "J Rosenberg" <sip:jdrosen@example.com>
  ; tag = 98asjd8
MaX-fOrWaRdS: 68
Call-ID: wsinv.ndaksdj@192.0.2.1
CSeq: 9 INVITE
Via: SIP/2.0/UDP
  192.0.2.2;branch=z9hG4bK390skdjuw
Subject: Where shall we meet,
 and when
Contact: "Quoted string \\"\\"" <sip:jdrosen@example.com> ; expires=60
Content-Type: application/sdp`,
    OFFER,
  ],
  [
    '100 Trying',
    `SIP/2.0 100 Trying
Via: SIP/2.0/UDP 192.0.2.11:5060;branch=z9hG4bK776asdhds1928;rport=5060
From: "Alice Liddell" <sip:alice@example.org>;tag=1928301774
To: <sip:bob@example.org>
Call-ID: a84b4c76e66710-4711@192.0.2.11
CSeq: 314159 INVITE
Timestamp: 54
Server: Exchange 2.1`,
  ],
  [
    '180 Ringing',
    `SIP/2.0 180 Ringing
Via: SIP/2.0/UDP proxy.example.org:5060;branch=z9hG4bK0.k3f9a1.1q.5f2c77a0;received=203.0.113.5
Via: SIP/2.0/UDP 192.0.2.11:5060;branch=z9hG4bK776asdhds1928;rport=5060
Record-Route: <sip:proxy.example.org;lr;t=0.91ffab20c4d7e811>
From: "Alice Liddell" <sip:alice@example.org>;tag=1928301774
To: <sip:bob@example.org>;tag=a6c85cf
Call-ID: a84b4c76e66710-4711@192.0.2.11
CSeq: 314159 INVITE
Contact: <sip:bob@192.0.2.22:5060>
Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY
User-Agent: Softphone 3.5.2`,
  ],
  [
    '200 to an INVITE',
    `SIP/2.0 200 OK
Via: SIP/2.0/UDP proxy.example.org:5060;branch=z9hG4bK0.k3f9a1.1q.5f2c77a0;received=203.0.113.5
Via: SIP/2.0/UDP 192.0.2.11:5060;branch=z9hG4bK776asdhds1928;rport=5060
Record-Route: <sip:proxy.example.org;lr;t=0.91ffab20c4d7e811>
From: "Alice Liddell" <sip:alice@example.org>;tag=1928301774
To: <sip:bob@example.org>;tag=a6c85cf
Call-ID: a84b4c76e66710-4711@192.0.2.11
CSeq: 314159 INVITE
Contact: "Bob" <sip:bob@192.0.2.22:5060;transport=udp>
Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, MESSAGE
Supported: replaces, timer
Content-Type: application/sdp`,
    OFFER,
  ],
  [
    '407 with a challenge',
    `SIP/2.0 407 Proxy Authentication Required
Via: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK-524287-1---b2a1c5d6;rport=5060
From: "Sales" <sip:6001@example.org>;tag=9a7bc0e1
To: <sip:+15550001234@example.org;user=phone>;tag=0.1x9fkq2
Call-ID: 0gQAAC8WAAACBAAALxYAAA-9f3@198.51.100.7
CSeq: 1 INVITE
Proxy-Authenticate: Digest realm="example.org", nonce="NTQ2ZmVjNWY6MTIzNA", qop="auth", algorithm=MD5
Server: Exchange`,
  ],
  [
    '486 Busy Here',
    `SIP/2.0 486 Busy Here
Via: SIP/2.0/UDP proxy.example.org:5060;branch=z9hG4bK0.k3f9a1.2c.5f2c77a1;received=203.0.113.5
Via: SIP/2.0/UDP 192.0.2.11:5060;branch=z9hG4bK776asdhds1929;rport=5060
From: "Alice Liddell" <sip:alice@example.org>;tag=1928301775
To: <sip:bob@example.org>;tag=a6c85d0
Call-ID: a84b4c76e66710-4712@192.0.2.11
CSeq: 314160 INVITE
Reason: Q.850;cause=17;text="User busy"
User-Agent: Softphone 3.5.2`,
  ],
  [
    'ACK along a route',
    `ACK sip:bob@192.0.2.22:5060;transport=udp SIP/2.0
Via: SIP/2.0/UDP 192.0.2.11:5060;branch=z9hG4bK776asdhds1930;rport
Route: <sip:proxy.example.org;lr;t=0.91ffab20c4d7e811>
Max-Forwards: 70
From: "Alice Liddell" <sip:alice@example.org>;tag=1928301774
To: <sip:bob@example.org>;tag=a6c85cf
Call-ID: a84b4c76e66710-4711@192.0.2.11
CSeq: 314159 ACK
User-Agent: DeskPhone/10.1.54.12`,
  ],
  [
    'BYE along a route',
    `BYE sip:alice@192.0.2.11:5060;transport=udp SIP/2.0
Via: SIP/2.0/UDP 192.0.2.22:5060;branch=z9hG4bKnashds10;rport
Route: <sip:proxy.example.org;lr;t=0.91ffab20c4d7e811>
Max-Forwards: 70
From: <sip:bob@example.org>;tag=a6c85cf
To: "Alice Liddell" <sip:alice@example.org>;tag=1928301774
Call-ID: a84b4c76e66710-4711@192.0.2.11
CSeq: 231 BYE
Reason: Q.850;cause=16;text="Normal call clearing"
User-Agent: Softphone 3.5.2`,
  ],
  [
    'CANCEL',
    `CANCEL sip:bob@example.org SIP/2.0
Via: SIP/2.0/UDP 192.0.2.11:5060;branch=z9hG4bK776asdhds1929;rport
Max-Forwards: 70
From: "Alice Liddell" <sip:alice@example.org>;tag=1928301775
To: <sip:bob@example.org>
Call-ID: a84b4c76e66710-4712@192.0.2.11
CSeq: 314160 CANCEL
User-Agent: DeskPhone/10.1.54.12`,
  ],
  [
    'REGISTER',
    `REGISTER sip:example.org SIP/2.0
Via: SIP/2.0/UDP 192.0.2.11:5060;branch=z9hG4bKnashds7;rport
Max-Forwards: 70
From: "Alice Liddell" <sip:alice@example.org>;tag=456248
To: "Alice Liddell" <sip:alice@example.org>
Call-ID: 843817637684230-998sdasdh09@192.0.2.11
CSeq: 1826 REGISTER
Contact: <sip:alice@192.0.2.11:5060>;+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>";reg-id=1
Supported: path, outbound, gruu
Expires: 3600
User-Agent: DeskPhone/10.1.54.12`,
  ],
  [
    'REGISTER with credentials',
    `REGISTER sip:example.org SIP/2.0
Via: SIP/2.0/UDP 192.0.2.11:5060;branch=z9hG4bKnashds8;rport
Max-Forwards: 70
From: "Alice Liddell" <sip:alice@example.org>;tag=456248
To: "Alice Liddell" <sip:alice@example.org>
Call-ID: 843817637684230-998sdasdh09@192.0.2.11
CSeq: 1827 REGISTER
Contact: <sip:alice@192.0.2.11:5060>;q=0.7;expires=600, <sip:alice@198.51.100.3:5062>;q=0.5
Authorization: Digest username="alice", realm="example.org", nonce="MTYwMDAwMDAwMDo4ZjJh", uri="sip:example.org", response="3d2f1e0c4b5a69788796a5b4c3d2e1f0", algorithm=MD5, cnonce="66c1e4d2", qop=auth, nc=00000001
Expires: 3600
User-Agent: DeskPhone/10.1.54.12`,
  ],
  [
    'OPTIONS',
    `OPTIONS sip:203.0.113.5:5060 SIP/2.0
Via: SIP/2.0/UDP 198.51.100.60:5060;branch=z9hG4bKk4x8z00
Max-Forwards: 70
From: "trunk" <sip:ping@198.51.100.60>;tag=as25b4f9
To: <sip:203.0.113.5:5060>
Contact: <sip:ping@198.51.100.60:5060>
Call-ID: 6fd1b8a27b4e2c1f4a5f0d1e@198.51.100.60
CSeq: 102 OPTIONS
User-Agent: Trunk Monitor
Date: Thu, 21 Feb 2030 13:02:03 GMT
Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, INFO, PUBLISH, MESSAGE
Supported: replaces, timer`,
  ],
  [
    'SUBSCRIBE to presence',
    `SUBSCRIBE sip:bob@example.org SIP/2.0
Via: SIP/2.0/TCP 192.0.2.11:50612;branch=z9hG4bKnashds9;alias
Max-Forwards: 70
From: <sip:alice@example.org>;tag=xfg9
To: <sip:bob@example.org>
Call-ID: 2010-subscribe@192.0.2.11
CSeq: 17766 SUBSCRIBE
Contact: <sip:alice@192.0.2.11:50612;transport=tcp>
Event: presence
Accept: application/pidf+xml, multipart/related
Supported: eventlist
Expires: 600`,
  ],
  [
    'NOTIFY of presence',
    `NOTIFY sip:alice@192.0.2.11:50612;transport=tcp SIP/2.0
Via: SIP/2.0/TCP presence.example.org;branch=z9hG4bKna998sk
Route: <sip:proxy.example.org;transport=tcp;lr>
Max-Forwards: 70
From: <sip:bob@example.org>;tag=ffd2
To: <sip:alice@example.org>;tag=xfg9
Call-ID: 2010-subscribe@192.0.2.11
CSeq: 8775 NOTIFY
Contact: <sip:presence.example.org;transport=tcp>
Event: presence
Subscription-State: active;expires=599
Content-Type: application/pidf+xml`,
    PRESENCE,
  ],
  [
    'MESSAGE',
    `MESSAGE sip:bob@example.org SIP/2.0
Via: SIP/2.0/TLS 192.0.2.11:50710;branch=z9hG4bK776sgdkse;rport
Max-Forwards: 70
From: "Alice Liddell" <sips:alice@example.org>;tag=49583
To: <sips:bob@example.org>
Call-ID: asd88asd77a@192.0.2.11
CSeq: 1 MESSAGE
Date: Thu, 21 Feb 2030 13:02:03 GMT
Content-Type: text/plain;charset=UTF-8`,
    'Watson, come here: I want to see you.\n',
  ],
];

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

/** Twenty messages of 300 to 1,500 bytes. */
export const CORPUS: readonly Sample[] = MESSAGES.map(([name, head, body = '']) => {
  const content = crlf(body);
  const text = `${crlf(head)}\r\nContent-Length: ${content.length}\r\n\r\n${content}`;
  return { name, bytes: Buffer.from(text, 'utf8') };
});
