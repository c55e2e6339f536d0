import type { Message, Response } from '../message/message.ts';
import { print } from '../message/print.ts';
import { Downstream } from '../overload/downstream.ts';
import { DeadTargets } from '../resolve/dead-targets.ts';
import type { Goal } from '../resolve/goal.ts';
import type { Resolver } from '../resolve/records.ts';
import { type Chance, chanceOf } from '../resolve/srv-order.ts';
import { TargetSearch } from '../resolve/target-search.ts';
import type { Text } from '../text/text-port.ts';
import type { Instant, UnixMs } from '../text/time.ts';
import type { Timing } from '../transaction/machine.ts';
import type { Flow } from '../uri/transport.ts';
import { isReliable } from '../uri/transport.ts';
import { EventStream } from './event-stream.ts';
import type { About, Clock, Endpoint, Transport, TransportFault } from './ports.ts';
import { Shelf } from './shelf.ts';
import { type ClientSlot, Inquiry, type ServerSlot } from './slot.ts';
import type { Tokens } from './tokens.ts';
import { Transports } from './transports.ts';
import { Wheel } from './wheel.ts';

export interface CoreOptions {
  readonly clock: Clock;
  readonly text: Text;
  readonly tokens: Tokens;
  readonly resolver: Resolver;
  readonly timing: Timing;
  /** The host and port that others reach a listening address by, where it is another one. */
  readonly advertise: (local: Endpoint) => { readonly host: string; readonly port: number };
  /** What the address of who sends within a call claims, by its URI: tokens hold for who says the same. '' for every one when missing. */
  readonly claimOf?: (uriText: string) => string;
  /** Sees each response that is passed on without a transaction, and says what to pass on; as it is when missing. */
  readonly passing?: (response: Response) => Response;
  /** How often those next to us shall be heard who offer keep-alives (RFC 6223 §5); 0: as often as they like; missing: nobody. */
  readonly keepAliveSeconds?: number;
}

/** What the slots of an engine share: the tables of transactions, the wheel of their deadlines, the way out. */
export class Core {
  readonly clock: Clock;
  readonly text: Text;
  readonly tokens: Tokens;
  readonly resolver: Resolver;
  /** Decides between servers that are equally good. */
  readonly chance: Chance;
  /** The servers that failed of late. */
  readonly dead = new DeadTargets();
  /** What the servers that we send to said about their load. */
  readonly downstream = new Downstream();
  readonly timing: Timing;
  readonly advertise: CoreOptions['advertise'];
  readonly claimOf: (uriText: string) => string;
  readonly passing: (response: Response) => Response;
  readonly keepAliveSeconds: number | undefined;
  readonly transports = new Transports();
  readonly shelf = new Shelf();
  readonly wheel: Wheel;
  readonly servers = new Map<string, ServerSlot>();
  readonly clients = new Map<string, ClientSlot>();
  /** The time of the input that is being handled: read once for each. */
  now: Instant;
  readonly events = new EventStream();
  /** Called at the end of work that did not begin with an input of a transport: an answer that was waited for. */
  onSettled: () => void = () => undefined;

  constructor(options: CoreOptions) {
    this.clock = options.clock;
    this.text = options.text;
    this.tokens = options.tokens;
    this.resolver = options.resolver;
    this.chance = chanceOf(options.tokens.random);
    this.timing = options.timing;
    this.advertise = options.advertise;
    this.claimOf = options.claimOf ?? (() => '');
    this.passing = options.passing ?? ((response) => response);
    this.keepAliveSeconds = options.keepAliveSeconds;
    this.now = options.clock.now();
    this.wheel = new Wheel(this.now);
  }

  get unix(): UnixMs {
    return this.clock.unix();
  }

  /** Begins to look for the servers of a goal; without `chance` equally good ones always come in the same order. */
  search(goal: Goal, chance: Chance | undefined): TargetSearch {
    const { resolver, dead } = this;
    return new TargetSearch(goal, { ways: this.transports.ways, chance, resolver, dead });
  }

  print(
    message: Message,
    to: { readonly transport: Transport; readonly host: string; readonly port: number; readonly connection: number },
  ): Uint8Array {
    if (this.events.wanted['message.sent'])
      this.events.emit({ type: 'message.sent', message, flow: flowOf(to.transport, to.host, to.port, to.connection) });
    return print(message, this.text);
  }

  startClient(transaction: ClientSlot): void {
    this.clients.set(transaction.key, transaction);
    transaction.about = new Inquiry(transaction);
    if (this.events.wanted['transaction.created'])
      this.events.emit({
        type: 'transaction.created',
        side: 'client',
        method: transaction.method,
        key: transaction.key,
      });
    transaction.start();
  }

  startServer(transaction: ServerSlot): void {
    this.servers.set(transaction.key, transaction);
    transaction.watch();
    if (isReliable(transaction.route.transport.local.protocol)) transaction.about = new Inquiry(transaction);
    if (this.events.wanted['transaction.created'])
      this.events.emit({
        type: 'transaction.created',
        side: 'server',
        method: transaction.method,
        key: transaction.key,
      });
  }

  forgetClient(transaction: ClientSlot): void {
    if (this.clients.get(transaction.key) !== transaction) return;
    this.clients.delete(transaction.key);
    this.#forget(transaction, 'client');
  }

  /** True when it was known until now. */
  forgetServer(transaction: ServerSlot): boolean {
    if (this.servers.get(transaction.key) !== transaction) return false;
    this.servers.delete(transaction.key);
    this.#forget(transaction, 'server');
    transaction.owner?.onEnd();
    transaction.owner = undefined;
    return true;
  }

  /** Lets a transaction that is over hear for a while that its last message was not handed over. */
  linger(transaction: ServerSlot, ms: number): void {
    if (transaction.about !== 0) transaction.about.slot = transaction;
    this.wheel.set(transaction, this.now + ms);
  }

  endLingering(transaction: ServerSlot): void {
    this.wheel.remove(transaction);
    if (transaction.about !== 0) transaction.about.slot = undefined;
  }

  /** A transport could not hand over what a transaction sent. */
  sendFailed(about: About, fault: TransportFault): void {
    if (about instanceof Inquiry) about.slot?.onSendFailed(fault);
  }

  /** Goes on with work that waited for an answer. Nobody above would catch what it throws. */
  resume(work: () => void): void {
    this.now = this.clock.now();
    try {
      work();
    } catch (error) {
      this.events.emit({ type: 'fault', where: 'engine', error });
    }
    this.onSettled();
  }

  emitFault(
    fault: TransportFault,
    to: { readonly transport: Transport; readonly host: string; readonly port: number; readonly connection: number },
  ): void {
    if (this.events.wanted['transport.failed'])
      this.events.emit({
        type: 'transport.failed',
        fault,
        flow: flowOf(to.transport, to.host, to.port, to.connection),
      });
  }

  emitDropped(reason: string, flow: Flow): void {
    if (this.events.wanted['message.dropped']) this.events.emit({ type: 'message.dropped', reason, flow });
  }

  /** From now on only what fails of what is sent from now on is told. */
  askAnew(transaction: ServerSlot): void {
    if (transaction.about !== 0) transaction.about.slot = undefined;
    transaction.about = new Inquiry(transaction);
  }

  #forget(transaction: ClientSlot | ServerSlot, side: 'client' | 'server'): void {
    this.wheel.remove(transaction);
    if (transaction.about !== 0) transaction.about.slot = undefined;
    if (this.events.wanted['transaction.ended'])
      this.events.emit({ type: 'transaction.ended', side, method: transaction.method, key: transaction.key });
  }
}

export const flowOf = (transport: Transport, host: string, port: number, connection: number): Flow => ({
  local: transport.local,
  host,
  port,
  connection,
});
