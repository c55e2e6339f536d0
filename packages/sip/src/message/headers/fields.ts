import { isDigit, isToken } from '../../text/chars.ts';
import { SyntaxFault } from '../../text/faults.ts';
import { NO_PARAMS, Params, quoted, trimBlanks } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';

/** Reads the parameters from where the scanner stands and wants nothing behind them. @throws SyntaxFault */
export function fieldsFrom(s: Scanner): ParamFields {
  const at = s.blanks().pos;
  const params = s.params();
  s.end();
  return new ParamFields(params, at);
}

/** Reads a value that is parameters alone, the first without a semicolon. @throws SyntaxFault */
export function fieldsOf(text: string): ParamFields {
  const s = new Scanner(`;${text}`);
  try {
    const params = s.params();
    s.end();
    return new ParamFields(params, -1);
  } catch (fault) {
    if (fault instanceof SyntaxFault) throw new SyntaxFault(Math.max(0, fault.at - 1), fault.expected);
    throw fault;
  }
}

/** The parameters behind one header value, taken out one by one by those who know them; `rest` is what nobody knew. */
export class ParamFields {
  #left: Params;
  readonly #all: Params;
  /** Offset of the parameters in the value. */
  readonly #at: number;
  constructor(params: Params, at: number) {
    this.#at = at;
    this.#all = params;
    this.#left = params;
  }

  /** The value without its quotes; '' for a parameter without one. Of several, which RFC 3261 §7.3.1 forbids, the first. */
  take(name: string): string | undefined {
    const value = this.#left.get(name);
    while (this.#left.has(name)) this.#left = this.#left.delete(name);
    return value;
  }

  /** True when it is there, with or without a value. */
  flag(name: string): boolean {
    return this.take(name) !== undefined;
  }

  /** A value that must not be empty. */
  filled(name: string, what = `a value of "${name}"`): string | undefined {
    return this.#checked(name, what, (value) => value !== '');
  }

  token(name: string): string | undefined {
    return this.#checked(name, `a token as the value of "${name}"`, isToken);
  }

  uint(name: string, max = 2 ** 32 - 1): number | undefined {
    const value = this.#checked(name, `a number of at most ${max} as the value of "${name}"`, (text) =>
      isUint(text, max),
    );
    return value === undefined ? undefined : Number(value);
  }

  /** One of these words, in any case of letters; it is returned as the list has it. */
  word<W extends string>(name: string, words: readonly W[]): W | undefined {
    const value = this.take(name)?.toLowerCase();
    if (value === undefined) return undefined;
    const word = words.find((w) => w.toLowerCase() === value);
    if (word === undefined) throw this.fault(name, `one of ${words.join(', ')} as the value of "${name}"`);
    return word;
  }

  /** The parameters that were not taken; no field when there are none. */
  rest(): { readonly params?: Params } {
    const text = trimBlanks(this.#left.text);
    return text === '' ? {} : { params: new Params(text) };
  }

  /** The fault at this parameter, or, where it is missing, behind all of them. */
  fault(name: string, expected: string): SyntaxFault {
    const text = this.#all.text;
    const found = this.#all.has(name) ? text.toLowerCase().indexOf(name) : text.length;
    return new SyntaxFault(this.#at + found, expected);
  }

  #checked(name: string, what: string, test: (value: string) => boolean): string | undefined {
    const value = this.take(name);
    if (value !== undefined && !test(value)) throw this.fault(name, what);
    return value;
  }
}

/** `;name=value`, quoted where the value is no token; nothing for a value that is undefined. */
export const param = (name: string, value: string | number | undefined): string =>
  value === undefined ? '' : NO_PARAMS.set(name, String(value)).text;

/** `;name="value"`, for parameters whose grammar wants a quoted string. */
export const quotedParam = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `;${name}=${quoted(value)}`;

/** `;name`, where it is set. */
export const flag = (name: string, on: boolean | undefined): string => (on === true ? `;${name}` : '');

/** The text of parameters that may be absent. */
export const rest = (params: Params | undefined): string => params?.text ?? '';

/** The fields that are not undefined, so that a value has only the fields that its text had. */
export function present<T extends object>(fields: T): Present<T> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) out[name] = value;
  return out as Present<T>;
}

type Present<T> = { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function isUint(text: string, max: number): boolean {
  for (let i = 0; i < text.length; i += 1) if (!isDigit(text.charCodeAt(i))) return false;
  return text !== '' && Number(text) <= max;
}
