import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';

/** A connection of the load: SIP over one of the stream protocols. */
export interface StreamClient {
  /** Sends a request and waits for the first final response. */
  ask(request: string): Promise<void>;
  /** Sends bytes that are no message. */
  ping(): void;
  end(): void;
}

export type StreamProtocol = 'tcp' | 'tls' | 'ws';

/** Opens a connection to a port of loopback, from an address that `number` chooses: servers limit how many one peer may have. */
export async function openClient(protocol: StreamProtocol, port: number, number: number): Promise<StreamClient> {
  const localAddress = `127.0.0.${2 + (number % 100)}`;
  return protocol === 'ws' ? await openWs(port, localAddress) : await openSocket(protocol, port, localAddress);
}

async function openSocket(protocol: 'tcp' | 'tls', port: number, localAddress: string): Promise<StreamClient> {
  const options = { host: '127.0.0.1', port, localAddress, noDelay: true };
  const socket: Socket =
    protocol === 'tcp' ? connectTcp(options) : connectTls({ ...options, rejectUnauthorized: false });
  const answers = new Answers();
  await new Promise<void>((resolve, reject) => {
    socket.once(protocol === 'tcp' ? 'connect' : 'secureConnect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', (error) => answers.fail(error));
  socket.on('close', () => answers.fail(new Error('the server ended the connection')));
  socket.on('data', (bytes: Buffer) => answers.take(bytes.toString('latin1')));
  return {
    ask: (request) => answers.wait(() => socket.write(request, 'latin1')),
    ping: () => void socket.write('\r\n\r\n'),
    end: () => {
      answers.close();
      socket.end();
    },
  };
}

async function openWs(port: number, localAddress: string): Promise<StreamClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'sip', { localAddress, perMessageDeflate: false });
  const answers = new Answers();
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', (error) => answers.fail(error));
  socket.on('close', () => answers.fail(new Error('the server ended the connection')));
  socket.on('message', (data) => answers.take(String(data)));
  return {
    ask: (request) => answers.wait(() => socket.send(request)),
    ping: () => socket.ping(),
    end: () => {
      answers.close();
      socket.close();
    },
  };
}

/** One request is open at a time; responses without bodies end with an empty line. */
class Answers {
  #text = '';
  #waiting: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #state: 'open' | 'closed' = 'open';

  wait(send: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      send();
    });
  }

  take(text: string): void {
    this.#text += text;
    const end = this.#text.indexOf('\r\n\r\n');
    if (end < 0 || this.#waiting === undefined) return;
    const start = this.#text.indexOf('SIP/2.0 ');
    const status = Number(this.#text.slice(start + 8, start + 11));
    this.#text = this.#text.slice(end + 4);
    const { resolve, reject } = this.#waiting;
    this.#waiting = undefined;
    if (status === 200) resolve();
    else reject(new Error(`it was answered ${status}`));
  }

  fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (this.#state === 'open') waiting?.reject(error);
  }

  close(): void {
    this.#state = 'closed';
  }
}
