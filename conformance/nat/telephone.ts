import { isStun, mappedAddressOf, parseStun, printStun } from '@strowger/media/stun';
import { bufferText, createClock, createRandom, openTcp, openUdp } from '@strowger/node';
import { ackIn, createUacDialog, createUasDialog, type Dialog, requestIn } from '@strowger/sip/dialog';
import { Engine, type Random, Tokens, type Transport, type TransportListener } from '@strowger/sip/engine';
import { edit, headersOf, line, need, newRequest, print, type Request, type Response, to } from '@strowger/sip/message';
import { tableResolver } from '@strowger/sip/resolve';
import { type Context, type Decision, drop, reply } from '@strowger/sip/routing';
import { DEFAULT_TIMING } from '@strowger/sip/transaction';

export interface TelephoneOptions {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly protocol: 'udp' | 'tcp';
  /** The address of the server; port 5060. */
  readonly server: string;
  readonly tell: (line: string) => void;
}

/** One line of input: `register`, `call USER`, `hangup`, `stun PORT`. */
export function answerTo(phone: Telephone, command: string): void {
  const [verb, argument = ''] = command.split(' ');
  if (verb === 'register') phone.register();
  else if (verb === 'call') phone.call(argument);
  else if (verb === 'hangup') phone.hangUp();
  else if (verb === 'stun') phone.askStun(Number(argument));
}

/** A phone with one line and one call, that sends everything to its server and names its own address everywhere. */
export class Telephone {
  readonly #options: TelephoneOptions;
  readonly #random: Random;
  readonly #engine: Engine;
  #transport: Transport | undefined;
  #call: Dialog | undefined;
  #invite: Request | undefined;

  private constructor(options: TelephoneOptions) {
    this.#options = options;
    this.#random = createRandom();
    this.#engine = new Engine({
      clock: createClock(),
      text: bufferText,
      tokens: new Tokens(this.#random, [1, 2, 3, 4]),
      resolver: tableResolver(() => []),
      timing: DEFAULT_TIMING,
      advertise: (local) => local,
      handler: (ctx) => this.#asked(ctx),
      unmatchedCancel: 'answer',
    });
    this.#engine.observe(
      (event) => {
        if (event.type === 'message.sent' && event.message.kind === 'response') this.#answered(event.message);
      },
      ['message.sent'],
    );
  }

  static async open(options: TelephoneOptions): Promise<Telephone> {
    const phone = new Telephone(options);
    const { host, port, protocol } = options;
    const listener = phone.#listener;
    phone.#transport =
      protocol === 'udp'
        ? await openUdp({ host, port, listener })
        : await openTcp({ host, port, listener, lingerMs: 0 });
    phone.#engine.attach(phone.#transport);
    return phone;
  }

  /** The engine hears everything but STUN. */
  get #listener(): TransportListener {
    const engine = this.#engine;
    return {
      onDatagrams: (transport, items, count) => {
        for (const item of items.slice(0, count))
          if (isStun(item.bytes)) this.#mapped(item.bytes, item.port);
          else engine.onDatagrams(transport, [item], 1);
      },
      onData: (transport, flow, bytes) => engine.onData(transport, flow, bytes),
      onConnected: () => engine.onConnected(),
      onClosed: (transport, flow) => engine.onClosed(transport, flow),
      onFailed: (transport, about, fault) => engine.onFailed(transport, about, fault),
    };
  }

  register(): void {
    const { user } = this.#options;
    const request = this.#begin('REGISTER', `sip:${DOMAIN}`, user);
    this.#send(request, (response) => this.#options.tell(`registered ${response.status}`));
  }

  call(user: string): void {
    const request = this.#begin('INVITE', `sip:${user}@${DOMAIN}`, user);
    this.#send(request, (response) => {
      if (response.status < 300) {
        const dialog = createUacDialog(request, response, this.#options.protocol);
        this.#call = dialog;
        this.#acknowledge(ackIn(dialog, 1).request);
      }
      this.#options.tell(`answered ${response.status}`);
    });
  }

  hangUp(): void {
    if (this.#call === undefined) return this.#options.tell('no call');
    const { request, dialog } = requestIn(this.#call, 'BYE');
    this.#call = dialog;
    this.#send(request, (response) => this.#options.tell(`hung up ${response.status}`));
  }

  /** A Binding request to a port of the server, from the very socket of the calls. */
  askStun(port: number): void {
    const transactionId = Uint8Array.from({ length: 12 }, () => this.#random.uint32() & 255);
    const bytes = printStun({ kind: 'request', method: 1, transactionId, attributes: [] });
    this.#transport?.send(bytes, this.#options.server, port, 0, 0);
    this.#transport?.flush();
  }

  #mapped(bytes: Uint8Array, port: number): void {
    const message = parseStun(bytes);
    const mapped = message === undefined ? undefined : mappedAddressOf(message);
    if (mapped !== undefined) this.#options.tell(`mapped ${mapped.host}:${mapped.port} by ${port}`);
  }

  #asked({ request, flow }: Context): Decision {
    const { tell } = this.#options;
    if (request.method === 'ACK') {
      tell('acknowledged');
      return drop('heard');
    }
    if (request.method === 'INVITE') {
      const routes = [...headersOf(request)].filter(([name]) => name === 'Record-Route');
      tell(`called from ${flow.host}`);
      this.#invite = request;
      return reply(200, undefined, [
        ...routes.map(([name, value]) => line(name, value)),
        line('Contact', `<${this.#contact}>`),
      ]);
    }
    tell(request.method === 'BYE' ? 'ended' : `asked ${request.method}`);
    return reply(200);
  }

  /** The engine has made the tag of our answer to an INVITE: now there is a dialog. */
  #answered(response: Response): void {
    const tag = need(response, to).tag;
    if (this.#invite === undefined || tag === undefined) return;
    this.#call = createUasDialog(this.#invite, tag, 'confirmed', this.#options.protocol);
    this.#invite = undefined;
  }

  /** An ACK to a 2xx has no transaction and no answer (RFC 3261 §13.2.2.4). */
  #acknowledge(ack: Request): void {
    const { transport, host, port } = this.#destination();
    const { protocol, host: ours, port: ourPort } = transport.local;
    const via = `SIP/2.0/${protocol.toUpperCase()} ${ours}:${ourPort};branch=z9hG4bK${this.#random.uint32()};rport`;
    const sent = edit(ack).add(line('Via', via)).request('ACK', ack.uri);
    transport.send(print(sent, bufferText), host, port, 0, 0);
    transport.flush();
  }

  #begin(method: string, uri: string, user: string): Request {
    const request = newRequest();
    for (const one of [
      line('Max-Forwards', '70'),
      line('From', `<sip:${this.#options.user}@${DOMAIN}>;tag=${this.#random.uint32()}`),
      line('To', `<sip:${user}@${DOMAIN}>`),
      line('Call-ID', `${this.#random.uint32()}`),
      line('CSeq', `1 ${method}`),
      line('Contact', `<${this.#contact}>`),
    ])
      request.add(one);
    return request.request(method, uri);
  }

  get #contact(): string {
    const { user, host, port, protocol } = this.#options;
    return `sip:${user}@${host}:${port}${protocol === 'tcp' ? ';transport=tcp' : ''}`;
  }

  #send(request: Request, done: (response: Response) => void): void {
    this.#engine.request(request, this.#destination(), {
      onResponse: (_, response) => {
        if (response.status >= 200) done(response);
      },
      onFailure: (_, why) => this.#options.tell(`failed ${why}`),
    });
  }

  #destination(): Parameters<Engine['request']>[1] {
    if (this.#transport === undefined) throw new Error('the phone is not open yet');
    return { transport: this.#transport, host: this.#options.server, port: 5060, connection: 0 };
  }
}

export const DOMAIN = 'example.test';
