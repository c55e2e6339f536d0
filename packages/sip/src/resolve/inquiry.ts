import { isPromiseLike } from '../text/promise-like.ts';
import type { Answer, Question, RecordType, Resolver } from './records.ts';
import type { ResolvedTarget } from './target.ts';

/** Questions that must be answered before the search goes on: `Inquiry.ask` of all of them, then `next()`. */
export interface Ask {
  readonly type: 'ask';
  readonly questions: readonly Question[];
}

/** One line of the story of a search; `depth` is how far it is indented. */
export type TraceLine = { readonly depth: number } & (
  | { readonly type: 'answer'; readonly question: Question; readonly answer: Answer }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'target'; readonly target: ResolvedTarget }
);

export const INQUIRY_LIMITS = {
  /** Questions of one search: what a zone can make us ask. */
  questions: 40,
  /** Records that are looked at in one answer. */
  records: 32,
} as const;

/** What one search has learned from the name service. */
export class Inquiry {
  /** `undefined` when nobody wants the story. */
  readonly trace: TraceLine[] | undefined;
  readonly #known: { readonly [T in RecordType]: Map<string, Answer<T>> } = {
    NAPTR: new Map<string, Answer<'NAPTR'>>(),
    SRV: new Map<string, Answer<'SRV'>>(),
    A: new Map<string, Answer<'A'>>(),
    AAAA: new Map<string, Answer<'AAAA'>>(),
  };
  #asked = 0;

  constructor(trace?: TraceLine[]) {
    this.trace = trace;
  }

  /** Says which of these are still to be asked. Those beyond the limit are answered with a fault. */
  *need(questions: readonly Question[]): Generator<Ask, void, void> {
    const open = questions.filter(({ type, name }) => !this.#known[type].has(name));
    const room = INQUIRY_LIMITS.questions - this.#asked;
    for (const { type, name } of open.slice(room)) this.tell(type, name, TOO_MANY);
    const within = open.slice(0, room);
    this.#asked += within.length;
    if (within.length > 0) yield { type: 'ask', questions: within };
  }

  /** The answer to one question, which is asked where that has not happened yet. */
  *ask<T extends RecordType>(type: T, name: string, depth: number): Generator<Ask, Answer<T>, void> {
    yield* this.need([{ type, name }]);
    const answer = this.#known[type].get(name) ?? UNANSWERED;
    this.trace?.push({ depth, type: 'answer', question: { type, name }, answer });
    return answer;
  }

  note(depth: number, text: string): void {
    this.trace?.push({ depth, type: 'note', text });
  }

  tell<T extends RecordType>(type: T, name: string, answer: Answer<T>): void {
    const isLong = answer.type === 'records' && answer.records.length > INQUIRY_LIMITS.records;
    const told = isLong ? { ...answer, records: answer.records.slice(0, INQUIRY_LIMITS.records) } : answer;
    this.#known[type].set(name, told);
  }

  /** Asks the resolver; a promise when one of the answers is still to come. */
  fill(questions: readonly Question[], resolver: Resolver): undefined | Promise<void> {
    const waiting: Promise<void>[] = [];
    for (const { type, name } of questions) {
      const answer = resolver.ask(type, name);
      if (isPromiseLike(answer))
        waiting.push(
          answer.then(
            (value) => this.tell(type, name, value),
            (error: unknown) => this.tell(type, name, { type: 'fault', code: 'other', text: String(error) }),
          ),
        );
      else this.tell(type, name, answer);
    }
    return waiting.length === 0 ? undefined : Promise.all(waiting).then(() => undefined);
  }
}

/** Runs a search that only asks to its end: a value when every answer was at hand. */
export function runInquiry<R>(search: Generator<Ask, R, void>, inquiry: Inquiry, resolver: Resolver): R | Promise<R> {
  for (;;) {
    const step = search.next();
    if (step.done === true) return step.value;
    const waiting = inquiry.fill(step.value.questions, resolver);
    if (waiting !== undefined) return waiting.then(() => runInquiry(search, inquiry, resolver));
  }
}

const TOO_MANY = { type: 'fault', code: 'limit', text: `more than ${INQUIRY_LIMITS.questions} questions` } as const;
const UNANSWERED = { type: 'fault', code: 'other', text: 'nobody answered' } as const;
