import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';

/**
 * Writes the command and everything that it runs into `into`, as few modules: a part of its own for what is loaded later. A start is
 * mostly the loading of modules, one by one (decision 20). Names are kept and lines are not; the same sources give the same bytes, so
 * that a source map can be made afterwards. Beside them stand the licences of the packages that are in it.
 *
 * Functions are not given their names again where two modules use the same one (`keepNames`): that costs a call for every arrow that
 * is made, also where each message makes one.
 */
export function bundleCommand(root: string, into: string): void {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: PROGRAMS,
    outdir: into,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'], // Of what comes in both formats the one of which unused parts can be left out.
    charset: 'ascii', // One character outside Latin-1 doubles what V8 keeps of a source.
    minifyWhitespace: true,
    legalComments: 'none',
    external: [...NATIVE_PACKAGES],
    chunkNames: 'part-[hash]',
    banner: { js: REQUIRE },
    logLevel: 'silent',
    metafile: true,
  });
  writeFileSync(join(into, 'LICENSES.txt'), licencesOf(root, metafile));
}

/** What each package in the bundle says about its use, in full, as all of them ask. */
function licencesOf(root: string, { inputs }: Metafile): string {
  const folders = new Set<string>();
  for (const path of Object.keys(inputs)) {
    const folder = PACKAGE_FOLDER.exec(path)?.[0];
    if (folder !== undefined) folders.add(isAbsolute(folder) ? folder : join(root, folder));
  }
  return [...folders].sort().map(licenceOf).join('\n');
}

function licenceOf(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((path) => /^(?:licen[cs]e|copying)/i.test(path));
  if (file === undefined) throw new Error(`${name} has no licence to be published with`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}

/** What no bundle can hold: it stays a package, which the manifest of the command then names. */
export const NATIVE_PACKAGES: readonly string[] = ['koffi'];

/** The command, and the program of the thread that writes, which is loaded by its address beside whatever asks for it. */
const PROGRAMS = {
  main: 'packages/cli/src/main.ts',
  'writer-program': 'packages/node/src/stores/sqlite/writer-program.ts',
};

/** For the packages in the older format that ask for modules of Node. */
const REQUIRE = `import{createRequire as createRequireHere}from'node:module';const require=createRequireHere(import.meta.url);`;
const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;
