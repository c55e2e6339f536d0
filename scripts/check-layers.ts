import { dirname, join, normalize } from 'node:path/posix';
import { circlesOf, type ImportGraph } from './circles.ts';
import { isTest, textOf } from './files.ts';
import type { Finding } from './finding.ts';
import { importedPackage, type PackageRule, packageOf, rankOf, SIP_LAYERS, TESTKIT } from './layers.ts';
import { type Import, importsOf, lineAt } from './source.ts';
import type { Tree } from './tree.ts';

/** Checks who imports whom: packages, the layers of `sip`, roles, outside modules and circles of files. */
export function checkLayers(tree: Tree): readonly Finding[] {
  const findings: Finding[] = [];
  const graph = new Map<string, Map<string, 'code' | 'types'>>();
  for (const [path, source] of tree.sources) {
    const imports = importsOf(source);
    const targets = new Map<string, 'code' | 'types'>();
    for (const { specifier, typeOnly } of imports) {
      const target = targetOf(path, specifier);
      if (tree.sources.has(target) && targets.get(target) !== 'code') targets.set(target, typeOnly ? 'types' : 'code');
    }
    graph.set(path, targets);
    for (const item of imports) {
      const sentence = faultOf(tree, path, item);
      if (sentence !== undefined) findings.push({ path, line: lineAt(source.text, item.quoted.start), sentence });
    }
    const homeless = /^packages\/sip\/src\/(.+)$/.exec(path)?.[1];
    if (homeless !== undefined && !homeless.endsWith('.d.ts') && rankOf(homeless.split('/')[0] ?? '') < 0) {
      findings.push({ path, line: 0, sentence: `stands in no layer; the layers of sip are ${SIP_LAYERS.join(', ')}` });
    }
  }
  return [...findings, ...circleFindings(graph), ...checkReferences(tree)];
}

/** What is wrong with one import, if anything. */
function faultOf(tree: Tree, path: string, item: Import): string | undefined {
  const own = packageOf(path);
  if (item.specifier.startsWith('.')) return relativeFault(path, own, item.specifier);
  const named = importedPackage(item.specifier);
  if (named !== undefined) return own === undefined ? undefined : packageFault(path, own, named.rule, item);
  return own === undefined ? undefined : outsideFault(tree, path, own, item.specifier);
}

function relativeFault(path: string, own: PackageRule | undefined, specifier: string): string | undefined {
  const target = targetOf(path, specifier);
  const other = packageOf(target);
  if (other !== undefined && other !== own) {
    return mayLookInside(path) ? undefined : `imports ${other.npmName} by path; import it by its name`;
  }
  if (own !== undefined && other === undefined && !isTest(path))
    return `imports ${target}, which lies outside its package`;
  return isTest(path) ? undefined : layerFault(path, target);
}

/** The repository's own tools and judges may look at what is not exported; packages and examples are users. */
const mayLookInside = (path: string): boolean => /^(scripts|conformance|fuzz|bench)\//.test(path);

/** Inside `sip`: layers look inward, roles do not look at each other. Tests may look anywhere in their package. */
function layerFault(path: string, target: string): string | undefined {
  const [from, to] = [layerOf(path), layerOf(target)];
  if (from === undefined || to === undefined) return undefined;
  if (rankOf(to.layer) > rankOf(from.layer)) {
    return `${from.layer} may not import ${to.layer}, which stands to its right in scripts/layers.ts`;
  }
  if (from.layer === 'roles' && to.layer === 'roles' && from.role !== to.role) {
    return `the role ${from.role} may not import the role ${to.role}; roles meet in a server`;
  }
  return undefined;
}

function packageFault(path: string, own: PackageRule, other: PackageRule, item: Import): string | undefined {
  if (own === other) return isTest(path) ? undefined : `imports its own package by name; use a relative path`;
  if (other === TESTKIT)
    return isTest(path) ? undefined : `imports ${TESTKIT.npmName}, which is for tests and examples only`;
  if (own.uses.includes(other.folder)) return undefined;
  if (!own.usesTypesOf.includes(other.folder)) {
    return `${own.npmName} may not import ${other.npmName} (scripts/layers.ts)`;
  }
  return item.typeOnly ? undefined : `${own.npmName} may import types of ${other.npmName} only: write import type`;
}

function outsideFault(tree: Tree, path: string, own: PackageRule, specifier: string): string | undefined {
  if (isTest(path)) return undefined;
  if (specifier.startsWith('node:')) {
    return own.outside === 'dependencies and Node'
      ? undefined
      : `${own.npmName} may not import ${specifier}: it takes ports`;
  }
  if (own.outside === 'nothing') return `${own.npmName} imports nothing from outside, not ${specifier}`;
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const { dependencies = {}, optionalDependencies = {} } = manifestOf(tree.root, own);
  if (name in dependencies || name in optionalDependencies) return undefined;
  return `imports ${name}, which is no dependency in packages/${own.folder}/package.json`;
}

/** The compiler's project references of a package are its dependencies in the repository. */
function checkReferences(tree: Tree): readonly Finding[] {
  const findings: Finding[] = [];
  for (const path of tree.files.filter((file) => /^packages\/[^/]+\/tsconfig\.json$/.test(file))) {
    const own = packageOf(path);
    if (own === undefined) continue;
    const wanted = Object.keys(manifestOf(tree.root, own).dependencies ?? {}).flatMap((name) => {
      const other = importedPackage(name);
      return other === undefined ? [] : [`../${other.rule.folder}`];
    });
    const config: { references?: { path: string }[] } = JSON.parse(textOf(tree.root, path) ?? '{}');
    const listed = (config.references ?? []).map((reference) => reference.path);
    const missing = [
      ...wanted.filter((name) => !listed.includes(name)),
      ...listed.filter((name) => !wanted.includes(name)),
    ];
    if (missing.length > 0) {
      findings.push({
        path,
        line: 0,
        sentence: `references and dependencies in package.json differ: ${missing.join(', ')}`,
      });
    }
  }
  return findings;
}

/** A circle is a circle for the reader, also where it is made of types and gone at run time. */
const circleFindings = (graph: ImportGraph): readonly Finding[] =>
  circlesOf(graph).map(({ way, size, of }) => ({
    path: way[0] ?? '',
    line: 0,
    sentence: `imports itself in a circle of ${of}: ${way.join(' → ')}${size > way.length - 1 ? ` (${size} files hang together)` : ''}`,
  }));

const targetOf = (path: string, specifier: string): string => normalize(join(dirname(path), specifier));

function layerOf(path: string): { layer: string; role: string } | undefined {
  const match = /^packages\/sip\/src\/([^/]+)\/(?:([^/]+)\/)?/.exec(path);
  return match?.[1] === undefined ? undefined : { layer: match[1], role: match[2] ?? '' };
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function manifestOf(root: string, rule: PackageRule): Manifest {
  return JSON.parse(textOf(root, `packages/${rule.folder}/package.json`) ?? '{}');
}
