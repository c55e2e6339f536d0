/** What imports what: for each file its targets, and whether nothing but types is imported from there. */
export type ImportGraph = ReadonlyMap<string, ReadonlyMap<string, 'code' | 'types'>>;

/** A knot of files that import each other, with the shortest way around from its first file. */
export interface Circle {
  /** First and last are the same file. */
  readonly way: readonly string[];
  /** How many files hang together; the way may pass only some. */
  readonly size: number;
  /** `types` where no circle is left once types are stripped. */
  readonly of: 'code' | 'types';
}

/** Every knot once, in the order of the files. */
export function circlesOf(graph: ImportGraph): readonly Circle[] {
  const runtime = new Map(
    [...graph].map(([file, targets]) => [file, new Map([...targets].filter(([, kind]) => kind === 'code'))]),
  );
  const inCode = new Set(knotsOf(runtime).flat());
  return knotsOf(graph).map((knot) => {
    const coded = knot.filter((file) => inCode.has(file)).sort();
    const start = coded[0] ?? [...knot].sort()[0] ?? '';
    const way = wayAround(coded.length > 0 ? runtime : graph, start);
    return { way, size: knot.length, of: coded.length > 0 ? 'code' : 'types' };
  });
}

/** Strongly connected components of more than one file, or of one that imports itself (Tarjan's algorithm). */
function knotsOf(graph: ImportGraph): readonly (readonly string[])[] {
  const knots: string[][] = [];
  const number = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const visit = (file: string): void => {
    number.set(file, number.size);
    low.set(file, number.size - 1);
    stack.push(file);
    for (const target of graph.get(file)?.keys() ?? []) {
      if (!number.has(target)) visit(target);
      if (stack.includes(target)) low.set(file, Math.min(low.get(file) ?? 0, low.get(target) ?? 0));
    }
    if (low.get(file) !== number.get(file)) return;
    const knot = stack.splice(stack.indexOf(file));
    if (knot.length > 1 || graph.get(file)?.has(file)) knots.push(knot);
  };
  for (const file of graph.keys()) if (!number.has(file)) visit(file);
  return knots;
}

/** The shortest way from a file back to itself. */
function wayAround(graph: ImportGraph, start: string): readonly string[] {
  const ways: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const target of graph.get(way.at(-1) ?? '')?.keys() ?? []) {
      if (target === start) return [...way, start];
      if (!seen.has(target)) ways.push([...way, target]);
      seen.add(target);
    }
  }
  return [start];
}
