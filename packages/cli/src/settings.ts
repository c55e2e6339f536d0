import { dirname, resolve } from 'node:path';
import { choice, text, texts } from './flag.ts';
import type { Config, ConfigFault, Override } from './server-config.ts';

/** What the flags of a command say about the configuration; absent means not given. */
export interface SettingsFlags {
  readonly config?: string | undefined;
  readonly data?: string | undefined;
  readonly domain?: readonly string[] | undefined;
  readonly listen?: readonly string[] | undefined;
  readonly logFormat?: 'json' | 'pretty' | undefined;
  readonly logLevel?: 'error' | 'warn' | 'info' | 'debug' | undefined;
}

/** The configuration in force. */
export interface Settings {
  readonly config: Config;
  readonly data: DataPlace;
  /** The configuration file, absolute; undefined when there is none. */
  readonly file: string | undefined;
  /** Who said it: a flag (`--listen`), a file, or `default`. */
  readonly sources: Readonly<Record<'domains' | 'listen' | 'data' | 'logFormat' | 'logLevel', string>>;
}

export type DataPlace = { readonly type: 'memory' } | { readonly type: 'folder'; readonly path: string };

export type SettingsResult =
  | { readonly type: 'settings'; readonly settings: Settings }
  | { readonly type: 'faults'; readonly faults: readonly ConfigFault[] };

/**
 * Reads the configuration that flags and file make together. Without `config`, `strowger.yaml` in the folder is read if it
 * is there. Flags replace what the file says, lists as a whole. A relative `--data` is relative to the folder, a
 * relative `data` of the file to the file.
 */
export async function settingsOf(
  flags: SettingsFlags,
  folder: string,
  readFile: (path: string) => Promise<string> | string,
): Promise<SettingsResult> {
  const file = resolve(folder, flags.config ?? DEFAULT_FILE);
  const name = flags.config ?? DEFAULT_FILE;
  const read = await readText(file, name, flags.config === undefined ? 'optional' : 'required', readFile);
  if ('fault' in read) return { type: 'faults', faults: [read.fault] };
  const { loadConfig } = await import('./server-config.ts'); // Not for help, which needs the flags alone.
  const loaded = loadConfig(read.text ?? '', name, overridesOf(flags));
  if (loaded.type === 'faults') return loaded;
  const { config, originOf } = loaded;
  const base = flags.data === undefined && read.text !== undefined ? dirname(file) : folder;
  return {
    type: 'settings',
    settings: {
      config,
      data: config.data === 'memory' ? { type: 'memory' } : { type: 'folder', path: resolve(base, config.data) },
      file: read.text === undefined ? undefined : file,
      sources: {
        domains: originOf(['domains']) ?? 'default',
        listen: originOf(['listen']) ?? 'default',
        data: originOf(['data']) ?? 'default',
        logFormat: originOf(['log', 'format']) ?? 'default',
        logLevel: originOf(['log', 'level']) ?? 'default',
      },
    },
  };
}

/** The flags of every command that works on the data of a server. */
export const dataFlags = {
  config: text('F', 'the configuration file; without it ./strowger.yaml if it is there'),
  data: text('DIR', 'the data folder, instead of the one in the file'),
};

/** The flags of a command that runs a server. */
export const settingsFlags = {
  ...dataFlags,
  domain: texts('D', 'a domain to answer for, instead of those in the file'),
  listen: texts('udp:HOST:PORT', 'an address to listen on, or tcp, tls, ws, wss; instead of those in the file'),
  logFormat: choice(['json', 'pretty'], 'one JSON object per line, or text for people'),
  logLevel: choice(['error', 'warn', 'info', 'debug'], 'the least important level: error, warn, info or debug', 'L'),
};

async function readText(
  path: string,
  name: string,
  presence: 'optional' | 'required',
  readFile: (path: string) => Promise<string> | string,
): Promise<{ readonly text: string | undefined } | { readonly fault: ConfigFault }> {
  try {
    return { text: await readFile(path) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' && presence === 'optional') return { text: undefined };
    const [found, hint] = READ_ERRORS[code] ?? [
      `something that cannot be read${code === '' ? '' : ` (${code})`}`,
      undefined,
    ];
    return { fault: { file: name, line: 0, column: 0, path: [], found, expected: 'a readable YAML file', hint } };
  }
}

function overridesOf(flags: SettingsFlags): Override[] {
  const overrides: Override[] = [];
  const { data, domain = [], listen = [], logFormat, logLevel } = flags;
  if (data !== undefined) overrides.push({ path: ['data'], value: data, origin: '--data' });
  if (domain.length > 0) overrides.push({ path: ['domains'], value: domain, origin: '--domain' });
  if (listen.length > 0) overrides.push({ path: ['listen'], value: listen, origin: '--listen' });
  if (logFormat !== undefined) overrides.push({ path: ['log', 'format'], value: logFormat, origin: '--log-format' });
  if (logLevel !== undefined) overrides.push({ path: ['log', 'level'], value: logLevel, origin: '--log-level' });
  return overrides;
}

const DEFAULT_FILE = 'strowger.yaml';
const READ_ERRORS: Readonly<Record<string, readonly [found: string, hint: string | undefined]>> = {
  ENOENT: ['no file of this name', 'check the path'],
  ENOTDIR: ['no file of this name', 'check the path'],
  EISDIR: ['a folder', 'name the file in it'],
  EACCES: ['a file that this user may not read', 'check its permissions'],
  EPERM: ['a file that this user may not read', 'check its permissions'],
};
