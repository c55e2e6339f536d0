import { EXIT } from './exit.ts';

/** Why a command ends without having done its work: a sentence for people, with the cure where there is one. */
export class CommandFault extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = 'CommandFault';
  }
}

/**
 * Runs the work of a command. A fault that people can do something about is told in its sentence and gives `EXIT.usage`;
 * anything else is a bug and is thrown.
 */
export async function withSentences(
  command: string,
  io: { err(line: string): void },
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !TOLD.has(error.name)) throw error;
    io.err(`strowger ${command}: ${error.message}`);
    return EXIT.usage;
  }
}

/** By name, so that a command that needs no store does not load one. */
const TOLD: ReadonlySet<string> = new Set([
  'CertificateFault',
  'CommandFault',
  'ControlFault',
  'ListenFault',
  'StoreFault',
]);
