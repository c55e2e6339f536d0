import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { excerptOf, runCommand } from './command.ts';
import { type EntryPoint, entryPointsOf, manifestsOf, outsideDependencies } from './entry-points.ts';
import { layOutPackages } from './pack.ts';
import { packedCommandProblems } from './packed-command.ts';

/**
 * Packs the packages, installs the tarballs in an empty folder without a network and uses what came: every entry point is
 * imported, every command says its version and its help, and is used. Returns sentences about what went wrong.
 */
export async function checkPack(root: string, onProgress: (text: string) => void): Promise<readonly string[]> {
  const manifests = manifestsOf(root);
  const empty = mkdtempSync(join(tmpdir(), 'strowger-install-'));
  try {
    const installed = await installPacked(root, empty, onProgress);
    if (installed.type === 'problems') return installed.problems;
    const { home } = installed;
    onProgress('running');
    const entries = [...manifests].flatMap(([folder, manifest]) => entryPointsOf(root, folder, manifest));
    const problems = [...(await importProblems(root, home, entries))];
    for (const manifest of manifests.values()) {
      for (const name of Object.keys(manifest.bin ?? {}))
        problems.push(...(await commandProblems(root, home, name, manifest.version)));
    }
    return problems;
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
}

/** Where the packages are installed, as a person has them, or what went wrong. */
export type Installed =
  | { readonly type: 'installed'; readonly home: string }
  | { readonly type: 'problems'; readonly problems: readonly string[] };

/** Packs the packages and installs the tarballs in a new folder inside `empty`, without a network. */
export async function installPacked(
  root: string,
  empty: string,
  onProgress: (text: string) => void,
): Promise<Installed> {
  const folders = layOutPackages(root, join(root, '.cache/pack'));
  const tarballs = join(empty, 'tarballs');
  mkdirSync(tarballs);
  onProgress('packing');
  const quiet = [
    '--offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    `--cache=${empty}/cache`,
  ];
  const packed = await runCommand(root, 'npm', ['pack', ...quiet, `--pack-destination=${tarballs}`, ...folders], empty);
  if (packed.code !== 0) return failed('npm pack failed', packed.text);
  onProgress('installing');
  const home = join(empty, 'home');
  mkdirSync(home);
  layInOutside(root, home, outsideDependencies(root, manifestsOf(root).values()));
  const files = readdirSync(tarballs).map((file) => join(tarballs, file));
  const installed = await runCommand(root, 'npm', ['install', ...quiet, ...files], home);
  if (installed.code !== 0) return failed('npm install of the tarballs failed', installed.text);
  return { type: 'installed', home };
}

const failed = (what: string, text: string): Installed => ({
  type: 'problems',
  problems: [what, ...excerptOf(text, 20)],
});

/** Packages of others are laid in as they stand here, each with the versions nested in it: npm keeps what is whole and fits. */
function layInOutside(root: string, home: string, names: readonly string[]): void {
  const dependencies: Record<string, string> = {};
  const bins = join(home, 'node_modules/.bin');
  mkdirSync(bins, { recursive: true });
  for (const name of names) {
    const folder = join(root, 'node_modules', name);
    cpSync(folder, join(home, 'node_modules', name), { recursive: true });
    const { version, bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    dependencies[name] = version;
    for (const [command, file] of Object.entries(typeof bin === 'string' ? { [name]: bin } : (bin ?? {})))
      symlinkSync(`../${name}/${file}`, join(bins, command));
  }
  writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
}

/** Each module is loaded from where it was installed. */
async function importProblems(root: string, home: string, entries: readonly EntryPoint[]): Promise<readonly string[]> {
  const script = `for (const name of ${JSON.stringify(entries.map(({ specifier }) => specifier))}) {
  try { await import(name); } catch (error) { console.log(name + ' cannot be imported: ' + error.message); process.exitCode = 1; }
}`;
  writeFileSync(join(home, 'import-all.js'), script);
  const { code, text } = await runCommand(root, process.execPath, ['import-all.js'], home);
  return code === 0 ? [] : excerptOf(text, 20);
}

async function commandProblems(root: string, home: string, name: string, version: string): Promise<readonly string[]> {
  const problems: string[] = [];
  const program = join(home, 'node_modules/.bin', name);
  const shown = await runCommand(root, program, ['--version'], home);
  if (shown.code !== 0 || !shown.text.includes(version)) {
    problems.push(
      `${name} --version should say ${version} and exit with 0; it exited with ${shown.code}`,
      ...excerptOf(shown.text, 10),
    );
  }
  const help = await runCommand(root, program, ['--help'], home);
  if (help.code !== 0 || !help.text.includes(name)) {
    problems.push(
      `${name} --help should tell how to use it and exit with 0; it exited with ${help.code}`,
      ...excerptOf(help.text, 10),
    );
  }
  return problems.length > 0 ? problems : await packedCommandProblems(home, program);
}
