import type { About, TransportFault } from '@strowger/sip/engine';

/**
 * Failures on their way to the owner of a transport, who must not be called from inside `send` or `flush`. They are told
 * in order in the next turn of the event loop: an owner who answers each failure with a new attempt lets others in between.
 */
export class FailureReports {
  #waiting: { readonly about: About; readonly fault: TransportFault }[] = [];
  readonly #tell: (about: About, fault: TransportFault) => void;

  constructor(tell: (about: About, fault: TransportFault) => void) {
    this.#tell = tell;
  }

  /** `about` 0 means that nobody asks. */
  add(about: About, fault: TransportFault): void {
    if (about === 0) return;
    this.#waiting.push({ about, fault });
    if (this.#waiting.length === 1) setImmediate(() => this.#report());
  }

  #report(): void {
    const due = this.#waiting;
    this.#waiting = [];
    for (const { about, fault } of due) this.#tell(about, fault);
  }
}
