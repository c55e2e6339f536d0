import { createSocket } from 'node:dgram';

/**
 * The address of this machine that the system would send from to a peer (an IP literal), or the system's reason why there is
 * none. Nothing is sent.
 */
export function localAddressToward(
  host: string,
  port: number,
): Promise<{ readonly type: 'local'; readonly host: string } | { readonly type: 'none'; readonly text: string }> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    const end = (result: Awaited<ReturnType<typeof localAddressToward>>): void => {
      socket.close();
      resolve(result);
    };
    socket.once('error', (error) => end({ type: 'none', text: error.message }));
    socket.connect(port, host, () => end({ type: 'local', host: socket.address().address }));
  });
}
