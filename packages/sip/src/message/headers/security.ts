import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader, type HeaderDef } from '../header.ts';
import { fieldsFrom, param, present, rest } from './fields.ts';
import { parseQvalue, printQvalue } from './qvalue.ts';

/** Which security the first hop uses, agreed so that nobody in between can talk it down (RFC 3329). */
export interface SecurityMechanism {
  /** `digest`, `tls`, `ipsec-ike`, `ipsec-man`, `ipsec-3gpp` … in lower case. */
  readonly mechanism: string;
  /** Preference in thousandths. */
  readonly q?: number;
  /** All others, as they stand: `alg`, `spi-c`, `port-s`, `d-ver` … */
  readonly params?: Params;
}

export const securityClient = securityHeader('Security-Client');
export const securityServer = securityHeader('Security-Server');
export const securityVerify = securityHeader('Security-Verify');

function securityHeader(name: string): HeaderDef<SecurityMechanism, 'list'> {
  return defineHeader({
    name,
    arity: 'list',
    rfc: 'RFC 3329 §2.2',
    decode: decodeMechanism,
    encode: (v: SecurityMechanism) =>
      `${v.mechanism}${param('q', v.q === undefined ? undefined : printQvalue(v.q))}${rest(v.params)}`,
  });
}

function decodeMechanism(text: string): SecurityMechanism {
  const s = new Scanner(text).blanks();
  const mechanism = s.token('a security mechanism').toLowerCase();
  const fields = fieldsFrom(s);
  const preference = fields.take('q');
  const q = preference === undefined ? undefined : parseQvalue(preference);
  if (preference !== undefined && q === undefined) throw fields.fault('q', 'a preference from 0 to 1');
  return { mechanism, ...present({ q }), ...fields.rest() };
}
