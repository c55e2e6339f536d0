import { type Account, addressOf } from './server.ts';

/**
 * Scenarios of SIPp, written as the ladder that they are: steps top-down, each a piece of SIPp's XML. What stands in
 * brackets in a message, SIPp fills in.
 */
export interface Scenario {
  readonly name: string;
  readonly xml: string;
}

export const scenario = (name: string, ...steps: readonly (string | readonly string[])[]): Scenario => ({
  name,
  xml: `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="${name}">\n${steps.flat().join('\n')}\n</scenario>\n`,
});

/** Sends it; over UDP again and again until the next message that is waited for has come. */
export const send = (message: string): string => `<send retrans="500"><![CDATA[\n${message}\n]]></send>`;

/** Sends what is never answered: an ACK, or a provisional response. */
export const sendOnce = (message: string): string => `<send><![CDATA[\n${message}\n]]></send>`;

/** Waits for a response with this status; others make the call fail, except those that `maybe` stands before. */
export const awaitStatus = (status: number): string => `<recv response="${status}" rrs="true"/>`;
export const awaitChallenge = (status: 401 | 407): string => `<recv response="${status}" auth="true"/>`;
export const maybe = (...statuses: readonly number[]): readonly string[] =>
  statuses.map((status) => `<recv response="${status}" optional="true"/>`);

/** Waits for a request; `keep` puts what it says into variables for later messages. */
export const awaitRequest = (method: string, keep: readonly Kept[] = []): string =>
  keep.length === 0
    ? `<recv request="${method}" rrs="true"/>`
    : `<recv request="${method}" rrs="true"><action>${keep.map(keepHeader).join('')}</action></recv>`;

export interface Kept {
  readonly header: string;
  /** Which of several, 1 for the topmost. */
  readonly occurrence: number;
  /** `[$name]` is its value. */
  readonly name: string;
}

export interface Outgoing {
  readonly uri: string;
  readonly from: Account;
  /** The URI in To. */
  readonly to: string;
  readonly cseq: number;
  /** Further header lines. */
  readonly lines?: readonly string[];
  readonly body?: Body;
}

export interface Body {
  readonly type: string;
  readonly text: string;
}

/** A request outside of a dialog. */
export const request = (method: string, { uri, from, to, cseq, lines = [], body }: Outgoing): string =>
  message(`${method} ${uri} SIP/2.0`, [
    VIA,
    'Max-Forwards: 70',
    `From: <${addressOf(from)}>;tag=[pid]-[call_number]`,
    `To: <${to}>`,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    contactOf(from),
    ...lines,
    ...bodyLines(body),
  ]);

/** A request of the caller within the dialog, along its route set. */
export const within = (method: string, { from, to, cseq }: Pick<Outgoing, 'from' | 'to' | 'cseq'>): string =>
  message(`${method} [next_url] SIP/2.0`, [
    VIA,
    '[routes]',
    'Max-Forwards: 70',
    `From: <${addressOf(from)}>;tag=[pid]-[call_number]`,
    `To: <${to}>[peer_tag_param]`,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    contactOf(from),
    ...bodyLines(undefined),
  ]);

/** A request of the called within the dialog, after an INVITE whose From was kept as `caller`, and whose To as `called`. */
export const withinAsCalled = (method: string, from: Account, cseq: number): string =>
  message(`${method} [next_url] SIP/2.0`, [
    VIA,
    '[routes]',
    'Max-Forwards: 70',
    'From:[$called];tag=[pid]-[call_number]',
    'To:[$caller]',
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    contactOf(from),
    ...bodyLines(undefined),
  ]);

/** What belongs to the transaction of the INVITE before it: the ACK to a failure (RFC 3261 §17.1.1.3), or CANCEL (§9.1). */
export const sameTransaction = (method: 'ACK' | 'CANCEL', { uri, from, to, cseq }: Outgoing): string =>
  message(`${method} ${uri} SIP/2.0`, [
    '[last_Via:]',
    'Max-Forwards: 70',
    `From: <${addressOf(from)}>;tag=[pid]-[call_number]`,
    `To: <${to}>${method === 'ACK' ? '[peer_tag_param]' : ''}`,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    ...bodyLines(undefined),
  ]);

/** A response to the last request. The To of a request outside of a dialog gets a tag, `within` a dialog it has one. */
export const response = (
  status: number,
  reason: string,
  where: 'outside' | 'within',
  as?: Account,
  body?: Body,
): string =>
  message(`SIP/2.0 ${status} ${reason}`, [
    '[last_Via:]',
    '[last_Record-Route:]',
    '[last_From:]',
    `[last_To:]${where === 'outside' ? ';tag=[pid]-[call_number]' : ''}`,
    '[last_Call-ID:]',
    '[last_CSeq:]',
    ...(as === undefined ? [] : [contactOf(as)]),
    ...bodyLines(body),
  ]);

/** The final response to an INVITE that is no longer the last request; its headers were kept with `KEPT_INVITE`. */
export const laterResponse = (status: number, reason: string): string =>
  message(`SIP/2.0 ${status} ${reason}`, [
    'Via:[$via1]',
    'Via:[$via2]',
    'From:[$caller]',
    'To:[$called];tag=[pid]-[call_number]',
    '[last_Call-ID:]',
    'CSeq:[$cseq]',
    ...bodyLines(undefined),
  ]);

const first = (header: string, name: string): Kept => ({ header, occurrence: 1, name });
/** Of an INVITE that came through one proxy. */
export const KEPT_INVITE: readonly Kept[] = [
  first('Via:', 'via1'),
  { header: 'Via:', occurrence: 2, name: 'via2' },
  first('From:', 'caller'),
  first('To:', 'called'),
  first('CSeq:', 'cseq'),
];
/** What `withinAsCalled` needs. */
export const KEPT_NAMES: readonly Kept[] = [first('From:', 'caller'), first('To:', 'called')];

export const SDP: Body = {
  type: 'application/sdp',
  text: [
    'v=0',
    'o=- 1 1 IN IP4 [local_ip]',
    's=-',
    'c=IN IP4 [media_ip]',
    't=0 0',
    'm=audio [media_port] RTP/AVP 0',
    'a=rtpmap:0 PCMU/8000',
  ].join('\n'),
};

const message = (startLine: string, lines: readonly string[]): string => [startLine, ...lines].join('\n');

const bodyLines = (body: Body | undefined): readonly string[] =>
  body === undefined
    ? ['Content-Length: 0', '']
    : [`Content-Type: ${body.type}`, 'Content-Length: [len]', '', body.text];

const contactOf = ({ name }: Account): string => `Contact: <sip:${name}@[local_ip]:[local_port];transport=[transport]>`;

const keepHeader = ({ header, occurrence, name }: Kept): string =>
  `<ereg regexp=".*" search_in="hdr" header="${header}" occurrence="${occurrence}" check_it="true" assign_to="${name}"/>`;

const VIA = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]';
