import { Buffer } from 'node:buffer';
import type { Datagram, Transport, TransportListener } from '@strowger/sip/engine';
import type { UdpOptions } from './udp-options.ts';

/**
 * Sends datagrams of several sizes from a socket to itself and looks at what comes back, byte for byte.
 * @throws Error (rejects) with a sentence that says what went wrong
 */
export async function selfTest(open: (options: UdpOptions) => Transport, patienceMs = PATIENCE_MS): Promise<void> {
  const sent = SIZES.map((size, i) => Buffer.alloc(size, 65 + i));
  let transport: Transport | undefined;
  try {
    const came = new Promise<void>((resolve, reject) => {
      const alarm = setTimeout(() => reject(new Error(`no datagram came back within ${patienceMs} ms`)), patienceMs);
      let next = 0;
      const listener: TransportListener = {
        ...DEAF,
        onDatagrams: (on, items, count) => {
          for (const item of items.slice(0, count)) {
            const want = sent[next];
            next += 1;
            const wrong = want === undefined ? 'one too many' : difference(item, want, on);
            if (wrong === undefined && next < sent.length) continue;
            clearTimeout(alarm);
            if (wrong === undefined) resolve();
            else reject(new Error(`a datagram that was sent as a test came back wrong: ${wrong}`));
          }
        },
      };
      transport = open({ host: '127.0.0.1', port: 0, listener });
      for (const bytes of sent) transport.send(bytes, transport.local.host, transport.local.port, 0, 0);
      transport.flush();
    });
    await came;
  } finally {
    await transport?.close();
  }
}

function difference({ bytes, host, port }: Datagram, want: Buffer, { local }: Transport): string | undefined {
  if (host !== local.host || port !== local.port) return `from ${host}:${port}`;
  if (bytes.length !== want.length) return `${bytes.length} bytes of ${want.length}`;
  return want.equals(bytes) ? undefined : 'other bytes';
}

const DEAF: TransportListener = {
  onDatagrams: () => undefined,
  onData: () => undefined,
  onConnected: () => undefined,
  onClosed: () => undefined,
  onFailed: () => undefined,
};
const SIZES = [1, 700, 0, 9_000];
const PATIENCE_MS = 1_000;
