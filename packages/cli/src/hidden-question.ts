import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import { CommandFault } from './command-fault.ts';

/** Asks a person at a terminal and shows nothing of the answer. @throws CommandFault (rejects) when the person breaks off */
export function askHidden(prompt: string, input: Readable, show: (text: string) => void): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  show(prompt);
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('SIGINT', () => lines.close());
    // Also control-D, and the end of the input.
    lines.once('close', () => {
      show('\n');
      reject(new CommandFault('no password was given.'));
    });
  });
}
