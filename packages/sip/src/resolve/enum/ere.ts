import { ERE_LIMITS, type EreNode, EreReader } from './ere-reader.ts';

/** A compiled POSIX extended regular expression (IEEE Std 1003.1 §9.4), to be run by `matchEre`. */
export interface Ere {
  readonly program: readonly Instruction[];
  readonly groups: number;
}

export type Instruction =
  | { readonly op: 'char'; readonly accepts: (char: string) => boolean }
  /** Goes on at both places, preferring the first. */
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'begin' | 'end' | 'match' };

/**
 * Reads an expression; a sentence where it does not follow the grammar or would become too large. A strange zone wrote it, so
 * it is never handed to a matcher that goes back and tries again: the time of a match here is bounded by the sizes.
 */
export function compileEre(pattern: string, letters: 'as written' | 'any case'): Ere | string {
  if (pattern.length > ERE_LIMITS.chars) return `the regexp has more than ${ERE_LIMITS.chars} characters`;
  const reader = new EreReader(pattern, letters);
  const node = reader.read();
  if (node === undefined) return `the regexp cannot be read at offset ${reader.at}`;
  const program: Instruction[] = [];
  if (!emit(node, program)) return `the regexp takes more than ${ERE_LIMITS.instructions} steps`;
  program.push({ op: 'match' });
  return { program, groups: reader.groups };
}

/** False when the program became too long. */
function emit(node: EreNode, out: Instruction[]): boolean {
  if (out.length > ERE_LIMITS.instructions) return false;
  switch (node.type) {
    case 'char':
      out.push({ op: 'char', accepts: node.accepts });
      return true;
    case 'begin':
    case 'end':
      out.push({ op: node.type });
      return true;
    case 'sequence':
      return node.nodes.every((one) => emit(one, out));
    case 'group': {
      out.push({ op: 'save', slot: node.index * 2 });
      const fits = emit(node.node, out);
      out.push({ op: 'save', slot: node.index * 2 + 1 });
      return fits;
    }
    case 'choice':
      return emitChoice(node.nodes, out);
    case 'repeat':
      return emitRepeat(node.node, node.min, node.max, out);
  }
}

function emitChoice(nodes: readonly EreNode[], out: Instruction[]): boolean {
  const jumps: { op: 'jump'; to: number }[] = [];
  let fits = true;
  for (const [i, node] of nodes.entries()) {
    const isLast = i === nodes.length - 1;
    const split = { op: 'split' as const, first: out.length + 1, second: 0 };
    if (!isLast) out.push(split);
    fits &&= emit(node, out);
    if (isLast) break;
    const jump = { op: 'jump' as const, to: 0 };
    out.push(jump);
    jumps.push(jump);
    split.second = out.length;
  }
  for (const jump of jumps) jump.to = out.length;
  return fits;
}

function emitRepeat(node: EreNode, min: number, max: number, out: Instruction[]): boolean {
  for (let i = 0; i < min; i += 1) if (!emit(node, out)) return false;
  if (max === Number.POSITIVE_INFINITY) {
    const split = { op: 'split' as const, first: out.length + 1, second: 0 };
    const start = out.push(split) - 1;
    const fits = emit(node, out);
    out.push({ op: 'jump', to: start });
    split.second = out.length;
    return fits;
  }
  const splits: { op: 'split'; first: number; second: number }[] = [];
  for (let i = min; i < max; i += 1) {
    const split = { op: 'split' as const, first: out.length + 1, second: 0 };
    out.push(split);
    splits.push(split);
    if (!emit(node, out)) return false;
  }
  for (const split of splits) split.second = out.length;
  return true;
}
