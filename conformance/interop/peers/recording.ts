import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readWav, type Sound } from '../wav.ts';
import type { Child } from './child.ts';

/** What a program writes into a folder of what it hears, in one file whose name matches. */
export class Recording {
  readonly #folder: string;
  readonly #name: RegExp;
  readonly #child: Child;

  constructor(folder: string, name: RegExp, child: Child) {
    this.#folder = folder;
    this.#name = name;
    this.#child = child;
  }

  /** Waits until that many seconds have been heard in all. */
  async hears(seconds: number): Promise<void> {
    const enough = 44 + seconds * SAMPLES_PER_SECOND * 2;
    for (let waited = 0; this.#size() < enough; waited += POLL_MS) {
      if (waited > HEARS_MS) throw new Error(`not ${seconds} s were heard\n${this.#child.tail()}`);
      await pause(POLL_MS);
    }
  }

  /** What was heard in the one call that there was; to be asked for when the telephone is off. */
  get heard(): Sound {
    const path = this.#path();
    if (path === undefined) throw new Error('nothing was recorded');
    return readWav(path);
  }

  #size(): number {
    const path = this.#path();
    return path === undefined ? 0 : statSync(path).size;
  }

  #path(): string | undefined {
    const name = readdirSync(this.#folder).find((file) => this.#name.test(file));
    return name === undefined ? undefined : join(this.#folder, name);
  }
}

/** Of telephones with G.711. */
export const SAMPLES_PER_SECOND = 8000;
const HEARS_MS = 15_000;
const POLL_MS = 50;
