import { connect, type Socket } from 'node:net';

/** What happened in a baresip, such as CALL_ESTABLISHED. */
export interface BaresipEvent {
  readonly type: string;
  /** Why, where it says so: `486 Busy Here`. */
  readonly param: string;
}

/** Talks to the module ctrl_tcp: JSON in netstrings, commands one way, answers and events the other. */
export class BaresipControl {
  readonly #socket: Socket;
  readonly #events: BaresipEvent[] = [];
  #text = '';
  #wake = (): void => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8').on('data', (text) => this.#take(String(text)));
    socket.on('error', () => {});
  }

  static connect(host: string, port: number): Promise<BaresipControl> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, host, () => resolve(new BaresipControl(socket)));
      socket.once('error', reject);
    });
  }

  /** Runs a command of baresip's menu. */
  command(command: 'dial' | 'accept' | 'hangup', params = ''): void {
    const json = JSON.stringify({ command, params });
    this.#socket.write(`${Buffer.byteLength(json)}:${json},`);
  }

  /** The next event of this type; those before it are forgotten. */
  async event(type: string, ms = EVENT_MS): Promise<BaresipEvent> {
    const seen: string[] = [];
    const until = Date.now() + ms;
    for (;;) {
      const next = this.#events.shift();
      if (next?.type === type) return next;
      if (next !== undefined) seen.push(`${next.type} ${next.param}`);
      else if (!(await this.#more(until - Date.now())))
        throw new Error(`baresip: ${type} did not come in ${ms / 1000} s; what came: ${seen.join(', ') || 'nothing'}`);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  /** False when nothing came in time. */
  #more(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, ms), false);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  #take(text: string): void {
    this.#text += text;
    for (let match = LENGTH.exec(this.#text); match !== null; match = LENGTH.exec(this.#text)) {
      const end = match[0].length + Number(match[1]);
      if (this.#text.length <= end) return;
      const { event, type, param } = JSON.parse(this.#text.slice(match[0].length, end));
      this.#text = this.#text.slice(end + 1);
      if (event === true) this.#events.push({ type: String(type), param: String(param ?? '') });
    }
    this.#wake();
  }
}

const LENGTH = /^(\d+):/;
const EVENT_MS = 10_000;
