import { createRequire } from 'node:module';

/**
 * A registrar in memory and a record-routing, transaction-stateful proxy made with the npm package `sip`, as its own examples use
 * it: `node bench/peers/record-routing-proxy.ts PORT` listens on 127.0.0.1 and prints `ready`.
 */
interface Address {
  readonly uri: string;
  readonly params?: object;
}
interface Message {
  method?: string;
  uri: string;
  readonly headers: {
    via: object[];
    readonly to: Address;
    contact?: readonly Address[];
    route?: { readonly uri: { readonly host: string; readonly port?: number } | string }[];
    'record-route'?: readonly Address[];
    'max-forwards'?: string | number;
  };
}
type Handle = (message: Message) => void;
interface Options {
  readonly address: string;
  readonly port: number;
  readonly publicAddress: string;
  readonly udp: true;
  readonly tcp: false;
}

const require = createRequire(import.meta.url);
const sip: {
  readonly makeResponse: (request: Message, status: number, reason: string) => Message;
  readonly parseUri: (text: string) => { readonly user?: string } | undefined;
} = require('sip');
const proxy: {
  readonly start: (options: Options, handle: Handle) => void;
  readonly send: (message: Message, onResponse?: Handle) => void;
} = require('sip/proxy');

const port = Number(process.argv[2]);
const OWN = `127.0.0.1:${port}`;
/** Not the address: the package takes all that goes to the host of this name for its own. */
const OWN_NAME = 'proxy.bench.test';
const bindings = new Map<string, readonly Address[]>();
const userOf = (uri: string): string => sip.parseUri(uri)?.user ?? '';

proxy.start({ address: '127.0.0.1', port, publicAddress: OWN_NAME, udp: true, tcp: false }, (request) => {
  const { headers } = request;
  if (request.method === 'REGISTER') {
    bindings.set(userOf(headers.to.uri), headers.contact ?? []);
    const answer = sip.makeResponse(request, 200, 'OK');
    answer.headers.contact = headers.contact ?? [];
    proxy.send(answer);
    return;
  }
  const hops = Number(headers['max-forwards'] ?? 71) - 1;
  if (hops < 0) {
    proxy.send(sip.makeResponse(request, 483, 'Too Many Hops'));
    return;
  }
  headers['max-forwards'] = hops;
  if (headers.route !== undefined && headers.route.length > 0) headers.route.shift();
  else {
    const [target] = bindings.get(userOf(request.uri)) ?? [];
    if (target === undefined) {
      proxy.send(sip.makeResponse(request, 404, 'Not Found'));
      return;
    }
    request.uri = target.uri;
  }
  if (request.method === 'INVITE')
    headers['record-route'] = [{ uri: `sip:${OWN};lr` }, ...(headers['record-route'] ?? [])];
  if (request.method === 'ACK')
    headers.via.unshift({
      version: '2.0',
      protocol: 'UDP',
      host: '127.0.0.1',
      port,
      params: { branch: `z9hG4bK${process.hrtime.bigint()}` },
    });
  proxy.send(request, (response) => {
    response.headers.via.shift();
    if (response.headers.via.length > 0) proxy.send(response);
  });
});
console.log('ready');
