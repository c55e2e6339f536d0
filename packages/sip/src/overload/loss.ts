import type { Importance } from './importance.ts';

/**
 * Gives up a share of a stream of requests, the less important first: the loss algorithm of RFC 7339 §7.2. Where that draws a
 * random number, this counts fractions up, which gives up the same share without chance.
 *
 * DEVIATION(RFC 7339 §5.5): what is never given up goes on though more is left then than was asked for, and how many
 * requests there are of each kind is not counted but taken for what §7.2 assumes. A BYE that is refused keeps a call open,
 * which is more work; a server that hears too much asks for less with its next response.
 */
export class Loss {
  #first = 0;
  #last = 0;

  /** True when this request shall be given up, so that of all requests the share `loss`, 0 to 1, is. */
  takes(importance: Importance, loss: number): boolean {
    if (importance === 'never' || loss <= 0) return false;
    if (importance === 'first') {
      this.#first += Math.min(1, loss / FIRST_SHARE);
      if (this.#first < 1) return false;
      this.#first -= 1;
      return true;
    }
    this.#last += Math.max(0, Math.min(1, (loss - FIRST_SHARE) / (1 - FIRST_SHARE)));
    if (this.#last < 1) return false;
    this.#last -= 1;
    return true;
  }
}

/** How many of all requests are those that go first; the default of RFC 7339 §7.2. */
const FIRST_SHARE = 0.8;
