import { filesOf, textOf } from './files.ts';
import { importedPackage, PACKAGES, rankOf, TESTKIT } from './layers.ts';

/** What a manifest in `packages/` says, as far as the tools read it. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** One module that other people may import. */
export interface EntryPoint {
  /** What they write, such as `@strowger/sip/message`. */
  readonly specifier: string;
  /** The source, from the root of the repository. */
  readonly source: string;
}

/** The folders of `packages/` that are published, in the order of the layers' list, with their manifests. */
export function manifestsOf(root: string): ReadonlyMap<string, Manifest> {
  const found = new Map<string, Manifest>();
  for (const { folder } of [...PACKAGES, TESTKIT]) {
    const text = textOf(root, `packages/${folder}/package.json`);
    if (text === undefined) continue;
    const manifest: Manifest = JSON.parse(text);
    if (manifest.private !== true) found.set(folder, manifest);
  }
  return found;
}

/** Every module that the manifest exports and that is there; `./*` stands for each folder with an index. */
export function entryPointsOf(root: string, folder: string, manifest: Manifest): readonly EntryPoint[] {
  const inside = `packages/${folder}/`;
  const files = filesOf(root).filter((path) => path.startsWith(inside));
  const found: EntryPoint[] = [];
  for (const [key, target] of Object.entries(manifest.exports ?? {})) {
    const [before = '', behind = ''] = target.replace('./', inside).split('*');
    for (const source of files) {
      if (!target.includes('*')) {
        if (source === before) found.push({ specifier: manifest.name + key.slice(1), source });
      } else if (
        source.startsWith(before) &&
        source.endsWith(behind) &&
        source.length > before.length + behind.length
      ) {
        const name = source.slice(before.length, source.length - behind.length);
        found.push({ specifier: manifest.name + key.slice(1).replace('*', name), source });
      }
    }
  }
  const layer = ({ source }: EntryPoint): number => rankOf(source.split('/')[3] ?? '');
  return found.sort((a, b) => layer(a) - layer(b));
}

/** The packages of other people that these need at run time, with what those need in turn. */
export function outsideDependencies(root: string, manifests: Iterable<Manifest>): readonly string[] {
  const found = new Set<string>();
  const visit = (manifest: Manifest): void => {
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      if (importedPackage(name) !== undefined || found.has(name)) continue;
      found.add(name);
      visit(JSON.parse(textOf(root, `node_modules/${name}/package.json`) ?? '{}'));
    }
  };
  for (const manifest of manifests) visit(manifest);
  return [...found].sort();
}
