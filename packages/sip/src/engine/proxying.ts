import type { Request, Response } from '../message/message.ts';
import { type Importance, importanceOf } from '../overload/importance.ts';
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
  watchersOf,
} from '../routing/fork.ts';
import type { AfterFailure, Failure, ForwardOptions, Instead, Plan, Reply, Target } from '../routing/index.ts';
import { RemoteFault } from '../text/faults.ts';
import { isPromiseLike } from '../text/promise-like.ts';
import type { Instant } from '../text/time.ts';
import { Branch, type BranchOwner } from './branch.ts';
import type { Core } from './core.ts';
import { copyFor, isTooBig } from './forward.ts';
import { LateAnswers } from './late-answers.ts';
import { ENGINE_LIMITS } from './limits.ts';
import { Places } from './places.ts';
import { recordRoutesIn } from './record-route.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { ServerOwner } from './slot.ts';
import type { Timed } from './wheel.ts';

export interface ProxyingOptions {
  readonly forward: ForwardOptions;
  readonly breadth: number;
  readonly loopHash: string;
  /** Does what a failure handler decided instead of a plan. */
  readonly decide: (server: ServerTransaction, decision: Reply) => void;
}

/** One request on its way through a stateful proxy: a server transaction, a fork, and its branches. */
export class Proxying implements Timed, ServerOwner, BranchOwner {
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
  readonly #branches: (Branch | undefined)[] = [];

  constructor(core: Core, server: ServerTransaction, request: Request, options: ProxyingOptions) {
    this.#core = core;
    this.#server = server;
    this.#request = request;
    this.#options = options;
    this.#carried = recordRoutesIn(request);
    this.#fork = createFork({
      method: request.method,
      timerCMs: options.forward.timerCMs,
      patienceMs: 64 * core.timing.t1,
      thinkMs: ENGINE_LIMITS.decisionMs,
      recurse: options.forward.recurse,
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
    for (const branch of this.#branches) branch?.stopLooking();
    if (this.#fork.ended === 'yes') this.#core.wheel.remove(this);
  }

  onDue(now: Instant): void {
    this.#drive((out) => expireFork(this.#fork, now, out));
  }

  /** RFC 3263 §4.3: the next server is only asked while somebody waits for the answer and nobody asked to stop. */
  isWanted(branch: number): boolean {
    const state = this.#fork.leaves[branch]?.state;
    return (state === 'trying' || state === 'proceeding') && this.#fork.state === 'open' && !this.#server.isAnswered;
  }

  onAnswer(branch: number, response: Response): void {
    this.#drive((out) => received(this.#fork, branch, response, this.#core.now, out));
  }

  onFailed(branch: number, status: number): void {
    this.#drive((out) => failed(this.#fork, branch, status, this.#core.now, out));
  }

  get importance(): Importance {
    const request = this.#server.request ?? this.#request;
    return request === undefined ? 'first' : importanceOf(request);
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
        return this.#branches[output.branch]?.abandon();
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
    this.#server.owner = undefined;
    for (const [number, branch] of this.#branches.entries())
      branch?.release((way) => new LateAnswers(this.#core, this.#server, way, watchersOf(this.#fork, number)));
  }

  #try(number: number, target: Target, breadth: number): void {
    if (this.#request === undefined) return;
    try {
      const { copy, goal, way } = copyFor(this.#request, target, breadth);
      const branch = new Branch(this.#core, this, number, {
        copy,
        places: new Places(this.#core, way, goal, { isTooBig: () => isTooBig(copy), chance: this.#core.chance }),
        cameIn: this.#server.route,
        recordRoute: this.#options.forward.recordRoute,
        loopHash: this.#options.loopHash,
        carried: this.#carried,
      });
      this.#branches[number] = branch;
      branch.next();
    } catch (fault) {
      // What is not the peer's mistake is one of the program whose plan this is: the other branches go on.
      const isRemote = fault instanceof RemoteFault;
      if (!isRemote) this.#core.events.emit({ type: 'fault', where: 'branch', error: fault });
      this.onFailed(number, isRemote ? fault.status : 500);
    }
  }

  #cancelBranch(number: number): void {
    if (this.#branches[number]?.cancel() !== true) this.onFailed(number, 487);
  }

  /** RFC 4320 §4.2: nobody is told that a request other than INVITE timed out; its client knows by itself. */
  #reply(status: number): void {
    const request = this.#server.request;
    if (request === undefined) return;
    if (status === 408 && request.method !== 'INVITE') return this.#server.discard();
    const answer = status === 500 && this.#isHeldBack ? 503 : status;
    this.#options.decide(this.#server, { type: 'reply', status: answer, headers: [] });
  }

  /** RFC 7339 §5.10: then the answer is 503; one of a branch alone would not be (RFC 3261 §16.7 step 6). */
  get #isHeldBack(): boolean {
    return this.#branches.length > 0 && this.#branches.every((branch) => branch?.wasHeldBack === true);
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
