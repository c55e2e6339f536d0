import type { Instant } from '../text/time.ts';
import type { OverloadFeedback } from './feedback.ts';
import type { Importance } from './importance.ts';
import { Loss } from './loss.ts';

/** What the next servers have said about their load, and what may be sent to them (RFC 7339 §5.4 to §5.7). */
export class Downstream {
  readonly #byServer = new Map<string, Server>();
  readonly #capacity: number;

  /** `capacity`: of how many servers is remembered what they said. */
  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  /** Takes in what the top Via of a response from a server says (§5.4). */
  hear(place: ServerPlace, { lossPercent, validityMs, sequence }: OverloadFeedback, now: Instant): void {
    const server = nameOf(place);
    const known = this.#byServer.get(server);
    if (known !== undefined && !isNews(sequence, known.sequence) && now < known.until) return;
    this.#byServer.delete(server);
    if (validityMs === 0 || lossPercent === 0) {
      if (known !== undefined && now < known.until) this.#keep(server, { ...known, sequence, lossPercent: 0 });
      return;
    }
    const until = now + Math.min(validityMs, LONGEST_MS);
    this.#keep(server, { sequence, lossPercent, until, loss: known?.loss ?? new Loss() });
  }

  /**
   * True when a request may be sent there; else another server is to be asked, or the request answered 503 (§5.10). How
   * important it is (`importanceOf`) is only asked where it matters.
   */
  admits(place: ServerPlace, importance: () => Importance, now: Instant): boolean {
    if (this.#byServer.size === 0) return true;
    const server = nameOf(place);
    const known = this.#byServer.get(server);
    if (known === undefined) return true;
    if (now < known.until) return !known.loss.takes(importance(), known.lossPercent / 100);
    this.#byServer.delete(server);
    return true;
  }

  /** Who said nothing for longest is forgotten first. */
  #keep(server: string, state: Server): void {
    this.#byServer.set(server, state);
    if (this.#byServer.size <= this.#capacity) return;
    const [oldest] = this.#byServer.keys();
    if (oldest !== undefined) this.#byServer.delete(oldest);
  }
}

/** Overload is that of an address and port (RFC 7339 §5.4). */
interface ServerPlace {
  readonly host: string;
  readonly port: number;
}

interface Server {
  readonly sequence: number;
  readonly lossPercent: number;
  readonly until: Instant;
  readonly loss: Loss;
}

const nameOf = ({ host, port }: ServerPlace): string => `${host}:${port}`;

/** RFC 7339 §4.4: a smaller number is of a late response, unless it is so much smaller that the count began anew. */
const isNews = (sequence: number, known: number): boolean => sequence > known || sequence < known / 2;

/** Nobody can have himself spared for longer by one response. */
const LONGEST_MS = 60_000;
