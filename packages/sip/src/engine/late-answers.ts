import { edit } from '../message/edit.ts';
import { via } from '../message/headers/index.ts';
import type { Response } from '../message/message.ts';
import { has } from '../message/read.ts';
import { withoutStrayFeedback } from '../overload/index.ts';
import type { OnResponse } from '../routing/plan.ts';
import type { ClientOwner, ClientTransaction } from './client-transaction.ts';
import type { Core } from './core.ts';
import type { FlowOut } from './places.ts';
import type { TransportFault } from './ports.ts';
import { type RouteMemo, withRouteForCaller } from './record-route.ts';
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

/** A response without our Via; `undefined` where none is left, so that it is for us alone (RFC 3261 §16.7 step 3). */
export function withoutOurVia(response: Response): Response | undefined {
  const passed = edit(response).dropTop(via).response(response.status, response.reason);
  return has(passed, via) ? passed : undefined;
}

/**
 * With our Record-Route as the caller needs it, and the offer of keep-alives (RFC 6223 §4.4): for a registration, or for a dialog
 * whose requests come this way.
 */
export function readyForCaller(
  core: Core,
  passed: Response,
  method: string,
  { flow, recordRoute, carried }: BackWay,
  memo: RouteMemo | undefined,
): Response {
  const isRecorded = recordRoute === 'yes';
  const mayBeKept = passed.status < 300 && (isRecorded || method === 'REGISTER');
  const kept = withKeep(withoutStrayFeedback(passed), mayBeKept ? core.keepAliveSeconds : undefined);
  return isRecorded ? withRouteForCaller(core, kept, flow, carried, memo) : kept;
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
    const passed = withoutOurVia(response);
    if (passed === undefined) return;
    let seen = readyForCaller(this.#core, passed, method, this.#way, undefined);
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
