import { CST, Lexer } from 'yaml';

/**
 * Where a YAML text nests deeper than `limit`, as an offset; `undefined` where it does not. A parser that calls itself for
 * each level runs out of stack there. Looks at tokens only: a key and its colon count as two levels.
 */
export function tooDeepAt(text: string, limit: number): number | undefined {
  const nesting = new Nesting();
  let offset = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    const type = isScalar ? 'scalar' : CST.tokenType(token);
    // What the lexer adds stands nowhere in the text.
    isScalar = token === CST.SCALAR;
    if (isScalar || token === CST.DOCUMENT) continue;
    if (token === CST.FLOW_END) nesting.closeAll();
    else {
      nesting.take(type, token);
      if (nesting.depth > limit) return offset;
      offset += token.length;
    }
  }
  return undefined;
}

/** How deep the tokens so far lead: the columns where collections of lines begin, and the brackets that are open. */
class Nesting {
  readonly #columns: number[] = [];
  /** For each open bracket, its level and those that began in its current entry: `[a: b: c` has three. */
  readonly #brackets: number[] = [];
  #inBrackets = 0;
  #column = 0;
  #isLineStart = true;

  get depth(): number {
    return this.#columns.length + this.#inBrackets;
  }

  take(type: CST.TokenType | null, token: string): void {
    const isContent = type !== 'newline' && type !== 'space' && type !== 'comment';
    if (this.#brackets.length > 0) this.#takeInBrackets(type);
    else if (isContent) this.#takeInLine(type);
    if (isContent) this.#isLineStart = false;
    const lineEnd = token.lastIndexOf('\n');
    this.#column = lineEnd < 0 ? this.#column + token.length : token.length - lineEnd - 1;
    if (type === 'newline') this.#isLineStart = true;
  }

  closeAll(): void {
    this.#brackets.length = 0;
    this.#inBrackets = 0;
  }

  #takeInLine(type: CST.TokenType | null): void {
    if (this.#isLineStart) while ((this.#columns.at(-1) ?? -1) >= this.#column) this.#columns.pop();
    const isBegin = this.#isLineStart || INDICATORS.has(type);
    if (isBegin && (this.#columns.at(-1) ?? -1) < this.#column) this.#columns.push(this.#column);
    if (OPENING.has(type)) this.#open();
  }

  #takeInBrackets(type: CST.TokenType | null): void {
    const entry = this.#brackets.length - 1;
    const levels = this.#brackets[entry] ?? 0;
    if (OPENING.has(type)) this.#open();
    else if (CLOSING.has(type)) this.#inBrackets -= this.#brackets.pop() ?? 0;
    else if (type === 'comma') this.#set(entry, levels, 1);
    else if (INDICATORS.has(type)) this.#set(entry, levels, levels + 1);
  }

  #open(): void {
    this.#brackets.push(1);
    this.#inBrackets += 1;
  }

  #set(entry: number, before: number, after: number): void {
    this.#brackets[entry] = after;
    this.#inBrackets += after - before;
  }
}

const INDICATORS: ReadonlySet<CST.TokenType | null> = new Set<CST.TokenType>([
  'seq-item-ind',
  'explicit-key-ind',
  'map-value-ind',
]);
const OPENING: ReadonlySet<CST.TokenType | null> = new Set<CST.TokenType>(['flow-map-start', 'flow-seq-start']);
const CLOSING: ReadonlySet<CST.TokenType | null> = new Set<CST.TokenType>(['flow-map-end', 'flow-seq-end']);
