import { edit } from '../message/edit.ts';
import { via } from '../message/headers/index.ts';
import type { Request, Response } from '../message/message.ts';
import { has } from '../message/read.ts';
import type { NextHop } from '../resolve/next-hop.ts';
import {
  answered,
  cancelFork,
  createFork,
  expireFork,
  type Fork,
  type ForkOutput,
  failed,
  forkDueAt,
  received,
  startFork,
} from '../routing/fork.ts';
import type { AfterFailure, Failure, ForwardOptions, Instead, Plan, Reply, Target } from '../routing/index.ts';
import { RemoteFault } from '../text/faults.ts';
import { isPromiseLike } from '../text/promise-like.ts';
import type { Instant } from '../text/time.ts';
import { type ClientOwner, ClientTransaction } from './client-transaction.ts';
import type { Core } from './core.ts';
import { addressed, copyFor } from './forward.ts';
import { ENGINE_LIMITS } from './limits.ts';
import type { TransportFault } from './ports.ts';
import { withRouteForCaller } from './record-route.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { Destination, ServerOwner } from './slot.ts';
import type { Timed } from './wheel.ts';

export interface ProxyingOptions extends ForwardOptions {
  readonly breadth: number;
  readonly loopHash: string;
  /** Does what a failure handler decided instead of a plan. */
  readonly decide: (server: ServerTransaction, decision: Reply) => void;
}

/** One request on its way through a stateful proxy: a server transaction, a fork, and a client transaction for each branch. */
export class Proxying implements Timed, ServerOwner, ClientOwner {
  dueAt: Instant = Number.POSITIVE_INFINITY;
  next: Timed | undefined = undefined;
  previous: Timed | undefined = undefined;
  place = -1;

  readonly #core: Core;
  readonly #server: ServerTransaction;
  /** Dropped when every branch has ended. */
  #request: Request | undefined;
  readonly #options: ProxyingOptions;
  readonly #fork: Fork;
  /** The client transaction of each branch; `undefined` while its next hop is looked for. */
  readonly #branches: (Branch | undefined)[] = [];

  constructor(core: Core, server: ServerTransaction, request: Request, options: ProxyingOptions) {
    this.#core = core;
    this.#server = server;
    this.#request = request;
    this.#options = options;
    this.#fork = createFork({
      method: request.method,
      timerCMs: options.timerCMs,
      patienceMs: 64 * core.timing.t1,
      thinkMs: ENGINE_LIMITS.decisionMs,
      recurse: options.recurse,
      breadth: options.breadth,
      maxBranches: ENGINE_LIMITS.branches,
    });
  }

  start(plan: Plan): void {
    this.#drive((out) => startFork(this.#fork, plan, this.#core.now, out));
  }

  onCancel(): void {
    this.#drive((out) => cancelFork(this.#fork, this.#core.now, out));
  }

  /**
   * The server transaction is over. Branches that still ring are given up by the fork's own timers; none of which the next
   * hop is still looked for is begun.
   */
  onEnd(): void {
    for (const branch of this.#branches)
      if (branch !== undefined && branch.client === undefined) branch.state = 'given up';
    if (this.#fork.ended === 'yes') this.#core.wheel.remove(this);
  }

  onDue(now: Instant): void {
    this.#drive((out) => expireFork(this.#fork, now, out));
  }

  onResponse(transaction: ClientTransaction, response: Response): void {
    const branch = this.#branchOf(transaction);
    if (branch < 0) return;
    const passed = edit(response).dropTop(via).response(response.status, response.reason);
    if (has(passed, via)) {
      const routed = this.#options.recordRoute === 'yes' ? withRouteForCaller(this.#core, passed) : passed;
      return this.#drive((out) => received(this.#fork, branch, routed, this.#core.now, out));
    }
    // RFC 3261 §16.7 step 3: without a Via left it is for us alone, so nothing good can come from there.
    if (response.status >= 200) this.#drive((out) => failed(this.#fork, branch, 502, this.#core.now, out));
  }

  onFailure(transaction: ClientTransaction, why: 'timeout' | 'transport', fault: TransportFault | undefined): void {
    const branch = this.#branchOf(transaction);
    const entry = this.#branches[branch];
    if (entry === undefined) return;
    if (fault !== undefined) this.#core.emitFault(fault, transaction.destination);
    const isUntouched = this.#fork.leaves[branch]?.state === 'trying';
    if (why === 'transport' && isUntouched && this.#goesAnotherWay(branch, entry)) return;
    this.#drive((out) => failed(this.#fork, branch, why === 'timeout' ? 408 : 503, this.#core.now, out));
  }

  /** Tries the next address of the same host (RFC 3263 §4.3); where a connection is gone, what the Request-URI says. */
  #goesAnotherWay(number: number, branch: Branch): boolean {
    const { elsewhere } = branch;
    branch.elsewhere = undefined;
    branch.connection = 0;
    branch.client = undefined;
    if (elsewhere !== undefined) {
      branch.hop = elsewhere;
      this.#locate(number, branch, elsewhere);
      return true;
    }
    const address = branch.addresses.shift();
    if (address !== undefined) this.#connect(number, branch, address);
    return address !== undefined;
  }

  #branchOf(transaction: ClientTransaction): number {
    return this.#branches.findIndex((branch) => branch?.client === transaction);
  }

  /** Steps the fork and does what it wants, in order. */
  #drive(step: (out: ForkOutput[]) => void): void {
    const out: ForkOutput[] = [];
    step(out);
    for (const output of out) this.#perform(output);
    this.#core.wheel.set(this, forkDueAt(this.#fork));
  }

  #perform(output: ForkOutput): void {
    switch (output.type) {
      case 'try':
        return this.#try(output.branch, output.target, output.breadth);
      case 'cancel':
        return this.#cancelBranch(output.branch);
      case 'abandon':
        return this.#abandonBranch(output.branch);
      case 'respond':
        return this.#server.respond(output.response);
      case 'reply':
        return this.#reply(output.status);
      case 'decide':
        return this.#options.decide(this.#server, output.decision);
      case 'ask':
        return this.#ask(output.question, output.onFailure, output.failure);
      case 'fault':
        return this.#core.events.emit({ type: 'fault', where: 'response watcher', error: output.error });
      case 'ended':
        return this.#end();
    }
  }

  /** Only further 2xx can come now: what they do not need is let go, since they may take half a minute. */
  #end(): void {
    this.#core.wheel.remove(this);
    this.#request = undefined;
    for (const branch of this.#branches) if (branch !== undefined) branch.copy = undefined;
  }

  #try(number: number, target: Target, breadth: number): void {
    if (this.#request === undefined) return;
    try {
      const branch: Branch = {
        ...copyFor(this.#request, target, breadth),
        client: undefined,
        connection: target.flow?.connection ?? 0,
        addresses: [],
        state: 'open',
      };
      this.#branches[number] = branch;
      this.#locate(number, branch, branch.hop);
    } catch (fault) {
      // What is not the peer's mistake is one of the program whose plan this is: the other branches go on.
      const isRemote = fault instanceof RemoteFault;
      if (!isRemote) this.#core.events.emit({ type: 'fault', where: 'branch', error: fault });
      this.#drive((out) => failed(this.#fork, number, isRemote ? fault.status : 500, this.#core.now, out));
    }
  }

  #locate(number: number, branch: Branch, hop: NextHop): void {
    if (hop.literal) return this.#connect(number, branch, hop.host);
    const found = this.#core.resolver.addresses(hop.host);
    if (isList(found)) return this.#located(number, branch, found);
    found.then(
      (addresses) => this.#core.resume(() => this.#located(number, branch, addresses)),
      () => this.#core.resume(() => this.#located(number, branch, [])),
    );
  }

  #located(number: number, branch: Branch, addresses: readonly string[]): void {
    if (branch.state === 'given up') return;
    branch.addresses.push(...addresses);
    const first = branch.addresses.shift();
    if (first !== undefined) this.#connect(number, branch, first);
    else this.#drive((out) => failed(this.#fork, number, 503, this.#core.now, out));
  }

  #connect(number: number, branch: Branch, address: string): void {
    if (branch.copy === undefined) return;
    const cameIn = this.#server.route.transport;
    const transport = this.#core.transports.toward(branch.hop.protocol, address, cameIn);
    if (transport === undefined) return this.#drive((out) => failed(this.#fork, number, 503, this.#core.now, out));
    const destination: Destination = { transport, host: address, port: branch.hop.port, connection: branch.connection };
    const name = this.#core.tokens.branch(this.#options.loopHash);
    const request = addressed(
      this.#core,
      branch.copy,
      destination,
      name,
      this.#options.recordRoute === 'yes' ? cameIn : undefined,
    );
    branch.client = new ClientTransaction(this.#core, this, request, name, destination);
    this.#core.startClient(branch.client);
  }

  #cancelBranch(number: number): void {
    const branch = this.#branches[number];
    if (branch?.client !== undefined) return branch.client.cancel();
    if (branch !== undefined) branch.state = 'given up';
    this.#drive((out) => failed(this.#fork, number, 487, this.#core.now, out));
  }

  #abandonBranch(number: number): void {
    const branch = this.#branches[number];
    if (branch === undefined) return;
    branch.state = 'given up';
    branch.client?.abandon();
  }

  /** RFC 4320 §4.2: nobody is told that a request other than INVITE timed out; its client knows by itself. */
  #reply(status: number): void {
    const request = this.#server.request;
    if (request === undefined) return;
    if (status === 408 && request.method !== 'INVITE') return this.#server.discard();
    this.#options.decide(this.#server, { type: 'reply', status, headers: [] });
  }

  #ask(question: number, then: AfterFailure, failure: Failure): void {
    const tell = (answer: Instead): void =>
      this.#drive((out) => answered(this.#fork, question, answer ?? undefined, this.#core.now, out));
    const failing = (error: unknown): void => {
      this.#core.events.emit({ type: 'fault', where: 'failure handler', error });
      tell(undefined);
    };
    try {
      const answer = then(failure);
      if (!isPromiseLike(answer)) tell(answer);
      else
        answer.then(
          (value) => this.#core.resume(() => tell(value)),
          (error: unknown) => this.#core.resume(() => failing(error)),
        );
    } catch (error) {
      failing(error);
    }
  }
}

interface Branch {
  client: ClientTransaction | undefined;
  copy: Request | undefined;
  hop: NextHop;
  elsewhere: NextHop | undefined;
  connection: number;
  /** Where else the next hop may be reached (RFC 3263 §4.3). */
  readonly addresses: string[];
  state: 'open' | 'given up';
}

const isList = (found: readonly string[] | Promise<readonly string[]>): found is readonly string[] =>
  Array.isArray(found);
