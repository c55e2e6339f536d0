import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Job, Outcome, Writer } from './writer.ts';

/** What a thread is asked; it answers each with an `Outcome`. */
export type ThreadRequest = { readonly jobs: readonly Job[] } | 'checkpoint' | 'close';

export interface ThreadStart {
  readonly file: string;
  readonly busyMs: number;
  readonly port: MessagePort;
  /** How many answers were given; who waits for one is notified. */
  readonly answers: Int32Array;
}

/** A thread with a connection of its own, on which each commit and each checkpoint waits for the disk; the loop never does. */
export class WriterThread implements Writer {
  readonly #port: MessagePort;
  readonly #answers = new Int32Array(new SharedArrayBuffer(4));
  /** Who waits for the next answers, in the order of the requests. */
  readonly #waiting: ((outcome: Outcome) => void)[] = [];
  /** Why there will be no more answers. */
  #end: Error | undefined;

  constructor(file: string, busyMs: number) {
    const { port1, port2 } = new MessageChannel();
    const start: ThreadStart = { file, busyMs, port: port2, answers: this.#answers };
    const worker = new Worker(new URL(PROGRAM, import.meta.url), { workerData: start, transferList: [port2] });
    worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => this.#fail(new Error('the thread that writes has ended')));
    worker.unref();
    this.#port = port1;
    port1.on('message', (outcome: Outcome) => this.#answer(outcome));
    port1.unref();
  }

  commit(jobs: readonly Job[], done: (outcome: Outcome) => void): void {
    this.#ask({ jobs }, done);
  }

  /** Moves what is in the log into the file, as far as nobody reads it there. */
  checkpoint(done: (outcome: Outcome) => void): void {
    this.#ask('checkpoint', done);
  }

  /** Waits until everything is done that was asked for. */
  close(): void {
    this.#finish();
    this.#ask('close', () => {});
    this.#finish();
    this.#fail(new Error('the thread that writes was closed'));
    this.#port.close();
  }

  #ask(request: ThreadRequest, done: (outcome: Outcome) => void): void {
    if (this.#end !== undefined) return done(this.#end);
    this.#waiting.push(done);
    this.#port.ref(); // the process lives on for an answer, and only for that
    this.#port.postMessage(request);
  }

  /** With everything standing still. */
  #finish(): void {
    while (this.#waiting.length > 0) {
      const seen = Atomics.load(this.#answers, 0);
      const answer = receiveMessageOnPort(this.#port);
      if (answer !== undefined) this.#answer(answer.message);
      else if (Atomics.wait(this.#answers, 0, seen, CLOSE_MS) === 'timed-out')
        this.#fail(new Error('the thread that writes does not answer'));
    }
  }

  #answer(outcome: Outcome): void {
    const done = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#port.unref();
    done?.(outcome);
  }

  #fail(error: Error): void {
    this.#end ??= error;
    this.#port.unref();
    for (const done of this.#waiting.splice(0)) done(this.#end);
  }
}

/** Built files have another ending than sources. */
const PROGRAM = import.meta.url.endsWith('.ts') ? './writer-program.ts' : './writer-program.js';
const CLOSE_MS = 60_000;
