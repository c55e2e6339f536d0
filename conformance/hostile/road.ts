/** A way to a server: one transport. */
export interface Road {
  readonly name: string;
  /** What Via calls the transport. */
  readonly protocol: 'UDP' | 'TCP' | 'TLS' | 'WS' | 'WSS';
  /** How many cases may be under way at once, and how many bytes of them. */
  readonly atOnce: number;
  readonly bytesAtOnce: number;
  /** Sends bytes as they are. Done when they are on their way, or when the server has hung up because of them. */
  sendCase(bytes: Uint8Array): Promise<void>;
  /** Sends a valid request. Done when it is answered 200. Rejects when that takes too long. */
  ask(request: string, callId: string): Promise<void>;
  close(): Promise<void>;
}

export interface Destination {
  readonly host: string;
  readonly port: number;
}

export type OpenRoad = (to: Destination) => Promise<Road>;

/** Who waits for which 200. */
export class Answers {
  readonly #waiting = new Map<string, () => void>();

  /** A message from the server, one character a byte. */
  take(text: string): void {
    if (!text.startsWith('SIP/2.0 200 ')) return;
    const callId = /\r\nCall-ID: ([^\r]*)\r\n/.exec(text)?.[1] ?? '';
    this.#waiting.get(callId)?.();
  }

  /** Resolves with the 200 of that Call-ID. `again` is called now and then until it comes. */
  of(callId: string, again: () => void = () => {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const repeat = setInterval(again, AGAIN_MS);
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`${callId} was not answered in ${ANSWER_MS / 1_000} s`));
      }, ANSWER_MS);
      const finish = (): void => {
        clearInterval(repeat);
        clearTimeout(timer);
        this.#waiting.delete(callId);
      };
      this.#waiting.set(callId, () => {
        finish();
        resolve();
      });
    });
  }
}

const ANSWER_MS = 10_000;
const AGAIN_MS = 1_000;
