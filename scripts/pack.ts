import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleCommand, NATIVE_PACKAGES } from './bundle.ts';
import { type Manifest, manifestsOf } from './entry-points.ts';
import { filesOf } from './files.ts';
import { importsOf, readSource } from './source.ts';

/**
 * Lays every package out as it is published, under `into`: plain JavaScript and declarations in `dist` (from .cache/build,
 * so `tsc -b` comes first), the files of `bin`, the licence, and a manifest that names them. A package with a command has a bundle in
 * the place of its JavaScript. Returns the folders.
 */
export function layOutPackages(root: string, into: string): readonly string[] {
  rmSync(into, { recursive: true, force: true });
  const files = filesOf(root);
  const manifests = manifestsOf(root);
  const native = nativeVersions(manifests.values());
  return [...manifests].map(([folder, manifest]) => {
    const target = join(into, folder);
    const inside = files.filter((path) => path.startsWith(`packages/${folder}/`) && !/\.(test|sim)\.ts$/.test(path));
    const isBundled = manifest.bin !== undefined;
    const code = isBundled ? 'declarations' : 'modules';
    for (const path of inside) layOutFile(root, path, target, path.slice(`packages/${folder}/`.length), code);
    if (isBundled) bundleCommand(root, join(target, 'dist'));
    cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
    const published = { ...publishedManifest(manifest), ...(isBundled && { optionalDependencies: native }) };
    writeFileSync(join(target, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);
    return target;
  });
}

/**
 * The manifest that is published: built files in the place of sources, nothing that only the repository needs. The Node that
 * it wants is named here alone: the repository brings its own, whatever the machine has.
 */
export function publishedManifest(manifest: Manifest): object {
  const exports = Object.entries(manifest.exports ?? {}).map(([key, source]) => {
    const built = source.replace(/^\.\/src\//, './dist/');
    return [
      key,
      built.endsWith('.ts')
        ? { types: built.replace(/\.ts$/, '.d.ts'), default: built.replace(/\.ts$/, '.js') }
        : built,
    ];
  });
  return {
    ...manifest,
    engines: { node: '>=24' },
    exports: Object.fromEntries(exports),
    files: ['dist', 'bin', '*.schema.json'],
  };
}

/** What a bundle does not hold, with the versions that the packages in it ask for. */
function nativeVersions(manifests: Iterable<Manifest>): Readonly<Record<string, string>> {
  const asked = [...manifests].flatMap(({ optionalDependencies }) => Object.entries(optionalDependencies ?? {}));
  return Object.fromEntries(asked.filter(([name]) => NATIVE_PACKAGES.includes(name)));
}

/** One file: sources become what the compiler made of them, data beside them is copied, tests and settings stay at home. */
function layOutFile(
  root: string,
  path: string,
  target: string,
  inside: string,
  code: 'modules' | 'declarations',
): void {
  if (inside.startsWith('src/') && inside.endsWith('.d.ts')) return;
  if (inside.startsWith('src/') && inside.endsWith('.ts')) {
    const built = join(root, '.cache/build', path.replace(/\.ts$/, ''));
    const stem = join(target, inside.replace(/^src\//, 'dist/').replace(/\.ts$/, ''));
    mkdirSync(dirname(stem), { recursive: true });
    if (code === 'modules') cpSync(`${built}.js`, `${stem}.js`);
    writeFileSync(`${stem}.d.ts`, withBuiltImports(readFileSync(`${built}.d.ts`, 'utf8')));
  } else if (/^(src|bin)\//.test(inside) || inside === 'README.md' || inside.endsWith('.schema.json')) {
    const copy = join(target, inside.replace(/^src\//, 'dist/'));
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(join(root, path), copy);
  }
}

/** The compiler rewrites `./a.ts` in JavaScript and leaves it in declarations; people's tools want `./a.js` in both. */
export function withBuiltImports(text: string): string {
  let out = '';
  let at = 0;
  for (const { specifier, quoted } of importsOf(readSource(text))) {
    if (!specifier.startsWith('.')) continue;
    out += `${text.slice(at, quoted.start)}'${specifier.replace(/\.ts$/, '.js')}'`;
    at = quoted.end;
  }
  return out + text.slice(at);
}

if (import.meta.main) {
  for (const folder of layOutPackages(process.cwd(), join(process.cwd(), '.cache/pack'))) console.log(folder);
}
