import { textOf } from './files.ts';
import type { Page } from './page.ts';

/**
 * The lock file with an entry for every optional dependency. npm leaves out those of other platforms that its registry did not
 * offer when the file was made, and `npm ci` then refuses the file everywhere.
 */
export function lockFilePages(root: string): readonly Page[] {
  const text = textOf(root, 'package-lock.json');
  if (text === undefined) return [];
  const lock: Lock = JSON.parse(text);
  const missing = Object.values(lock.packages).flatMap((entry) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => lock.packages[`node_modules/${name}`] === undefined)
      .map(([name, version]) => [`node_modules/${name}`, entryOf(name, version, entry)] as const),
  );
  if (missing.length === 0) return [{ path: 'package-lock.json', text }];
  const entries = [...Object.entries(lock.packages), ...missing].sort(([a], [b]) => a.localeCompare(b, 'en'));
  const whole = { ...lock, packages: Object.fromEntries(entries) };
  return [{ path: 'package-lock.json', text: `${JSON.stringify(whole, undefined, 2)}\n` }];
}

interface Lock {
  readonly packages: Readonly<Record<string, Entry>>;
}

interface Entry {
  readonly dev?: true;
  readonly license?: string;
  readonly engines?: object;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Platform packages name their platform: `…-linux-x64-musl`. The entry says it, so that npm does not fetch it elsewhere. */
function entryOf(name: string, version: string, parent: Entry): object {
  const words = name.split('-');
  const among = (known: readonly string[]): readonly string[] => words.filter((word) => known.includes(word));
  const [os, cpu] = [among(SYSTEMS), among(PROCESSORS)];
  const libc = os.includes('linux') ? [words.includes('musl') ? 'musl' : 'glibc'] : [];
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(parent.dev && { dev: true }),
    ...(libc.length > 0 && { libc }),
    ...(parent.license !== undefined && { license: parent.license }),
    optional: true,
    ...(os.length > 0 && { os }),
    ...(parent.engines !== undefined && { engines: parent.engines }),
  };
}

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];
