import { line, type Request, type Response } from '@strowger/sip/message';
import { UsageFault } from '@strowger/sip/text';
import { calleeDialog, callerDialog, PhoneDialog, type RequestOptions } from './phone-dialog.ts';
import { type Draft, type Outcome, type Sender, Sending } from './phone-requests.ts';
import type { Answering, ServerSide } from './server-side.ts';
import type { Place } from './traffic.ts';

/** What calls need of the phone that they are at. */
export interface CallSite {
  readonly sender: Sender;
  readonly contact: string;
  onDialog(dialog: PhoneDialog): void;
}

export interface CallOptions extends RequestOptions {
  readonly routes?: readonly string[];
  /** Where the INVITE is sent; the server of the phone when missing. */
  readonly to?: Place;
  /** What is done with the 2xx of a second phone that answered: hang up, or talk to both. */
  readonly secondAnswer?: 'hang up' | 'keep';
}

/** A call that a phone makes. */
export class OutgoingCall {
  /** Every provisional response, in order. */
  readonly progress: Response[] = [];
  /** One for each phone that has answered. */
  readonly dialogs: PhoneDialog[] = [];
  /** The final outcome; of several 2xx the first. */
  readonly answered: Promise<Outcome>;
  #outcome: Outcome | undefined;
  readonly #site: CallSite;
  readonly #options: CallOptions;
  readonly #sending: Sending;
  #tell: (outcome: Outcome) => void = () => {};
  #waiting: { readonly status: number; readonly resolve: () => void }[] = [];

  constructor(site: CallSite, draft: Draft, to: Place, options: CallOptions) {
    this.#site = site;
    this.#options = options;
    this.answered = new Promise((resolve) => {
      this.#tell = resolve;
    });
    let { seq } = draft;
    this.#sending = new Sending(site.sender, draft, to, {
      nextSeq: () => {
        seq += 1;
        return seq;
      },
      onProvisional: (response) => this.#onProvisional(response),
      onFinal: (outcome, request) => this.#onFinal(outcome, request),
    });
  }

  /** Undefined while nobody has answered finally. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  /** The first dialog. @throws UsageFault while nobody has accepted */
  get dialog(): PhoneDialog {
    const [dialog] = this.dialogs;
    if (dialog === undefined) throw new UsageFault('nobody has accepted this call');
    return dialog;
  }

  /** Gives up. Whoever accepts all the same is hung up on (RFC 3261 §9.1). */
  cancel(): void {
    this.#sending.cancel();
  }

  /** Resolves when a provisional response of this status has come. */
  heard(status: number): Promise<void> {
    if (this.progress.some((response) => response.status === status)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ status, resolve }));
  }

  #onProvisional(response: Response): void {
    this.progress.push(response);
    for (const { status, resolve } of this.#waiting) if (status === response.status) resolve();
  }

  #onFinal(outcome: Outcome, request: Request): void {
    if (outcome.response !== undefined && outcome.status < 300) this.#onAccepted(request, outcome.response);
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    this.#tell(outcome);
  }

  #onAccepted(invite: Request, response: Response): void {
    const start = callerDialog(invite, response);
    const known = this.dialogs.find((dialog) => dialog.start.remoteTag === start.remoteTag);
    const dialog = known ?? new PhoneDialog(this.#site.sender, this.#site.contact, start);
    dialog.acknowledge(invite, response, this.#options);
    if (known !== undefined) return;
    this.dialogs.push(dialog);
    this.#site.onDialog(dialog);
    const isUnwanted = this.dialogs.length > 1 && this.#options.secondAnswer !== 'keep';
    if (this.#sending.isCancelled || isUnwanted) void dialog.bye();
  }
}

/** A call that a phone gets. */
export class IncomingCall {
  readonly asked: ServerSide;
  /** What is done on a CANCEL; 487 when nobody says otherwise. */
  onCancel: () => void = () => this.reject(487);
  readonly #site: CallSite;
  #isCancelled = false;
  #dialog: PhoneDialog | undefined;

  constructor(site: CallSite, asked: ServerSide) {
    this.#site = site;
    this.asked = asked;
  }

  get request(): Request {
    return this.asked.request;
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** @throws UsageFault while the call is not accepted */
  get dialog(): PhoneDialog {
    if (this.#dialog === undefined) throw new UsageFault('this call was not accepted');
    return this.#dialog;
  }

  /** Says something provisional. */
  ring(status = 180, answering: Answering = {}): void {
    if (!this.asked.isAnswered) this.asked.respond(status, { headers: [this.#contact()], ...answering });
  }

  /** Accepts, unless there is a final answer already. */
  accept(body?: Uint8Array): void {
    if (this.asked.isAnswered) return;
    const start = calleeDialog(this.asked.request, this.asked.toTag);
    const dialog = new PhoneDialog(this.#site.sender, this.#site.contact, start);
    this.#dialog = dialog;
    this.#site.onDialog(dialog);
    dialog.accept(this.asked, body);
  }

  /** Refuses, unless there is a final answer already. */
  reject(status: number, answering: Answering = {}): void {
    if (!this.asked.isAnswered) this.asked.respond(status, answering);
  }

  takeCancel(): void {
    this.#isCancelled = true;
    this.onCancel();
  }

  #contact(): ReturnType<typeof line> {
    return line('Contact', `<${this.#site.contact}>`);
  }
}
