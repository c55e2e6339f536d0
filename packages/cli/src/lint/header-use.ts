/** Which header fields belong into which message: Tables 2 and 3 of RFC 3261, and what later RFCs add for their methods. */

/**
 * Whether a request must have a header field (`must`), or should (`should`), or it means nothing there and is ignored
 * (`never`); everything else is as the sender likes.
 */
export type Use = 'must' | 'should' | 'never';

export interface Rule {
  /** Of the header field. */
  readonly name: string;
  readonly use: Use;
  readonly rfc: string;
}

/** The rules for the requests of a method. */
export function requestRules(method: string): readonly Rule[] {
  const column = METHODS.indexOf(method);
  const base = column < 0 ? [] : REQUESTS.flatMap(([name, rfc, cells]) => ruleOf(name, rfc, cells.charAt(column)));
  return [...EVERYWHERE, ...base, ...(column < 0 ? (LATER[method] ?? [HOPS]) : [])];
}

/** The rules for the responses of a status to a method. */
export function responseRules(status: number, method: string): readonly Rule[] {
  const found = RESPONSES.filter(({ of, methods }) => {
    const isStatus = of < 10 ? of === Math.floor(status / 100) : of === status;
    return isStatus && (methods === undefined || methods.includes(method));
  });
  return [...EVERYWHERE, ...found];
}

function ruleOf(name: string, rfc: string, cell: string): readonly Rule[] {
  const use = cell === 'm' ? 'must' : cell === 's' ? 'should' : cell === '-' ? 'never' : undefined;
  return use === undefined ? [] : [{ name, use, rfc }];
}

/** The columns of Tables 2 and 3. */
const METHODS = ['ACK', 'BYE', 'CANCEL', 'INVITE', 'OPTIONS', 'REGISTER'];

/** Rows for requests, a letter a column: m mandatory, s for m*, - not applicable, a full stop for everything else. */
const REQUESTS: readonly (readonly [name: string, rfc: string, cells: string])[] = [
  ['Accept', 'RFC 3261 §20.1', '-.-.s.'],
  ['Accept-Encoding', 'RFC 3261 §20.2', '-.-...'],
  ['Accept-Language', 'RFC 3261 §20.3', '-.-...'],
  ['Alert-Info', 'RFC 3261 §20.4', '---.--'],
  ['Allow', 'RFC 3261 §20.5', '-.-...'],
  ['Call-Info', 'RFC 3261 §20.9', '---...'],
  ['Contact', 'RFC 3261 §20.10', '.--m..'],
  ['Content-Disposition', 'RFC 3261 §20.11', '..-...'],
  ['Content-Encoding', 'RFC 3261 §20.12', '..-...'],
  ['Content-Language', 'RFC 3261 §20.13', '..-...'],
  ['Content-Type', 'RFC 3261 §20.15', '..-...'],
  ['Expires', 'RFC 3261 §20.19', '---.-.'],
  ['In-Reply-To', 'RFC 3261 §20.21', '---.--'],
  ['Max-Forwards', 'RFC 3261 §8.1.1.6', 'mmmmmm'],
  ['MIME-Version', 'RFC 3261 §20.24', '..-...'],
  ['Organization', 'RFC 3261 §20.25', '---...'],
  ['Priority', 'RFC 3261 §20.26', '---.--'],
  ['Proxy-Authorization', 'RFC 3261 §20.28', '..-...'],
  ['Proxy-Require', 'RFC 3261 §20.29', '-.-...'],
  ['Record-Route', 'RFC 3261 §20.30', '.....-'],
  ['Reply-To', 'RFC 3261 §20.31', '---.--'],
  ['Require', 'RFC 3261 §20.32', '-.-...'],
  ['Subject', 'RFC 3261 §20.36', '---.--'],
  ['Supported', 'RFC 3261 §20.37', '-..s..'],
];

/** What transactions live from: without one of these a request is answered 400 (RFC 3261 §8.1.1). */
export const CORE: readonly string[] = ['Via', 'From', 'To', 'Call-ID', 'CSeq'];

const EVERYWHERE: readonly Rule[] = CORE.map((name) => ({ name, use: 'must', rfc: 'RFC 3261 §8.1.1' }));

const must = (name: string, rfc: string): Rule => ({ name, use: 'must', rfc });
const HOPS = must('Max-Forwards', 'RFC 3261 §8.1.1.6');

const LATER: Readonly<Record<string, readonly Rule[]>> = {
  SUBSCRIBE: [HOPS, must('Event', 'RFC 6665 §3.1.2'), must('Contact', 'RFC 3261 §12.1.2')],
  NOTIFY: [
    HOPS,
    must('Event', 'RFC 6665 §3.2.1'),
    must('Subscription-State', 'RFC 6665 §4.1.3'),
    must('Contact', 'RFC 3261 §12.2.1.1'),
  ],
  REFER: [HOPS, must('Refer-To', 'RFC 3515 §2.4.1'), must('Contact', 'RFC 3515 §2')],
  PRACK: [HOPS, must('RAck', 'RFC 3262 §7.2')],
  PUBLISH: [HOPS, must('Event', 'RFC 3903 §4.1')],
  UPDATE: [HOPS, must('Contact', 'RFC 3311 §7')],
  MESSAGE: [HOPS, { name: 'Contact', use: 'never', rfc: 'RFC 3428 §4' }],
};

interface ResponseRule extends Rule {
  /** A status, or from 1 to 6 a class of them. */
  readonly of: number;
  /** Left out: all. */
  readonly methods?: readonly string[];
}

const RESPONSES: readonly ResponseRule[] = [
  { of: 2, ...must('Contact', 'RFC 3261 §12.1.1'), methods: ['INVITE', 'SUBSCRIBE'] },
  { of: 2, ...must('Contact', 'RFC 3311 §7'), methods: ['UPDATE'] },
  { of: 2, ...must('Expires', 'RFC 6665 §3.1.1'), methods: ['SUBSCRIBE'] },
  { of: 2, ...must('SIP-ETag', 'RFC 3903 §6'), methods: ['PUBLISH'] },
  { of: 2, ...must('Expires', 'RFC 3903 §6'), methods: ['PUBLISH'] },
  { of: 2, name: 'Contact', use: 'never', rfc: 'RFC 3428 §7', methods: ['MESSAGE'] },
  { of: 2, name: 'Allow', use: 'should', rfc: 'RFC 3261 §20.5', methods: ['INVITE', 'OPTIONS'] },
  { of: 2, name: 'Supported', use: 'should', rfc: 'RFC 3261 §20.37', methods: ['INVITE', 'OPTIONS'] },
  { of: 401, ...must('WWW-Authenticate', 'RFC 3261 §21.4.2') },
  { of: 405, ...must('Allow', 'RFC 3261 §21.4.6') },
  { of: 407, ...must('Proxy-Authenticate', 'RFC 3261 §21.4.8') },
  { of: 420, ...must('Unsupported', 'RFC 3261 §21.4.15') },
  { of: 421, ...must('Require', 'RFC 3261 §21.4.16') },
  { of: 422, ...must('Min-SE', 'RFC 4028 §6') },
  { of: 423, ...must('Min-Expires', 'RFC 3261 §21.4.17') },
];
