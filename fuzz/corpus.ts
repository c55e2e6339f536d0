import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Inputs that were kept: seeds, and whatever once broke something, in a folder for each target. One character a byte. */
export function corpusOf(target: string): ReadonlyMap<string, string> {
  const folder = new URL(`./corpus/${target}/`, import.meta.url);
  return new Map(filesIn(folder).map((file) => [file, readFileSync(new URL(file, folder), 'latin1')]));
}

/** Keeps an input under a name that says what it was; returns its path. */
export function keep(target: string, name: string, input: string): string {
  const folder = new URL(`./corpus/${target}/`, import.meta.url);
  mkdirSync(folder, { recursive: true });
  const file = new URL(`${name}.txt`, folder);
  writeFileSync(file, input, 'latin1');
  return file.pathname;
}

/** The torture messages of both RFCs, one character a byte. */
export const tortureMessages: readonly string[] = ['rfc4475', 'rfc5118'].flatMap((rfc) => {
  const folder = new URL(`../conformance/${rfc}/messages/`, import.meta.url);
  return filesIn(folder)
    .filter((file) => file.endsWith('.dat'))
    .map((file) => readFileSync(new URL(file, folder), 'latin1'));
});

/** One character a byte to bytes. */
export const bytesOf = (binary: string): Uint8Array => new Uint8Array(Buffer.from(binary, 'latin1'));

function filesIn(folder: URL): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
