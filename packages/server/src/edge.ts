import type { Tokens } from '@strowger/sip/engine';
import { contact, edit, NameAddr, path, type Request, read, readAll, route } from '@strowger/sip/message';
import type { PathVerdict } from '@strowger/sip/roles/proxy';
import { isFromNeighbour, supports } from '@strowger/sip/roles/registrar';
import type { Target } from '@strowger/sip/routing';
import { NO_PARAMS, RemoteFault } from '@strowger/sip/text';
import {
  bracketed,
  canonicalHost,
  type Endpoint,
  type Flow,
  isEncrypted,
  isSips,
  type Protocol,
  tryParseUri,
} from '@strowger/sip/uri';

export interface EdgePorts {
  readonly tokens: Tokens['flows'];
  /** The address of ours for this protocol, near another one of ours; `undefined` where we do not speak it. */
  readonly listener: (protocol: Protocol, near: string) => Endpoint | undefined;
  /** How others see an address of ours. */
  readonly advertise: (local: Endpoint) => { readonly host: string; readonly port: number };
}

/**
 * An edge proxy (RFC 5626 §5): stands between phones and registrars elsewhere, and is the way back to the phones. For the domains
 * that it is given anybody may send to their registrars through it.
 */
export class Edge {
  readonly #domains: ReadonlySet<string>;
  readonly #ports: EdgePorts;

  constructor(domains: readonly string[], ports: EdgePorts) {
    this.#domains = new Set(domains.map((domain) => canonicalHost(domain)));
    this.#ports = ports;
  }

  /** What the token in a Path URI of ours means to a request that came over this flow. */
  judge(token: string, source: Flow): PathVerdict {
    return this.#ports.tokens.judge(token, { type: 'path' }, source);
  }

  /**
   * True when a request goes to one of the domains next. Only to where the domain itself says (RFC 3263): with a port or a maddr a
   * stranger would choose who hears from us.
   */
  isNextFor(request: Request): boolean {
    if (this.#domains.size === 0) return false;
    const next = tryParseUri(read(request, route)?.uriText ?? request.uri);
    return (
      next?.type === 'sip' &&
      next.port === undefined &&
      !next.params.has('maddr') &&
      this.#domains.has(canonicalHost(next.host))
    );
  }

  /**
   * What a request takes along on its way to a registrar elsewhere: a REGISTER of a phone next to us our Path, where the phone
   * asks for outbound, or where we are its edge proxy and it knows what Path is (RFC 5626 §5.1, RFC 3327 §5.2).
   *
   * @throws RemoteFault 403 where no token can name the flow
   */
  wayBack(request: Request, flow: Flow): Pick<Target, 'edit'> {
    if (request.method !== 'REGISTER' || !isFromNeighbour(request)) return {};
    if (!asksForOutbound(request) && !(supports(request, 'path') && this.isNextFor(request))) return {};
    const token = this.#ports.tokens.tokenOf(flow, { type: 'path' });
    if (token === undefined) throw new RemoteFault(403, 'No Way Back Over This Flow');
    const value = new NameAddr('', this.#pathUri(flow, isSips(request.uri), token), NO_PARAMS);
    return { edit: (copy) => edit(copy).prepend(path, value).request(copy.method, copy.uri) };
  }

  /** Where registrars can send to: seldom to WebSocket, and over TLS only where they must. */
  #pathUri({ local }: Flow, isSecure: boolean, token: string): string {
    const { listener, advertise } = this.#ports;
    const wanted = isSecure ? SECURE : OPEN;
    const at = wanted.map((protocol) => listener(protocol, local.host)).find((found) => found !== undefined) ?? local;
    const { host, port } = advertise(at);
    const scheme = isSecure && isEncrypted(at.protocol) ? 'sips' : 'sip';
    return `${scheme}:${bracketed(host)}:${port}${transportParam(at.protocol, scheme)};lr;ob;f=${token}`;
  }
}

/** What cannot be read its registrar refuses, not we. */
function asksForOutbound(request: Request): boolean {
  try {
    return readAll(request, contact).some((value) => value !== '*' && value.params.has('reg-id'));
  } catch (fault) {
    if (fault instanceof RemoteFault) return false;
    throw fault;
  }
}

/** RFC 7118 §5.2 has no `wss`: the port says which it is. */
function transportParam(protocol: Protocol, scheme: 'sip' | 'sips'): string {
  if (protocol === 'udp' || (protocol === 'tls' && scheme === 'sips')) return '';
  return `;transport=${protocol === 'wss' ? 'ws' : protocol}`;
}

const OPEN: readonly Protocol[] = ['udp', 'tcp', 'tls'];
const SECURE: readonly Protocol[] = ['tls'];
