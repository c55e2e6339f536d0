/**
 * How often a header field may stand in a message and how its values are separated:
 * `one` once; `list` many, commas between values of one line are the same as several lines (RFC 3261 §7.3.1);
 * `lines` many, one value a line, commas belong to the value (WWW-Authenticate and its family).
 */
export type Arity = 'one' | 'list' | 'lines';

/** One header field: its names, how often it may appear, where it is defined, and its grammar. */
export interface HeaderDef<T, A extends Arity = Arity> {
  /** Small and unique; where the value is cached. Given by `defineHeader`. */
  readonly id: number;
  readonly name: string;
  /** The name in lower case. */
  readonly key: string;
  /** The one-letter form (RFC 3261 §7.3.3). */
  readonly compact: string | undefined;
  readonly arity: A;
  /** Where it is defined, as `RFC 3261 §20.16`. */
  readonly rfc: string;
  /** One value from its text. @throws SyntaxFault */
  decode(text: string): T;
  /**
   * The same for a value between two offsets of a longer text, whose characters also stand in bytes. Header fields that are
   * read in every message have it.
   * @throws SyntaxFault with any offset
   */
  readonly decodeAt: ((text: string, bytes: Uint8Array, start: number, end: number) => T) | undefined;
  /** The text of one value. */
  encode(value: T): string;
  /** True for a definition that a program added: the scanner does not know it, its lines are found by name. */
  readonly extension: boolean;
}

/** What names a header field's lines. */
export type HeaderName = Pick<HeaderDef<unknown>, 'id' | 'name' | 'key' | 'compact' | 'extension'>;

/** Makes one of the definitions that stand in the table of `headers/index.ts`. */
export const defineHeader = <T, A extends Arity>(def: Spec<T, A>): HeaderDef<T, A> => define(def, false);

/** Makes a program's own definition, for a header field that is not in the table. */
export const defineExtensionHeader = <T, A extends Arity>(def: Spec<T, A>): HeaderDef<T, A> => define(def, true);

type Spec<T, A extends Arity> = Omit<HeaderDef<T, A>, Given> & Partial<Pick<HeaderDef<T, A>, 'compact' | 'decodeAt'>>;
type Given = 'id' | 'key' | 'extension' | 'compact' | 'decodeAt';

function define<T, A extends Arity>(def: Spec<T, A>, extension: boolean): HeaderDef<T, A> {
  const key = def.name.toLowerCase();
  const hot = extension ? -1 : HOT.indexOf(key);
  if (hot < 0) lastId += 1;
  const { name, compact, arity, rfc, decode, decodeAt, encode } = def;
  // All have the same shape, or every look at one would be a search: no message is read without hundreds of such looks.
  return { id: hot < 0 ? lastId : hot + 1, name, key, compact, arity, rfc, decode, decodeAt, encode, extension };
}

/** These have the smallest ids, whichever module is loaded first: their values have slots of their own in `Content`. */
const HOT: readonly string[] = [
  'via',
  'from',
  'to',
  'call-id',
  'cseq',
  'max-forwards',
  'route',
  'record-route',
  'content-length',
  'contact',
  'expires',
];

let lastId = HOT.length;
