import { edit } from '../message/edit.ts';
import type { HeaderDef } from '../message/header.ts';
import { retryAfter, via } from '../message/headers/index.ts';
import type { Request, Response } from '../message/message.ts';
import { has, read } from '../message/read.ts';
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
import { addressed, copyFor, isTooBig } from './forward.ts';
import { ENGINE_LIMITS } from './limits.ts';
import { type Place, Places } from './places.ts';
import type { TransportFault } from './ports.ts';
import { recordRoutesIn, withRouteForCaller } from './record-route.ts';
import { withKeep } from './response-route.ts';
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
  /** How many Record-Routes the request came with. */
  readonly #carried: number;
  readonly #fork: Fork;
  /** The client transaction of each branch; `undefined` while its next hop is looked for. */
  readonly #branches: (Branch | undefined)[] = [];

  constructor(core: Core, server: ServerTransaction, request: Request, options: ProxyingOptions) {
    this.#core = core;
    this.#server = server;
    this.#request = request;
    this.#options = options;
    this.#carried = recordRoutesIn(request);
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
    const number = this.#branchOf(transaction);
    const branch = this.#branches[number];
    if (branch === undefined) return;
    const passed = edit(response).dropTop(via).response(response.status, response.reason);
    if (!has(passed, via)) {
      // RFC 3261 §16.7 step 3: without a Via left it is for us alone, so nothing good can come from there.
      if (response.status >= 200) this.#drive((out) => failed(this.#fork, number, 502, this.#core.now, out));
      return;
    }
    const flow = branch.place?.flow;
    const kept = withKeep(passed, this.#mayBeKept(transaction, response) ? this.#core.keepAliveSeconds : undefined);
    const routed =
      this.#options.recordRoute === 'yes' ? withRouteForCaller(this.#core, kept, flow, this.#carried) : kept;
    if (response.status !== 503) branch.places?.answered();
    else {
      branch.places?.failed((readOrNothing(response, retryAfter)?.seconds ?? 0) * 1000);
      branch.refusal = routed;
      if (this.#mayTryAgain(number, branch)) return this.#next(number, branch);
    }
    this.#drive((out) => received(this.#fork, number, routed, this.#core.now, out));
  }

  /** RFC 6223 §4.4: keep-alives are for a registration, or for a dialog whose requests come this way. */
  #mayBeKept({ method }: ClientTransaction, { status }: Response): boolean {
    return status < 300 && (this.#options.recordRoute === 'yes' || method === 'REGISTER');
  }

  onFailure(transaction: ClientTransaction, why: 'timeout' | 'transport', fault: TransportFault | undefined): void {
    const number = this.#branchOf(transaction);
    const branch = this.#branches[number];
    if (branch === undefined) return;
    if (fault !== undefined) this.#core.emitFault(fault, transaction.destination);
    const isUntouched = this.#fork.leaves[number]?.state === 'trying';
    branch.failure = why === 'timeout' ? 408 : branch.place?.flow?.isOnlyWay === true ? 430 : 503;
    if (isUntouched) branch.places?.failed();
    if (isUntouched && this.#mayTryAgain(number, branch)) return this.#next(number, branch);
    this.#fail(number, branch);
  }

  /** RFC 3263 §4.3: the next server is only asked while somebody waits for the answer and nobody asked to stop. */
  #mayTryAgain(number: number, branch: Branch): boolean {
    const state = this.#fork.leaves[number]?.state;
    const isWanted = (state === 'trying' || state === 'proceeding') && this.#fork.state === 'open';
    return branch.state === 'open' && isWanted && !this.#server.isAnswered && branch.places?.mayHaveMore === true;
  }

  /** What the last server answered, or what stands for its silence. */
  #fail(number: number, branch: Branch): void {
    const { refusal } = branch;
    if (refusal !== undefined) this.#drive((out) => received(this.#fork, number, refusal, this.#core.now, out));
    // RFC 5626 §5.3.1: on 430 who has other ways to the phone tries the next one.
    else this.#drive((out) => failed(this.#fork, number, branch.failure, this.#core.now, out));
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
    for (const branch of this.#branches) {
      if (branch === undefined) continue;
      branch.copy = undefined;
      branch.places = undefined;
    }
  }

  #try(number: number, target: Target, breadth: number): void {
    if (this.#request === undefined) return;
    try {
      const { copy, goal, way } = copyFor(this.#request, target, breadth);
      const branch: Branch = {
        client: undefined,
        copy,
        places: new Places(this.#core, way, goal, { isTooBig: () => isTooBig(copy), chance: this.#core.chance }),
        place: undefined,
        refusal: undefined,
        failure: 503,
        state: 'open',
      };
      this.#branches[number] = branch;
      this.#next(number, branch);
    } catch (fault) {
      // What is not the peer's mistake is one of the program whose plan this is: the other branches go on.
      const isRemote = fault instanceof RemoteFault;
      if (!isRemote) this.#core.events.emit({ type: 'fault', where: 'branch', error: fault });
      this.#drive((out) => failed(this.#fork, number, isRemote ? fault.status : 500, this.#core.now, out));
    }
  }

  /** Sends the branch's copy to its next place; when there is none left, the branch has failed. */
  #next(number: number, branch: Branch): void {
    branch.client = undefined;
    const found = branch.places?.next();
    if (!isPromiseLike(found)) return this.#send(number, branch, found);
    found.then(
      (place) => this.#core.resume(() => this.#send(number, branch, place)),
      (error: unknown) =>
        this.#core.resume(() => {
          this.#core.events.emit({ type: 'fault', where: 'name service', error });
          this.#send(number, branch, undefined);
        }),
    );
  }

  #send(number: number, branch: Branch, place: Place | undefined): void {
    if (branch.state === 'given up' || branch.copy === undefined) return;
    if (place === undefined) return this.#fail(number, branch);
    branch.place = place;
    const { protocol, host, port, connection, flow, identity } = place;
    const { transports, tokens } = this.#core;
    const transport = transports.forFlow(flow) ?? transports.toward(protocol, host, this.#server.route.transport);
    if (transport === undefined) return this.#next(number, branch);
    const destination: Destination = { transport, host, port, connection, identity };
    const name = tokens.branch(this.#options.loopHash);
    const request = addressed(
      this.#core,
      branch.copy,
      destination,
      name,
      this.#options.recordRoute === 'yes' ? this.#server.route : undefined,
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
  /** `undefined` while its next place is looked for. */
  client: ClientTransaction | undefined;
  copy: Request | undefined;
  /** Dropped with the copy. */
  places: Places | undefined;
  /** Where the copy went last. */
  place: Place | undefined;
  /** The 503 of the server before: it passes when no other server takes the request. */
  refusal: Response | undefined;
  /** The status that stands for the silence of the last server. */
  failure: number;
  state: 'open' | 'given up';
}

/** What a peer wrote wrongly is as if it were not there. */
function readOrNothing<T>(message: Response, def: HeaderDef<T>): T | undefined {
  try {
    return read(message, def);
  } catch {
    return undefined;
  }
}
