import { once } from 'node:events';
import { WebSocket } from 'ws';
import { Answers, type Destination, type OpenRoad, type Road } from './road.ts';

/** A message is a frame (RFC 7118 §5), so that cases share a connection until the server ends it; what is valid has its own. */
export const openWsRoad: OpenRoad = (to) => open('WS', `ws://${placeOf(to)}/`);

export const openWssRoad: OpenRoad = (to) => open('WSS', `wss://${placeOf(to)}/`);

async function open(protocol: 'WS' | 'WSS', url: string): Promise<Road> {
  const answers = new Answers();
  const dial = async (): Promise<WebSocket> => {
    const socket = new WebSocket(url, 'sip', { rejectUnauthorized: false });
    // What went wrong shows as the end of the connection.
    socket.on('error', () => {});
    await once(socket, 'open');
    return socket;
  };
  const valid = await dial();
  valid.on('message', (data) => answers.take(data.toString('latin1')));
  let current = dial();
  return {
    name: protocol,
    protocol,
    atOnce: 16,
    bytesAtOnce: 500_000,
    sendCase: async (bytes) => {
      const socket = await current;
      if (socket.readyState === WebSocket.OPEN) return await handOver(socket, bytes);
      current = dial();
      await handOver(await current, bytes);
    },
    ask: async (request, callId) => {
      const answered = answers.of(callId);
      valid.send(Buffer.from(request, 'latin1'));
      await answered;
    },
    close: async () => {
      for (const socket of [await current, valid]) {
        if (socket.readyState === WebSocket.CLOSED) continue;
        socket.close();
        await once(socket, 'close');
      }
    },
  };
}

/** As binary frames: not every case is UTF-8. */
function handOver(socket: WebSocket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => socket.send(bytes, { binary: true }, () => resolve()));
}

const placeOf = ({ host, port }: Destination): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
