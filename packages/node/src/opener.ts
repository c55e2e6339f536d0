import type { Listen } from '@strowger/server';
import type { Transport, TransportListener } from '@strowger/sip/engine';
import { isEncrypted } from '@strowger/sip/uri';
import { expandWildcard, type Interfaces } from './addresses.ts';
import type { Credentials } from './certificates/credentials.ts';
import { ListenFault } from './faults.ts';
import type { ClientCertificates } from './tls-sockets.ts';
import type { UdpOptions } from './udp/index.ts';

export interface OpenerOptions {
  /** Needed for tls and wss. */
  readonly credentials?: Credentials;
  /** `none` when missing. */
  readonly clientCertificates?: ClientCertificates;
  /** The pages that may open WebSockets; all when empty or missing. */
  readonly origins?: readonly string[];
  readonly interfaces?: Interfaces;
  /** How UDP is read and written; `auto` when missing. */
  readonly datagrams?: UdpOptions['datagrams'];
  /** How long the end of a transport waits for peers that do not end their connections; a second when missing. */
  readonly lingerMs?: number;
}

/**
 * Opens one listening address; a wildcard gives a transport for each local address of its family, each with a port of its
 * own where the port is 0.
 * @throws ListenFault (rejects) with nothing left open
 */
export type Opener = (listen: Listen, listener: TransportListener) => Promise<readonly Transport[]>;

export function createOpener(options: OpenerOptions = {}): Opener {
  return async (listen, listener) => {
    const hosts = expandWildcard(listen.host, options.interfaces);
    if (hosts.length === 0) throw listenFault(listen, 'this machine has no address of this family.');
    const opened: Transport[] = [];
    try {
      for (const host of hosts) opened.push(await openOne({ ...listen, host }, listener, options));
      return opened;
    } catch (fault) {
      await Promise.all(opened.map((transport) => transport.close()));
      throw fault;
    }
  };
}

/** What is not listened on is not loaded. */
async function openOne(listen: Listen, listener: TransportListener, options: OpenerOptions): Promise<Transport> {
  const { protocol, host, port } = listen;
  const { datagrams = 'auto' } = options;
  const common = { host, port, listener, lingerMs: options.lingerMs ?? LINGER_MS };
  if (protocol === 'udp') return await (await import('./udp/index.ts')).openUdp({ host, port, listener, datagrams });
  if (protocol === 'tcp') return await (await import('./tcp.ts')).openTcp(common);
  const { credentials, clientCertificates = 'none', origins = [] } = options;
  if (protocol === 'ws') return await (await import('./web-socket.ts')).openWebSocket({ ...common, origins });
  if (credentials === undefined || !isEncrypted(protocol)) throw listenFault(listen, 'there is no certificate for it.');
  if (protocol === 'tls')
    return await (await import('./tls.ts')).openTls({ ...common, credentials, clientCertificates });
  const tls = { credentials, clientCertificates };
  return await (await import('./web-socket.ts')).openWebSocket({ ...common, origins, tls });
}

const listenFault = ({ protocol, host, port }: Listen, why: string): ListenFault =>
  new ListenFault('NODE_E_LISTEN', protocol, host, port, why);

const LINGER_MS = 1_000;
