import type { Ere, Instruction } from './ere.ts';

/**
 * Looks for the expression in a text: the first place where it matches, there the longest match (IEEE Std 1003.1 §9.1). Gives the whole match
 * and its groups, '' for a group that took no part; `undefined` where there is no match.
 *
 * All ways through the program are walked at once, one character a time, and two ways that meet become one, so the
 * time is at most that of text times program, whatever the expression.
 */
export function matchEre({ program, groups }: Ere, text: string): readonly string[] | undefined {
  const walk = new Walk(program, text);
  let best: Slots | undefined;
  let ways: Way[] = [];
  for (let at = 0; at <= text.length; at += 1) {
    walk.begin(at);
    for (const way of ways) walk.follow(way.pc, way.slots);
    if (best === undefined) walk.follow(0, [at]);
    if (walk.matched !== undefined && isBetter(walk.matched, best)) best = walk.matched;
    ways = walk.over(text[at] ?? '');
  }
  const found = best;
  if (found === undefined) return undefined;
  const whole = text.slice(found[0], found[1]);
  const textOf = (group: number): string => text.slice(found[group * 2] ?? 0, found[group * 2 + 1] ?? 0);
  return [whole, ...Array.from({ length: groups }, (_, i) => textOf(i + 1))];
}

/** Where the match and each group begin and end. */
type Slots = readonly (number | undefined)[];

interface Way {
  readonly pc: number;
  readonly slots: Slots;
}

const isBetter = (found: Slots, best: Slots | undefined): boolean =>
  best === undefined || (found[0] === best[0] && (found[1] ?? 0) > (best[1] ?? 0));

class Walk {
  matched: Slots | undefined;
  readonly #program: readonly Instruction[];
  readonly #text: string;
  readonly #seen: number[] = [];
  #ways: Way[] = [];
  #at = 0;

  constructor(program: readonly Instruction[], text: string) {
    this.#program = program;
    this.#text = text;
  }

  begin(at: number): void {
    this.#at = at;
    this.#ways = [];
    this.matched = undefined;
  }

  /** Goes on from one instruction to all that take a character. */
  follow(pc: number, slots: Slots): void {
    const instruction = this.#program[pc];
    if (instruction === undefined || this.#seen[pc] === this.#at) return;
    this.#seen[pc] = this.#at;
    switch (instruction.op) {
      case 'char':
        this.#ways.push({ pc, slots });
        return;
      case 'split':
        this.follow(instruction.first, slots);
        this.follow(instruction.second, slots);
        return;
      case 'jump':
        return this.follow(instruction.to, slots);
      case 'save':
        return this.follow(pc + 1, withSlot(slots, instruction.slot, this.#at));
      case 'begin':
        if (this.#at === 0) this.follow(pc + 1, slots);
        return;
      case 'end':
        if (this.#at === this.#text.length) this.follow(pc + 1, slots);
        return;
      case 'match':
        this.matched ??= withSlot(slots, 1, this.#at);
    }
  }

  /** The ways that are left behind the next character. */
  over(char: string): Way[] {
    return this.#ways.flatMap(({ pc, slots }) => {
      const instruction = this.#program[pc];
      return instruction?.op === 'char' && instruction.accepts(char) ? [{ pc: pc + 1, slots }] : [];
    });
  }
}

function withSlot(slots: Slots, slot: number, at: number): Slots {
  const copy = slots.slice();
  copy[slot] = at;
  return copy;
}
