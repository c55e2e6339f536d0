import { SyntaxFault } from '../../text/faults.ts';
import { Params, scanParam } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader, type HeaderDef } from '../header.ts';
import { ParamFields, param, present, rest } from './fields.ts';
import { angleUri, nameAddrHeader, uriAt } from './shapes.ts';

/** Who is calling: what networks say of it, what is signed, and what shall be hidden. */

export const pAssertedIdentity = nameAddrHeader({ name: 'P-Asserted-Identity', arity: 'list', rfc: 'RFC 3325 §9.1' });
export const pPreferredIdentity = nameAddrHeader({ name: 'P-Preferred-Identity', arity: 'list', rfc: 'RFC 3325 §9.2' });
/** Who pays. */
export const pChargeInfo = nameAddrHeader({ name: 'P-Charge-Info', arity: 'one', rfc: 'RFC 8496 §6' });

export const pAssertedService = serviceHeader('P-Asserted-Service', 'RFC 6050 §4.1');
export const pPreferredService = serviceHeader('P-Preferred-Service', 'RFC 6050 §4.2');

/** What privacy services shall do: `header`, `session`, `user`, `id`, `history`, `none`, `critical`, in lower case. */
export const privacy = defineHeader({
  name: 'Privacy',
  arity: 'one',
  rfc: 'RFC 3323 §4.2',
  decode: (text: string): readonly string[] => {
    const s = new Scanner(text).blanks();
    const values = [s.token('a privacy value').toLowerCase()];
    // LENIENT: commas, which RFC 3323 §4.2 has in its grammar (erratum 5184).
    while (s.took(';') || s.took(',')) values.push(s.token('a privacy value').toLowerCase());
    s.end();
    return values;
  },
  encode: (values) => values.join(';'),
});

/** A signature over who calls whom and when (RFC 8224), with a token (PASSporT, RFC 8225) in it. */
export interface Identity {
  /** The token: `header.claims.signature`, or `..signature` in its compact form. */
  readonly digest: string;
  /** Where the certificate is; absent from malformed values, which are answered 436 (RFC 8224 §6.2.2). */
  readonly info?: string;
  readonly alg?: string;
  /** The kind of token: `shaken`, `div`, `rcd` … */
  readonly ppt?: string;
  readonly params?: Params;
}

/** Several may stand in a message, each on a line of its own. */
export const identity = defineHeader({
  name: 'Identity',
  compact: 'y',
  arity: 'lines',
  rfc: 'RFC 8224 §4',
  decode: decodeIdentity,
  encode: (v: Identity) =>
    `${v.digest}${v.info === undefined ? '' : `;info=<${v.info}>`}${param('alg', v.alg)}${param('ppt', v.ppt)}${rest(v.params)}`,
});

function decodeIdentity(text: string): Identity {
  const s = new Scanner(text).blanks();
  const start = s.pos;
  const digest = s.until(' \t;');
  if (!/^[A-Za-z0-9+/=._-]+$/.test(digest)) throw new SyntaxFault(start, 'a signed token in base64');
  let info: string | undefined;
  let others = '';
  const at = s.pos;
  while (s.took(';')) {
    const nameAt = s.pos;
    if (s.token('a parameter name').toLowerCase() === 'info' && s.mark('=').peek === 60) info = angleUri(s).text;
    else {
      s.pos = scanParam(text, nameAt);
      others += `;${text.slice(nameAt, s.pos)}`;
    }
  }
  s.end();
  const fields = new ParamFields(new Params(others), at);
  return { digest, ...present({ info, alg: fields.token('alg'), ppt: fields.token('ppt') }), ...fields.rest() };
}

/** `urn:urn-7:` service identifiers. */
function serviceHeader(name: string, rfc: string): HeaderDef<string, 'list'> {
  return defineHeader({
    name,
    arity: 'list',
    rfc,
    decode: (text: string) => {
      if (uriAt(text.trim(), 0).type !== 'urn') throw new SyntaxFault(0, 'a URN');
      return text.trim();
    },
    encode: (value: string) => value,
  });
}
