import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** CPU and memory of running programs, from /proc. */

/** CPU milliseconds that a process and its living descendants have used so far. */
export function cpuMsOf(pid: number): number {
  let ticks = 0;
  for (const one of treeOf(pid)) {
    const fields = textOf(`/proc/${one}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ');
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  }
  return ticks * 10; // USER_HZ is 100 on every Linux that Node runs on
}

/** Proportional memory of a process and its descendants, in bytes: shared pages are counted once in all. */
export function memoryOf(pid: number): number {
  let kilobytes = 0;
  for (const one of treeOf(pid))
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(textOf(`/proc/${one}/smaps_rollup`))?.[1] ?? 0);
  return kilobytes * 1024;
}

/** Starts a program pinned to a processor where `cpu` says so. */
export function startPinned(
  cpu: number | undefined,
  command: string,
  args: readonly string[],
  cwd?: string,
): ChildProcess {
  const pinned = cpu === undefined ? [command, ...args] : ['taskset', '-c', String(cpu), command, ...args];
  const [first = command, ...rest] = pinned;
  return spawn(first, rest, { stdio: ['ignore', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) });
}

/** Resolves when a line of the program's output matches; rejects with what it said when it ends before. */
export function lineFrom(child: ChildProcess, pattern: RegExp, seconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(
      () => reject(new Error(`no line like ${pattern} within ${seconds} s; it said:\n${said}`)),
      seconds * 1000,
    );
    const take = (chunk: Buffer): void => {
      said += chunk.toString();
      const line = said.split('\n').find((one) => pattern.test(one));
      if (line === undefined) return;
      clearTimeout(timer);
      resolve(line);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`it ended with ${code} and said:\n${said}`));
    });
  });
}

/** Ends a program and waits until it is gone. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 8000);
  await gone;
  clearTimeout(timer);
}

function treeOf(pid: number): number[] {
  const children = textOf(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(treeOf)];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // the process has ended meanwhile
  }
}
