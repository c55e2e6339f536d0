import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Answers, type OpenRoad } from './road.ts';

/** One socket for the cases and what is valid: the answer says that everything before it was taken. */
export const openUdpRoad: OpenRoad = async ({ host, port }) => {
  const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BYTES });
  const answers = new Answers();
  socket.on('message', (bytes) => answers.take(bytes.toString('latin1')));
  socket.bind(0, host);
  await once(socket, 'listening');
  const send = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.send(bytes, port, host, (error) => (error === null ? resolve() : reject(error)));
    });
  return {
    name: 'UDP',
    protocol: 'UDP',
    atOnce: 16,
    // The receive buffer of a socket holds three of the greatest.
    bytesAtOnce: 64_000,
    sendCase: send,
    ask: async (request, callId) => {
      const bytes = Buffer.from(request, 'latin1');
      const answered = answers.of(callId, () => void send(bytes).catch(() => {}));
      await Promise.all([send(bytes), answered]);
    },
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
};

/** Answers to hostile messages may be as long as these. */
const RECEIVE_BYTES = 4 * 1_048_576;
