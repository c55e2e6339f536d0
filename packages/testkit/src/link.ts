import type { Network } from './network.ts';
import type { Conditions } from './path.ts';

/** The way between two hosts, to be made worse and better again while the world runs. */
export interface Link {
  /** From now on; conditions that are not named stay. */
  set(conditions: Partial<Conditions>): void;
  /** The next `count` datagrams of each direction are lost; with `matches` only those whose ladder label it likes. */
  dropNext(count: number, matches?: (label: string) => boolean): void;
  /** Nothing gets through. Streams are reset at both ends at once, or stall until the way is healed or their patience ends. */
  partition(streams?: 'reset' | 'stall'): void;
  heal(): void;
}

export function createLink(network: Network, ways: readonly (readonly [string, string])[]): Link {
  const paths = ways.map(([from, to]) => network.path(from, to));
  const text = ways.map(([from, to]) => `${network.nameOf(from)} to ${network.nameOf(to)}`).join(', ');
  return {
    set: (conditions) => {
      for (const path of paths) path.conditions = { ...path.conditions, ...conditions };
    },
    dropNext: (count, matches = () => true) => {
      for (const path of paths) path.dropNext(count, matches);
    },
    partition: (streams = 'reset') => {
      network.note(`no way from ${text}`);
      for (const path of paths) path.isPartitioned = true;
      if (streams === 'reset') resetStreams(network, ways);
    },
    heal: () => {
      network.note(`a way again from ${text}`);
      for (const path of paths) path.isPartitioned = false;
      network.release();
    },
  };
}

/** A stream needs both directions, so it ends when one of them is gone. */
function resetStreams(network: Network, ways: readonly (readonly [string, string])[]): void {
  for (const [from, to] of ways.flatMap(
    ([a, b]) =>
      [
        [a, b],
        [b, a],
      ] as const,
  )) {
    network.hostAt(from)?.resetStreams((peer) => network.nameOf(peer) === network.nameOf(to));
  }
}
