import { edit } from '../message/edit.ts';
import { recordRoute, via } from '../message/headers/index.ts';
import type { Response } from '../message/message.ts';
import { has } from '../message/read.ts';
import { withoutStrayFeedback } from '../overload/index.ts';
import type { OnResponse } from '../routing/plan.ts';
import type { ClientOwner, ClientTransaction } from './client-transaction.ts';
import type { Core } from './core.ts';
import type { FlowOut } from './places.ts';
import type { TransportFault } from './ports.ts';
import { type RouteMemo, routesForCaller } from './record-route.ts';
import { withKeep } from './response-route.ts';
import type { ServerTransaction } from './server-transaction.ts';

/** What a response on its way back is made ready by. */
export interface BackWay {
  /** Set where the request went to the flow of its target. */
  readonly flow: FlowOut | undefined;
  readonly recordRoute: 'yes' | 'no';
  /** How many Record-Routes the request came with. */
  readonly carried: number;
}

/**
 * A response as its caller needs it: without our Via, our Record-Route for the caller's side, and the offer of keep-alives
 * (RFC 6223 §4.4) for a registration, or for a dialog whose requests come this way. `undefined` where no Via is left, so that the
 * response is for us alone (RFC 3261 §16.7 step 3).
 */
export function readyForCaller(
  core: Core,
  response: Response,
  method: string,
  { flow, recordRoute: isWanted, carried }: BackWay,
  memo: RouteMemo | undefined,
): Response | undefined {
  const isRecorded = isWanted === 'yes';
  const copy = edit(response).dropTop(via);
  const routes = isRecorded ? routesForCaller(core, response, flow, carried, memo) : undefined;
  if (routes !== undefined) copy.set(recordRoute, ...routes);
  const passed = copy.response(response.status, response.reason);
  if (!has(passed, via)) return undefined;
  const mayBeKept = passed.status < 300 && (isRecorded || method === 'REGISTER');
  return withKeep(withoutStrayFeedback(passed), mayBeKept ? core.keepAliveSeconds : undefined);
}

/**
 * What is left of a call that was answered: its 2xx comes again until the caller's ACK gets through, and each goes on (RFC 6026 §7.2).
 * Nothing else is needed of what brought it there, and it may take half a minute.
 */
export class LateAnswers implements ClientOwner {
  readonly #core: Core;
  readonly #server: ServerTransaction;
  readonly #way: BackWay;
  readonly #watchers: readonly OnResponse[];

  constructor(core: Core, server: ServerTransaction, way: BackWay, watchers: readonly OnResponse[]) {
    this.#core = core;
    this.#server = server;
    this.#way = way;
    this.#watchers = watchers;
  }

  onResponse({ method }: ClientTransaction, response: Response): void {
    if (response.status < 200 || response.status > 299) return;
    let seen = readyForCaller(this.#core, response, method, this.#way, undefined);
    if (seen === undefined) return;
    for (const watcher of this.#watchers)
      try {
        seen = watcher(seen);
      } catch (error) {
        this.#core.events.emit({ type: 'fault', where: 'response watcher', error });
      }
    this.#server.respond(seen);
  }

  onFailure(transaction: ClientTransaction, _why: 'timeout' | 'transport', fault: TransportFault | undefined): void {
    if (fault !== undefined) this.#core.emitFault(fault, transaction.destination);
  }
}
