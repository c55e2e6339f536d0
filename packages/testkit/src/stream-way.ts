import type { Flow } from '@strowger/sip/engine';
import type { Instant } from '@strowger/sip/text';
import type { Network, TrafficRecord } from './network.ts';
import type { Path } from './path.ts';
import type { Place } from './traffic.ts';

/** The way between the two ends of a stream, seen from one of them. */
export class StreamWay {
  readonly #network: Network;
  readonly #flow: Flow;
  /** The address of this end as the other one sees it. */
  readonly #place: Place;
  #lastArrival: Instant = 0;

  constructor(network: Network, flow: Flow, place: Place) {
    this.#network = network;
    this.#flow = flow;
    this.#place = place;
  }

  get isPartitioned(): boolean {
    return this.#there().isPartitioned;
  }

  /** Bytes travel; none overtakes another. */
  carry(arrive: () => void): void {
    const { timeline } = this.#network;
    this.#lastArrival = Math.max(this.#lastArrival, timeline.now + this.#there().streamDelayMs());
    timeline.at(this.#lastArrival, arrive);
  }

  /** No bytes arrive before. */
  holdUntil(instant: Instant): void {
    this.#lastArrival = instant;
  }

  /** Something without bytes goes to the other host; where there is no way it is lost. */
  travel(arrive: () => void): void {
    const path = this.#there();
    if (!path.isPartitioned) this.#network.timeline.after(path.streamDelayMs(), arrive);
  }

  /** The same in the other direction; returns when it arrives. */
  travelBack(arrive: () => void): Instant {
    const path = this.#network.path(this.#flow.host, this.#flow.local.host);
    const at = this.#network.timeline.now + path.streamDelayMs();
    if (!path.isPartitioned) this.#network.timeline.at(at, arrive);
    return at;
  }

  record(bytes: Uint8Array): TrafficRecord {
    const { local, host, port } = this.#flow;
    return this.#network.record(local, this.#place, { host, port }, bytes);
  }

  #there(): Path {
    return this.#network.path(this.#flow.local.host, this.#flow.host);
  }
}
