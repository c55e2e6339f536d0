import type * as z from 'zod';
import type { ConfigFault } from './fault.ts';
import { describeFound, isSecret } from './found.ts';
import { keysAt, keysOf } from './json-schema.ts';
import { nearest } from './nearest.ts';
import { type Config, ConfigSchema } from './schema.ts';
import { type Position, parseSource, type Source } from './source.ts';

type Path = readonly (string | number)[];

/** A value that takes the place of what the file says, such as a flag of the command line. */
export interface Override {
  /** The key, at most two deep: `['listen']`, `['log', 'level']`. */
  readonly path: readonly [string] | readonly [string, string];
  /** As it would stand in the file. */
  readonly value: unknown;
  /** Where it comes from, in the words of faults: `--listen`. */
  readonly origin: string;
}

export type Loaded =
  | {
      readonly type: 'config';
      readonly config: Config;
      /** The file as it was named. A relative `data` is relative to its folder. */
      readonly file: string;
      /** Who set a key: the origin of an override, the file, or undefined for the default. */
      originOf(path: Path): string | undefined;
    }
  | { readonly type: 'faults'; readonly faults: readonly ConfigFault[] };

/** Reads the text of a configuration file. Everything that is wrong is in `faults`, in the order of the text. */
export function loadConfig(text: string, file: string, overrides: readonly Override[] = []): Loaded {
  const source = parseSource(text, file);
  if ('faults' in source) return { type: 'faults', faults: source.faults };
  const value = overridden(source.value, overrides);
  const parsed = ConfigSchema.safeParse(value);
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap((issue) => faultsOf(issue, { file, source, value, overrides }));
    return { type: 'faults', faults: faults.sort((a, b) => a.line - b.line || a.column - b.column) };
  }
  return {
    type: 'config',
    config: parsed.data,
    file,
    originOf: (path) => overrideAt(overrides, path)?.origin ?? (source.has(path) ? file : undefined),
  };
}

interface Context {
  readonly file: string;
  readonly source: Source;
  readonly value: unknown;
  readonly overrides: readonly Override[];
}

function faultsOf(issue: z.core.$ZodIssue, context: Context): ConfigFault[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, MOST_UNKNOWN_KEYS).map((key) => unknownKey([...path, key], context));
  const value = valueAt(context.value, path);
  const { found, hint }: Record<string, unknown> = (issue.code === 'custom' ? issue.params : undefined) ?? {};
  return [
    {
      ...placeOf(path, context, context.source.valueAt(path)),
      path,
      found: typeof found === 'string' ? found : describeFound(path, value),
      expected: issue.message,
      hint: typeof hint === 'string' ? hint : hintFor(path, value, issue),
    },
  ];
}

function unknownKey(path: Path, context: Context): ConfigFault {
  const above = path.slice(0, -1);
  const key = String(path.at(-1));
  const value = valueAt(context.value, path);
  const candidates = keysAt(above);
  const meant = nearest(key, candidates);
  // `{ name: alice, secret }` makes a key of a password that lost its `password:`.
  const isShown = meant !== undefined || value !== null || !isSecret(above);
  const name = isShown ? `the unknown key ${key}` : 'a word without a value (not shown)';
  // Text under a key that nothing resembles may be anything: `alice: secret`.
  const what = meant === undefined && typeof value === 'string' ? 'text (not shown)' : describeFound(path, value);
  return {
    ...placeOf(path, context, context.source.keyAt(path)),
    path: isShown ? path : above,
    found: isShown ? `${name} with ${what}` : name,
    expected: candidates.length === 1 ? `only ${candidates[0]}` : `one of ${candidates.join(', ')}`,
    hint: !isShown
      ? 'a value needs its key before it'
      : meant === undefined
        ? elsewhere(key)
        : `did you mean ${meant}?`,
  };
}

/** `minExpires` at the top belongs under `registrar`. */
function elsewhere(key: string): string | undefined {
  for (const [path] of keysOf()) {
    const dot = path.lastIndexOf('.');
    if (path.slice(dot + 1) === key && !path.includes('[')) {
      return dot < 0 ? `${key} stands at the outermost level` : `${key} belongs under ${path.slice(0, dot)}`;
    }
  }
  return undefined;
}

function hintFor(path: Path, value: unknown, issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const meant = nearest(
      value,
      issue.values.filter((word) => typeof word === 'string'),
    );
    return meant === undefined ? undefined : `did you mean ${meant}?`;
  }
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.expected === 'array' && typeof value === 'string') return 'put it in square brackets';
  if (issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return isSecret(path) ? 'put it in quotes' : `put it in quotes: "${value}"`;
  }
  return issue.expected === 'boolean' && typeof value === 'string' ? BOOLEANS.get(value.toLowerCase()) : undefined;
}

function placeOf(path: Path, { file, overrides }: Context, position: Position): { file: string } & Position {
  const override = overrideAt(overrides, path);
  return override === undefined ? { file, ...position } : { file: override.origin, line: 0, column: 0 };
}

function overrideAt(overrides: readonly Override[], path: Path): Override | undefined {
  return overrides.findLast((override) => override.path.every((step, index) => step === path[index]));
}

function overridden(value: unknown, overrides: readonly Override[]): unknown {
  if (!isRecord(value)) return value;
  const result = { ...value };
  for (const { path, value: replacement } of overrides) {
    const [top, below] = path;
    const inner = result[top] ?? {};
    if (below === undefined) result[top] = replacement;
    // Where the file is wrong about the mapping itself, its fault is what matters.
    else if (isRecord(inner)) result[top] = { ...inner, [below]: replacement };
  }
  return result;
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (Array.isArray(at)) at = at[Number(step)];
    else at = isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** That are told of one mapping: where there are more, the text is no configuration. */
const MOST_UNKNOWN_KEYS = 100;
const BOOLEANS = new Map([
  ...['yes', 'on', '1'].map((word) => [word, 'write true'] as const),
  ...['no', 'off', '0'].map((word) => [word, 'write false'] as const),
]);
