import { SyntaxFault } from '../../text/faults.ts';
import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { parseUri, type Uri } from '../../uri/uri.ts';
import { type Arity, defineHeader, type HeaderDef } from '../header.ts';
import { decodeNameAddr, encodeNameAddr, type NameAddr } from '../name-addr.ts';
import { fieldsFrom, rest } from './fields.ts';

/** Makers of header definitions whose grammar many header fields share. */

/** Names and place of a definition, without its grammar. */
export interface Naming<A extends Arity> {
  readonly name: string;
  readonly compact?: string;
  readonly arity: A;
  readonly rfc: string;
}

/** A name-addr or addr-spec with parameters (RFC 3261 §20.10). */
export const nameAddrHeader = <A extends Arity>(naming: Naming<A>): HeaderDef<NameAddr, A> =>
  defineHeader({ ...naming, decode: decodeNameAddr, encode: encodeNameAddr });

/** One token: an option tag, a method, an entity tag. */
export const tokenHeader = <A extends Arity>(naming: Naming<A>, what: string): HeaderDef<string, A> =>
  defineHeader({ ...naming, decode: (text: string) => wholeToken(text, what), encode: (value) => value });

/** A number of seconds from 0 to 2**32-1; what is more counts as that (RFC 3261 §10.2.1.1). */
export const secondsHeader = <A extends Arity>(naming: Naming<A>): HeaderDef<number, A> =>
  defineHeader({ ...naming, decode: decodeSeconds, encode: String });

/** Any text, the empty one too (RFC 3261 §25.1 TEXT-UTF8-TRIM). */
export const textHeader = (naming: Omit<Naming<'one'>, 'arity'>): HeaderDef<string, 'one'> =>
  defineHeader({ ...naming, arity: 'one', decode: (text: string) => text, encode: (value) => value });

/** A token with parameters. */
export interface TokenValue {
  readonly value: string;
  readonly params?: Params;
}

export const tokenParamsHeader = <A extends Arity>(naming: Naming<A>, what: string): HeaderDef<TokenValue, A> =>
  defineHeader({
    ...naming,
    decode: (text: string): TokenValue => {
      const s = new Scanner(text).blanks();
      const value = s.token(what);
      return { value, ...fieldsFrom(s).rest() };
    },
    encode: (v) => `${v.value}${rest(v.params)}`,
  });

/** `<uri>` with parameters, as in Alert-Info. */
export interface UriValue {
  readonly uri: string;
  readonly params?: Params;
}

export const uriHeader = <A extends Arity>(naming: Naming<A>): HeaderDef<UriValue, A> =>
  defineHeader({
    ...naming,
    decode: (text: string): UriValue => {
      const s = new Scanner(text).blanks();
      const uri = angleUri(s).text;
      return { uri, ...fieldsFrom(s).rest() };
    },
    encode: (v) => `<${v.uri}>${rest(v.params)}`,
  });

/** Reads `<uri>`; the URI must follow its grammar. @throws SyntaxFault */
export function angleUri(s: Scanner): Uri {
  const text = angleText(s);
  return uriAt(text, s.pos - 1 - text.length);
}

/** Reads what stands between angle brackets, which must not be nothing. @throws SyntaxFault */
export function angleText(s: Scanner): string {
  if (s.blanks().peek !== 60) throw new SyntaxFault(s.pos, '"<"');
  s.pos += 1;
  const text = s.until('>');
  if (s.done) throw new SyntaxFault(s.pos, '">"');
  if (text === '') throw new SyntaxFault(s.pos, 'a URI');
  s.pos += 1;
  return text;
}

/** The URI of a part of a value, whose faults are counted from the start of the value. @throws SyntaxFault */
export function uriAt(text: string, at: number): Uri {
  try {
    return parseUri(text);
  } catch (fault) {
    if (fault instanceof SyntaxFault) throw new SyntaxFault(at + fault.at, fault.expected);
    throw fault;
  }
}

/** A whole number of seconds. LENIENT: more than 2**32-1, which RFC 3261 §10.2.1.1 lets count as that. */
export function decodeSeconds(text: string): number {
  const s = new Scanner(text).blanks();
  const seconds = s.uint(Number.POSITIVE_INFINITY, 'a number of seconds');
  s.end();
  return Math.min(seconds, MAX_SECONDS);
}

/** RFC 3261 §20.19. */
export const MAX_SECONDS = 2 ** 32 - 1;

export function wholeToken(text: string, what: string): string {
  const s = new Scanner(text).blanks();
  const value = s.token(what);
  s.end();
  return value;
}
