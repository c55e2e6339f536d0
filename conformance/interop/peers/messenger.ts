import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { requestText, responseText } from '../../support/sip-text.ts';
import { freePort } from './port.ts';
import { HOST } from './server.ts';

/** Somebody on a socket of this process who sends requests and takes every one that comes. */
export interface Messenger {
  readonly port: number;
  /** The start lines of the requests that came. */
  readonly taken: readonly string[];
  /** Sends a request of a stranger by UDP and gives the final answer, a line for each of its own. */
  ask(method: string, uri: string, to: { readonly host: string; readonly port: number }): Promise<readonly string[]>;
}

export async function openMessenger(t: TestContext): Promise<Messenger> {
  const port = await freePort();
  const socket = createSocket('udp4');
  socket.bind(port, HOST);
  await once(socket, 'listening');
  t.after(() => void socket.close());
  const taken: string[] = [];
  socket.on('message', (bytes, from) => {
    const text = bytes.toString('latin1');
    if (text.startsWith('SIP/2.0 ')) return;
    taken.push(text.slice(0, text.indexOf('\r\n')));
    socket.send(responseText(text, '200 OK'), from.port, from.address);
  });
  let asked = 0;
  return {
    port,
    taken,
    ask: async (method, uri, to) => {
      asked += 1;
      const id = `${port}-${asked}`;
      const lines = [`Via: SIP/2.0/UDP ${HOST}:${port};branch=z9hG4bK${id}`, `Call-ID: ${id}`];
      const finalAnswer = answerTo(socket, id);
      socket.send(requestText(`${method} ${uri}`, [...lines, `To: <${uri}>`]), to.port, to.host);
      const answer = await finalAnswer;
      if (method === 'INVITE') {
        const called = answer.find((line) => line.startsWith('To:')) ?? '';
        socket.send(requestText(`ACK ${uri}`, [...lines, called]), to.port, to.host);
      }
      return answer;
    },
  };
}

function answerTo(socket: Socket, callId: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new Error(`no answer for ${callId}`))), DEADLINE_MS);
    const look = (bytes: Buffer): void => {
      const text = bytes.toString('latin1');
      const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0);
      if (status >= 200 && text.includes(`Call-ID: ${callId}\r\n`)) end(() => resolve(text.trimEnd().split('\r\n')));
    };
    const end = (tell: () => void): void => {
      clearTimeout(timer);
      socket.off('message', look);
      tell();
    };
    socket.on('message', look);
  });
}

const DEADLINE_MS = 10_000;
