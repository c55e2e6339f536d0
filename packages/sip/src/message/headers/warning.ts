import { SyntaxFault } from '../../text/faults.ts';
import { quoted } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader } from '../header.ts';

/** Why a session description could not be taken, for people and logs. */
export interface Warning {
  /** 300 to 399 (RFC 3261 §20.43). */
  readonly code: number;
  /** The server that says so: a host with or without port, or a pseudonym. */
  readonly agent: string;
  readonly text: string;
}

export const warning = defineHeader({
  name: 'Warning',
  arity: 'list',
  rfc: 'RFC 3261 §20.43',
  decode: (text: string): Warning => {
    const s = new Scanner(text).blanks();
    const start = s.pos;
    const code = s.token('a warning code');
    if (!/^\d{3}$/.test(code)) throw new SyntaxFault(start, 'a warning code of three digits');
    const agent = s.blanks().until(' \t"');
    if (agent === '') throw new SyntaxFault(s.pos, 'a host or a pseudonym');
    const said = s.blanks().quoted();
    s.end();
    return { code: Number(code), agent, text: said };
  },
  encode: (v) => `${String(v.code).padStart(3, '0')} ${v.agent} ${quoted(v.text)}`,
});
