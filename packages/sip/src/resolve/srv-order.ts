import type { SrvRecord } from './records.ts';

/** A whole number from 0 up to but not including `below`, from a source that nobody can foresee. */
export type Chance = (below: number) => number;

/** From a source of whole numbers from 0 up to but not including 2**32. */
export const chanceOf =
  (random: { uint32(): number }): Chance =>
  (below) =>
    Math.floor((random.uint32() / 2 ** 32) * below);

/**
 * The order in which servers are tried: by priority, within one priority by lot, where the weight is the chance
 * (RFC 2782, "Weight"). Without `chance` the order is always the same, as a stateless proxy needs it (RFC 3263 §4.4):
 * the heaviest first, equal ones by name.
 */
export function orderSrv(records: readonly SrvRecord[], chance: Chance | undefined): readonly SrvRecord[] {
  if (chance === undefined) return records.toSorted(byPriorityWeightAndName);
  const ordered: SrvRecord[] = [];
  const priorities = new Set(records.map((record) => record.priority));
  for (const priority of [...priorities].sort((a, b) => a - b))
    drawAll(
      records.filter((record) => record.priority === priority),
      chance,
      ordered,
    );
  return ordered;
}

function drawAll(records: readonly SrvRecord[], chance: Chance, ordered: SrvRecord[]): void {
  const left = records.toSorted((a, b) => Math.sign(a.weight) - Math.sign(b.weight));
  while (left.length > 0) {
    const sum = left.reduce((total, { weight }) => total + weight, 0);
    const drawn = chance(sum + 1);
    let running = 0;
    const at = left.findIndex(({ weight }) => {
      running += weight;
      return running >= drawn;
    });
    ordered.push(...left.splice(Math.max(at, 0), 1));
  }
}

const byPriorityWeightAndName = (a: SrvRecord, b: SrvRecord): number =>
  a.priority - b.priority || b.weight - a.weight || compare(a.target, b.target) || a.port - b.port;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
