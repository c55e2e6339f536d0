/**
 * Who may import whom: the one list that the checks and the picture in ARCHITECTURE.md are made from. Innermost first; a
 * layer may import itself and what stands before it.
 */

/** The folders of `packages/sip/src`. Roles are told apart: none imports another, they meet in a server. */
export const SIP_LAYERS: readonly string[] = [
  'text',
  'uri',
  'message',
  'sdp',
  'auth',
  'transaction',
  'dialog',
  'routing',
  'overload',
  'roles',
  'resolve',
  'engine',
];

export interface PackageRule {
  /** The folder under `packages/` (the console lives under `apps/`). */
  readonly folder: string;
  readonly npmName: string;
  /** The packages it may import, beside itself. */
  readonly uses: readonly string[];
  /** The packages it may import types from: the ports that they declare. */
  readonly usesTypesOf: readonly string[];
  /** Pure: no clock, no chance, no input or output. Deterministic: no clock and no chance, save in its suites for real things. */
  readonly nature: 'pure' | 'deterministic' | 'any';
  /** What it may import from outside the repository: nothing, what its manifest lists, or that and Node's own modules. */
  readonly outside: 'nothing' | 'dependencies' | 'dependencies and Node';
  readonly why: string;
}

export const PACKAGES: readonly PackageRule[] = [
  {
    folder: 'sip',
    npmName: '@strowger/sip',
    uses: [],
    usesTypesOf: [],
    nature: 'pure',
    outside: 'nothing',
    why: 'the protocol as pure functions',
  },
  {
    folder: 'media',
    npmName: '@strowger/media',
    uses: [],
    usesTypesOf: [],
    nature: 'pure',
    outside: 'nothing',
    why: 'RTP, STUN, ICE and codecs as pure functions',
  },
  {
    folder: 'phone',
    npmName: '@strowger/phone',
    uses: ['sip', 'media'],
    usesTypesOf: [],
    nature: 'any',
    outside: 'dependencies',
    why: 'calls and accounts, for Node and browsers',
  },
  {
    folder: 'server',
    npmName: '@strowger/server',
    uses: ['sip', 'media', 'phone'],
    usesTypesOf: [],
    nature: 'any',
    outside: 'dependencies',
    why: 'composed roles and configuration; files and HTTP come by ports',
  },
  {
    folder: 'node',
    npmName: '@strowger/node',
    uses: ['sip', 'media'],
    usesTypesOf: ['phone', 'server'],
    nature: 'any',
    outside: 'dependencies and Node',
    why: 'sockets, DNS, clock, hashing and stores for Node',
  },
  {
    folder: 'web',
    npmName: '@strowger/web',
    uses: ['sip', 'media'],
    usesTypesOf: ['phone'],
    nature: 'any',
    outside: 'dependencies',
    why: 'the same ports for browsers',
  },
  {
    folder: 'cli',
    npmName: 'strowger',
    uses: ['sip', 'media', 'phone', 'server', 'node'],
    usesTypesOf: [],
    nature: 'any',
    outside: 'dependencies and Node',
    why: 'the command: joins the server with Node',
  },
];

/** Stands beside the list: tests, examples and benchmarks import it, nothing that is shipped does. */
export const TESTKIT: PackageRule = {
  folder: 'testkit',
  npmName: '@strowger/testkit',
  uses: ['sip', 'media', 'phone', 'server'],
  usesTypesOf: [],
  nature: 'deterministic',
  outside: 'dependencies and Node',
  why: 'virtual network and clock, scripted phones, compliance suites',
};

/** The rule of the package that a path of the repository belongs to. */
export function packageOf(path: string): PackageRule | undefined {
  const folder = /^packages\/([^/]+)\//.exec(path)?.[1];
  return ALL.find((rule) => rule.folder === folder);
}

/** The rule of the package that an import names, with the folder behind it (`@strowger/sip/message` is `sip`, `message`). */
export function importedPackage(specifier: string): { rule: PackageRule; inside: string } | undefined {
  const rule = ALL.find(({ npmName }) => specifier === npmName || specifier.startsWith(`${npmName}/`));
  return rule === undefined ? undefined : { rule, inside: specifier.slice(rule.npmName.length + 1) };
}

/** Where a layer of `sip` stands in the list; -1 for a folder that it does not hold. */
export const rankOf = (layer: string): number => SIP_LAYERS.indexOf(layer);

/** The picture for ARCHITECTURE.md, of the packages that are there. */
export function layersPicture(folders: readonly string[]): string {
  const there = ALL.filter(({ folder }) => folders.includes(folder));
  const width = Math.max(0, ...there.map(({ npmName }) => npmName.length));
  const namesOf = (list: readonly string[]): string => list.filter((folder) => folders.includes(folder)).join(', ');
  const lines = there.map(({ npmName, uses, usesTypesOf, why }) => {
    const code = namesOf(uses);
    const types = namesOf(usesTypesOf);
    const imports = [...(code === '' ? [] : [code]), ...(types === '' ? [] : [`types of ${types}`])].join(', ');
    return `${npmName.padEnd(width)}  ${why}\n${' '.repeat(width)}  imports ${imports === '' ? 'nothing' : imports}`;
  });
  const inside = `inside @strowger/sip, each may import what stands to its left:\n${SIP_LAYERS.join(' < ')}`;
  return `\`\`\`text\n${lines.join('\n')}\n\n${inside}\n\`\`\``;
}

const ALL: readonly PackageRule[] = [...PACKAGES, TESTKIT];
