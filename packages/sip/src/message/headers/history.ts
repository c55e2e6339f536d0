import { NO_PARAMS, type Params } from '../../text/params.ts';
import { defineHeader } from '../header.ts';
import { decodeNameAddr, encodeNameAddr, NameAddr } from '../name-addr.ts';
import { ParamFields, param, present, rest } from './fields.ts';
import { nameAddrHeader } from './shapes.ts';

/** Where a call has been before it came here. */

export interface HistoryEntry {
  /** Whom the request was for; the URI may carry a Reason and Privacy as headers. Without parameters. */
  readonly address: NameAddr;
  /** Place in the tree of forks, as `1.2.1`. LENIENT: absent from senders of RFC 4244 drafts. */
  readonly index?: string;
  /** The entry that this one was retargeted from: a registered contact, another user, or no change (RFC 7044 §10.1). */
  readonly rc?: string;
  readonly mp?: string;
  readonly np?: string;
  readonly params?: Params;
}

export const historyInfo = defineHeader({
  name: 'History-Info',
  arity: 'list',
  rfc: 'RFC 7044 §5',
  decode: (text: string): HistoryEntry => {
    const [address, fields] = addressAndFields(text);
    const [index, rc, mp, np] = ['index', 'rc', 'mp', 'np'].map((name) => indexValue(fields, name));
    return { address, ...present({ index, rc, mp, np }), ...fields.rest() };
  },
  encode: (v) =>
    `${encodeNameAddr(v.address)}${param('index', v.index)}${param('rc', v.rc)}${param('mp', v.mp)}${param('np', v.np)}${rest(v.params)}`,
});

export interface Diversion {
  /** Who diverted the call. Without parameters. */
  readonly address: NameAddr;
  /** `user-busy`, `no-answer`, `unconditional`, `deflection` … in lower case. */
  readonly reason?: string;
  /** How many diversions this value stands for; absent means 1. */
  readonly counter?: number;
  readonly limit?: number;
  readonly privacy?: string;
  readonly screen?: string;
  readonly params?: Params;
}

/** The newest diversion stands on top. Never registered, and spoken by most gateways. */
export const diversion = defineHeader({
  name: 'Diversion',
  arity: 'list',
  rfc: 'RFC 5806 §4',
  decode: (text: string): Diversion => {
    const [address, fields] = addressAndFields(text);
    return {
      address,
      ...present({
        reason: fields.take('reason')?.toLowerCase(),
        counter: fields.uint('counter', 99),
        limit: fields.uint('limit', 99),
        privacy: fields.take('privacy')?.toLowerCase(),
        screen: fields.take('screen')?.toLowerCase(),
      }),
      ...fields.rest(),
    };
  },
  encode: (v) =>
    `${encodeNameAddr(v.address)}${param('reason', v.reason)}${param('counter', v.counter)}${param('limit', v.limit)}${param('privacy', v.privacy)}${param('screen', v.screen)}${rest(v.params)}`,
});

/** The party before there was P-Asserted-Identity; never became an RFC, and Cisco and Asterisk still send it. */
export const remotePartyId = nameAddrHeader({
  name: 'Remote-Party-ID',
  arity: 'list',
  rfc: 'draft-ietf-sip-privacy-04 §5',
});

function addressAndFields(text: string): readonly [NameAddr, ParamFields] {
  const whole = decodeNameAddr(text);
  const at = text.length - whole.params.text.length;
  return [new NameAddr(whole.display, whole.uriText, NO_PARAMS), new ParamFields(whole.params, at)];
}

/** index-val = number *( "." number ) */
function indexValue(fields: ParamFields, name: string): string | undefined {
  const value = fields.take(name);
  if (value === undefined || /^\d{1,9}(?:\.\d{1,9})*$/.test(value)) return value;
  throw fields.fault(name, `an index such as 1.2 as the value of "${name}"`);
}
