export type EreNode =
  | { readonly type: 'char'; readonly accepts: (char: string) => boolean }
  | { readonly type: 'begin' | 'end' }
  | { readonly type: 'group'; readonly index: number; readonly node: EreNode }
  | { readonly type: 'sequence' | 'choice'; readonly nodes: readonly EreNode[] }
  | { readonly type: 'repeat'; readonly node: EreNode; readonly min: number; readonly max: number };

export const ERE_LIMITS = {
  /** A character-string of DNS has no more (RFC 1035 §3.3). */
  chars: 255,
  instructions: 400,
  nesting: 16,
  /** RE_DUP_MAX of POSIX. */
  repeats: 255,
} as const;

/** Reads the text of an extended regular expression by recursive descent. */
export class EreReader {
  at = 0;
  groups = 0;
  readonly #text: string;
  readonly #letters: 'as written' | 'any case';
  #nesting = 0;

  constructor(text: string, letters: 'as written' | 'any case') {
    this.#text = text;
    this.#letters = letters;
  }

  /** `undefined` where the text does not follow the grammar; `at` is the offset. */
  read(): EreNode | undefined {
    const node = this.#choice();
    return this.at === this.#text.length ? node : undefined;
  }

  #choice(): EreNode | undefined {
    const nodes: EreNode[] = [];
    do {
      const node = this.#sequence();
      if (node === undefined) return undefined;
      nodes.push(node);
    } while (this.#takes('|'));
    return nodes.length === 1 ? nodes[0] : { type: 'choice', nodes };
  }

  #sequence(): EreNode | undefined {
    const nodes: EreNode[] = [];
    while (this.at < this.#text.length && !'|)'.includes(this.#text[this.at] ?? '')) {
      let node = this.#atom();
      while (node !== undefined && this.#isRepeated(node)) node = this.#repeat(node);
      if (node === undefined) return undefined;
      nodes.push(node);
    }
    return { type: 'sequence', nodes };
  }

  #isRepeated(node: EreNode): boolean {
    return node.type !== 'begin' && node.type !== 'end' && '*+?{'.includes(this.#text[this.at] ?? ' ');
  }

  #atom(): EreNode | undefined {
    const char = this.#text[this.at] ?? '';
    // LENIENT: zones that write the plus of a number without its backslash behind ^ (RFC 5483 §3.4)
    if ('*?{'.includes(char)) return undefined;
    this.at += 1;
    switch (char) {
      case '^':
        return { type: 'begin' };
      case '$':
        return { type: 'end' };
      case '.':
        return { type: 'char', accepts: () => true };
      case '(':
        return this.#group();
      case '[':
        return this.#bracket();
      case '\\':
        return this.#escaped();
      default:
        return this.#literal(char);
    }
  }

  /** A backslash before a digit or letter means nothing in POSIX: nobody can say what the zone wanted. */
  #escaped(): EreNode | undefined {
    const char = this.#text[this.at] ?? '';
    if (char === '' || /[a-z0-9]/i.test(char)) return undefined;
    this.at += 1;
    return this.#literal(char);
  }

  #literal(char: string): EreNode {
    if (this.#letters === 'as written') return { type: 'char', accepts: (one) => one === char };
    const lower = char.toLowerCase();
    return { type: 'char', accepts: (one) => one.toLowerCase() === lower };
  }

  #group(): EreNode | undefined {
    this.groups += 1;
    const index = this.groups;
    this.#nesting += 1;
    if (this.#nesting > ERE_LIMITS.nesting) return undefined;
    const node = this.#choice();
    this.#nesting -= 1;
    return node !== undefined && this.#takes(')') ? { type: 'group', index, node } : undefined;
  }

  /** `*`, `+`, `?`, `{n}`, `{n,}`, `{n,m}`. */
  #repeat(node: EreNode): EreNode | undefined {
    const rest = this.#text.slice(this.at);
    const found = /^(?:[*+?]|\{(\d{1,3})(,(\d{0,3}))?\})/.exec(rest);
    if (found === null) return undefined;
    const [word, low, comma, high] = found;
    const min = low === undefined ? (word === '+' ? 1 : 0) : Number(low);
    const isOpen = low === undefined ? word !== '?' : comma !== undefined && high === '';
    const max = isOpen ? Number.POSITIVE_INFINITY : low === undefined ? 1 : Number(high ?? low);
    if (min > max || min > ERE_LIMITS.repeats || (!isOpen && max > ERE_LIMITS.repeats)) return undefined;
    this.at += word.length;
    return { type: 'repeat', node, min, max };
  }

  /** A bracket expression: `[^0-9a[:digit:]]`; a `]` in the first place stands for itself. */
  #bracket(): EreNode | undefined {
    const isNegated = this.#takes('^');
    const tests: ((char: string) => boolean)[] = [];
    for (let isFirst = true; isFirst || this.#text[this.at] !== ']'; isFirst = false) {
      const test = this.#class() ?? this.#range();
      if (test === undefined) return undefined;
      tests.push(test);
    }
    this.at += 1;
    const isMember = (char: string): boolean => tests.some((test) => test(char));
    const isAnyCase = this.#letters === 'any case';
    const accepts = (char: string): boolean =>
      isMember(char) || (isAnyCase && (isMember(char.toLowerCase()) || isMember(char.toUpperCase())));
    return { type: 'char', accepts: isNegated ? (char) => !accepts(char) : accepts };
  }

  #class(): ((char: string) => boolean) | undefined {
    const found = /^\[:([a-z]+):\]/.exec(this.#text.slice(this.at));
    const pattern = CLASSES.get(found?.[1] ?? '');
    if (found === null || pattern === undefined) return undefined;
    this.at += found[0].length;
    return (char) => pattern.test(char);
  }

  #range(): ((char: string) => boolean) | undefined {
    const from = this.#text[this.at];
    if (from === undefined || /^\[[:.=]/.test(this.#text.slice(this.at))) return undefined;
    this.at += 1;
    const to = this.#text[this.at + 1];
    if (this.#text[this.at] !== '-' || to === undefined || to === ']') return (char) => char === from;
    if (to < from) return undefined;
    this.at += 2;
    return (char) => char >= from && char <= to;
  }

  #takes(char: string): boolean {
    if (this.#text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }
}

/** Of IEEE Std 1003.1 §9.3.5, in the POSIX locale. */
const CLASSES: ReadonlyMap<string, RegExp> = new Map([
  ['digit', /^[0-9]$/],
  ['alpha', /^[A-Za-z]$/],
  ['alnum', /^[0-9A-Za-z]$/],
  ['upper', /^[A-Z]$/],
  ['lower', /^[a-z]$/],
  ['xdigit', /^[0-9A-Fa-f]$/],
  ['space', /^[ \t-\r]$/],
  ['blank', /^[ \t]$/],
  ['punct', /^[!-/:-@[-`{-~]$/],
  ['print', /^[ -~]$/],
  ['graph', /^[!-~]$/],
]);
