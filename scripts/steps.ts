import { styleText } from 'node:util';

/** How one step went. `lines` explain a failure, or say a word about a success. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly lines: readonly string[];
}

export interface Step {
  readonly name: string;
  run(onProgress: (text: string) => void): Outcome | Promise<Outcome>;
}

/** Where the list of steps appears: standard output, or what a test reads. */
export interface Screen {
  readonly isTTY: boolean;
  write(text: string): unknown;
}

/** An outcome of a step that counts as one test. */
export const outcomeOf = (problems: readonly string[], words: readonly string[] = []): Outcome =>
  problems.length === 0
    ? { passed: 1, failed: 0, skipped: 0, lines: words }
    : { passed: 0, failed: 1, skipped: 0, lines: problems };

/** Runs the steps in order, each to its end, and prints a line for each with its time. A step that throws has failed. */
export async function runSteps(steps: readonly Step[], out: Screen): Promise<Outcome> {
  let total = outcomeOf([]);
  total = { ...total, passed: 0 };
  for (const step of steps) {
    const began = performance.now();
    const outcome = await outcomeOfStep(step, (text) => show(out, `      ${step.name}  ${paint(out, 'dim', text)}`));
    clear(out);
    const seconds = `${((performance.now() - began) / 1000).toFixed(1)} s`;
    const count = outcome.passed + outcome.failed + outcome.skipped;
    const words = count > 1 ? `${count} tests, ${seconds}` : seconds;
    const mark = outcome.failed > 0 ? paint(out, 'red', 'FAIL') : paint(out, 'green', 'ok  ');
    out.write(`${mark}  ${step.name.padEnd(NAME_WIDTH)}${words.padStart(20)}\n`);
    for (const line of outcome.lines) out.write(`      ${line.replaceAll('\n', '\n      ')}\n`);
    total = {
      passed: total.passed + outcome.passed,
      failed: total.failed + outcome.failed,
      skipped: total.skipped + outcome.skipped,
      lines: [],
    };
  }
  return total;
}

/** The closing line that people and machines read. */
export const printTotal = ({ passed, failed, skipped }: Outcome): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

async function outcomeOfStep(step: Step, onProgress: (text: string) => void): Promise<Outcome> {
  onProgress('');
  try {
    return await step.run(onProgress);
  } catch (error) {
    return outcomeOf([error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  }
}

function show(out: Screen, text: string): void {
  if (out.isTTY) out.write(`\r\x1b[2K${text}`);
}

function clear(out: Screen): void {
  if (out.isTTY) out.write('\r\x1b[2K');
}

const paint = (out: Screen, style: 'red' | 'green' | 'dim', text: string): string =>
  out.isTTY ? styleText(style, text) : text;

const NAME_WIDTH = 34;
