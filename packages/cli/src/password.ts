import type { Random } from '@strowger/sip/engine';
import { CommandFault } from './command-fault.ts';
import type { Io } from './io.ts';

/**
 * A password that can be read out and typed: five groups of two syllables, 60 random bits. That is enough against somebody
 * who recorded a registration and tries passwords on his own machine (RFC 7616 §5.9).
 */
export function createPassword(random: Random): string {
  const groups: string[] = [];
  let bits = 0;
  for (let i = 0; i < SYLLABLES; i += 1) {
    if (i % SYLLABLES_PER_DRAW === 0) bits = random.uint32();
    const syllable = `${CONSONANTS.charAt(bits & 15)}${VOWELS.charAt((bits >>> 4) & 3)}`;
    bits >>>= 6;
    if (i % 2 === 0) groups.push(syllable);
    else groups.push(`${groups.pop() ?? ''}${syllable}`);
  }
  return groups.join('-');
}

/** Where a password came from: one that nobody knows yet has to be shown. */
export interface NewPassword {
  readonly text: string;
  readonly origin: 'given' | 'made';
}

/**
 * The password for a user: with `stdin` the first line of standard input; on a terminal it is asked for twice, unseen;
 * otherwise, and for an empty answer, a random one. @throws CommandFault
 */
export async function newPassword(io: Io, from: 'stdin' | 'person', random: Random): Promise<NewPassword> {
  if (from === 'stdin') return { text: await passwordFromInput(io), origin: 'given' };
  const text = io.isTerminal.in && io.isTerminal.err ? await askTwice(io) : '';
  return text === '' ? { text: createPassword(random), origin: 'made' } : { text, origin: 'given' };
}

/** The first line of standard input. @throws CommandFault when it is empty */
export async function passwordFromInput(io: Io): Promise<string> {
  const [line = ''] = (await io.readInput()).split(/\r?\n/, 1);
  if (line === '') throw new CommandFault('standard input has no password in its first line.');
  return line;
}

async function askTwice(io: Io): Promise<string> {
  for (let i = 0; i < ATTEMPTS; i += 1) {
    const first = await io.readHidden('Password (empty: make one up): ');
    if (first === '') return '';
    if ((await io.readHidden('The same again: ')) === first) return first;
    io.err('The two are not the same.');
  }
  throw new CommandFault('the password was not given twice the same.');
}

/** Told apart by ear and by eye; sixteen and four, so that each syllable is six bits. */
const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aeio';
const SYLLABLES = 10;
const SYLLABLES_PER_DRAW = 5;
const ATTEMPTS = 3;
