import { isToken } from '../../text/chars.ts';
import { SyntaxFault } from '../../text/faults.ts';
import { type Params, quoted } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { scanHost } from '../../uri/host.ts';
import { defineHeader } from '../header.ts';
import { fieldsFrom, fieldsOf, flag, param, present, rest } from './fields.ts';
import { nameAddrHeader, tokenHeader, tokenParamsHeader, uriHeader } from './shapes.ts';

/** Private header fields of 3GPP networks: between trusted elements only (RFC 7315 §6 and the others named). */

/** The other addresses of a registered user. */
export const pAssociatedUri = nameAddrHeader({ name: 'P-Associated-URI', arity: 'list', rfc: 'RFC 7315 §5.1' });
/** Whom the request was for before the Request-URI became a contact. */
export const pCalledPartyId = nameAddrHeader({ name: 'P-Called-Party-ID', arity: 'one', rfc: 'RFC 7315 §5.2' });
/** The served user, with `sescase`, `regstate` and `orig-cdiv`. */
export const pServedUser = nameAddrHeader({ name: 'P-Served-User', arity: 'one', rfc: 'RFC 8498 §6.2' });
export const pProfileKey = nameAddrHeader({ name: 'P-Profile-Key', arity: 'one', rfc: 'RFC 5002 §5' });
/** The members of a URI list that the server refused. */
export const pRefusedUriList = nameAddrHeader({ name: 'P-Refused-URI-List', arity: 'list', rfc: 'RFC 5318 §5' });
/** The Diameter address of the database that holds the user. */
export const pUserDatabase = uriHeader({ name: 'P-User-Database', arity: 'one', rfc: 'RFC 4457 §4' });
/** `sendrecv`, `sendonly`, `recvonly`, `inactive`, `gated`, `supported`; may be empty. */
export const pEarlyMedia = tokenHeader(
  { name: 'P-Early-Media', arity: 'list', rfc: 'RFC 5009 §8' },
  'an early media direction',
);
/** `Confirmed` or `Unconfirmed`. */
export const pAnswerState = tokenParamsHeader(
  { name: 'P-Answer-State', arity: 'one', rfc: 'RFC 4964 §7.1' },
  'an answer state',
);

export interface VisitedNetwork {
  readonly network: string;
  readonly params?: Params;
}

export const pVisitedNetworkId = defineHeader({
  name: 'P-Visited-Network-ID',
  arity: 'list',
  rfc: 'RFC 7315 §5.3',
  decode: (text: string): VisitedNetwork => {
    const s = new Scanner(text).blanks();
    return { network: s.tokenOrQuoted('a network'), ...fieldsFrom(s).rest() };
  },
  encode: (v) => `${isToken(v.network) ? v.network : quoted(v.network)}${rest(v.params)}`,
});

export interface AccessNetwork {
  /** An access type or class as it stands: `3GPP-E-UTRAN-FDD`, `IEEE-802.11` … */
  readonly access: string;
  /** True when the network says so, not the phone. */
  readonly networkProvided: boolean;
  /** `utran-cell-id-3gpp` and whatever else belongs to the access. */
  readonly params?: Params;
}

export const pAccessNetworkInfo = defineHeader({
  name: 'P-Access-Network-Info',
  arity: 'list',
  rfc: 'RFC 7315 §5.4',
  decode: (text: string): AccessNetwork => {
    const s = new Scanner(text).blanks();
    const access = s.token('an access type');
    const fields = fieldsFrom(s);
    return { access, networkProvided: fields.flag('network-provided'), ...fields.rest() };
  },
  encode: (v) => `${v.access}${rest(v.params)}${flag('network-provided', v.networkProvided)}`,
});

export interface ChargingVector {
  /** The charging identifier that all elements of the session share. */
  readonly icid: string;
  /** The host that made it. */
  readonly icidGeneratedAt?: string;
  /** The network where the session begins. */
  readonly origIoi?: string;
  readonly termIoi?: string;
  readonly params?: Params;
}

export const pChargingVector = defineHeader({
  name: 'P-Charging-Vector',
  arity: 'one',
  rfc: 'RFC 7315 §5.6',
  decode: (text: string): ChargingVector => {
    const fields = fieldsOf(text);
    const icid = fields.filled('icid-value');
    if (icid === undefined) throw new SyntaxFault(0, '"icid-value="');
    return {
      icid,
      ...present({
        icidGeneratedAt: fields.filled('icid-generated-at'),
        origIoi: fields.take('orig-ioi'),
        termIoi: fields.take('term-ioi'),
      }),
      ...fields.rest(),
    };
  },
  encode: (v) =>
    `${param('icid-value', v.icid).slice(1)}${param('icid-generated-at', v.icidGeneratedAt)}${param('orig-ioi', v.origIoi)}${param('term-ioi', v.termIoi)}${rest(v.params)}`,
});

/** Where charging data goes: collection functions (ccf) or event functions (ecf), each with a second choice. */
export interface ChargingFunctions {
  readonly ccf?: string;
  readonly ccf2?: string;
  readonly ecf?: string;
  readonly ecf2?: string;
  readonly params?: Params;
}

export const pChargingFunctionAddresses = defineHeader({
  name: 'P-Charging-Function-Addresses',
  arity: 'list',
  rfc: 'RFC 7315 §5.5',
  decode: (text: string): ChargingFunctions => {
    if (text.trim() === '') throw new SyntaxFault(0, 'a charging address');
    const fields = fieldsOf(text);
    const [ccf, ccf2, ecf, ecf2] = ['ccf', 'ccf-2', 'ecf', 'ecf-2'].map((name) => fields.filled(name));
    return { ...present({ ccf, ccf2, ecf, ecf2 }), ...fields.rest() };
  },
  encode: (v) =>
    `${param('ccf', v.ccf)}${param('ccf-2', v.ccf2)}${param('ecf', v.ecf)}${param('ecf-2', v.ecf2)}${rest(v.params)}`.slice(
      1,
    ),
});

export interface PrivateNetwork {
  /** The domain that names the private network whose traffic this is. */
  readonly domain: string;
  readonly params?: Params;
}

export const pPrivateNetworkIndication = defineHeader({
  name: 'P-Private-Network-Indication',
  arity: 'one',
  rfc: 'RFC 7316 §7',
  decode: (text: string): PrivateNetwork => {
    const s = new Scanner(text).blanks();
    const start = s.pos;
    s.pos = scanHost(text, start);
    const domain = text.slice(start, s.pos);
    return { domain, ...fieldsFrom(s).rest() };
  },
  encode: (v) => `${v.domain}${rest(v.params)}`,
});

/** Tokens that authorise media at the access network, in hexadecimal. */
export const pMediaAuthorization = defineHeader({
  name: 'P-Media-Authorization',
  arity: 'list',
  rfc: 'RFC 3313 §5',
  decode: (text: string) => {
    if (!/^[0-9a-f]+$/i.test(text)) throw new SyntaxFault(0, 'hexadecimal digits');
    return text;
  },
  encode: (value) => value,
});
