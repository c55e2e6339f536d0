import type { Trial } from './transport-site.ts';

/** One thing that every transport of a kind must do. */
export interface TransportCase {
  readonly title: string;
  run(trial: Trial): Promise<void>;
}
