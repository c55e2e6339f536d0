import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Framer } from '@strowger/sip/message';
import { Answers, type OpenRoad, type Road } from './road.ts';

/**
 * A connection for each case, because what is wrong with one may be taken for the body of the next; what is valid goes over
 * another one that stays.
 */
export const openTcpRoad: OpenRoad = (to) =>
  open({ name: 'TCP', protocol: 'TCP', ready: 'connect' }, () => connect(to));

/** The same over TLS, with whatever certificate the server has: this is about what comes after the handshake. */
export const openTlsRoad: OpenRoad = (to) => {
  let session: Buffer | undefined;
  return open({ name: 'TLS', protocol: 'TLS', ready: 'secureConnect' }, () => {
    const socket = connectTls({ ...to, rejectUnauthorized: false, ...(session === undefined ? {} : { session }) });
    // Without resumption, handshakes would be most of what is measured.
    socket.on('session', (given) => {
      session = given;
    });
    return socket;
  });
};

interface Nature extends Pick<Road, 'name' | 'protocol'> {
  /** The event that says that bytes can be sent. */
  readonly ready: 'connect' | 'secureConnect';
}

async function open({ name, protocol, ready }: Nature, dial: () => Socket): Promise<Road> {
  const answers = new Answers();
  const framer = new Framer();
  const valid = dial();
  valid.on('data', (bytes) => {
    for (const message of framer.push(bytes).messages) answers.take(Buffer.from(message).toString('latin1'));
  });
  await once(valid, ready);
  return {
    name,
    protocol,
    atOnce: 16,
    bytesAtOnce: 500_000,
    sendCase: (bytes) => sendAlone(dial(), bytes),
    ask: async (request, callId) => {
      const answered = answers.of(callId);
      valid.write(request, 'latin1');
      await answered;
    },
    close: async () => {
      valid.end();
      await once(valid, 'close');
    },
  };
}

/** Sends and ends; done when the server has ended too, so that it has seen everything. A server that resets has seen enough. */
function sendAlone(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(HANG_UP_MS, () => {
      socket.destroy();
      reject(new Error(`the server kept a connection that was ended for ${HANG_UP_MS / 1_000} s`));
    });
    socket.on('error', (error) => {
      if (!('code' in error) || !HUNG_UP.has(error.code)) reject(error);
    });
    socket.on('close', () => resolve());
    socket.resume();
    socket.end(bytes);
  });
}

const HUNG_UP = new Set<unknown>(['ECONNRESET', 'EPIPE']);
const HANG_UP_MS = 10_000;
