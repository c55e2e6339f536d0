import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program of somebody else that interop tests talk to, and the Debian package that holds it. */
export interface Peer {
  /** The program; a package that is no program has a name for tests alone. */
  readonly command: string;
  readonly debian: string;
  /** Where a package that is no program lies, one of these. */
  readonly files?: readonly string[];
}

export const PEERS: readonly Peer[] = [
  { command: 'baresip', debian: 'baresip-core' },
  { command: 'linphonec', debian: 'linphone-cli' },
  { command: 'sipp', debian: 'sip-tester' },
  { command: 'sipsak', debian: 'sipsak' },
  { command: 'svmap', debian: 'sipvicious' },
  { command: 'kamailio', debian: 'kamailio' },
  { command: 'kamailio tls', debian: 'kamailio-tls-modules', files: kamailioModule('tls.so') },
  { command: 'chromium', debian: 'chromium' },
  { command: 'openssl', debian: 'openssl' },
  { command: 'named', debian: 'bind9' },
  { command: 'tshark', debian: 'tshark' },
  { command: 'ip', debian: 'iproute2' },
  { command: 'nft', debian: 'nftables' },
];

/** The peers that this machine lacks. */
export const missingPeers = (): readonly Peer[] => PEERS.filter((peer) => !isHere(peer));

/**
 * What an interop test puts into its `skip` option: false when all programs are there, else a reason with the line that
 * installs them. With CI=true the run counts a skip as a failure.
 */
export function lacking(...commands: readonly string[]): string | false {
  const missing = commands.filter(
    (command) => !isHere(PEERS.find((peer) => peer.command === command) ?? { command, debian: command }),
  );
  return missing.length === 0 ? false : `${missing.join(', ')} not found: ${INSTALL_LINE}`;
}

/** Installs what is missing with apt-get, which needs Debian and root (or sudo). Returns sentences about what failed. */
export function installPeers(): readonly string[] {
  const missing = missingPeers();
  if (missing.length === 0) return [];
  const packages = missing.map(({ debian }) => debian);
  const steps = [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ];
  for (const args of steps) {
    const command = process.getuid?.() === 0 ? ['apt-get', ...args] : ['sudo', '-n', 'apt-get', ...args];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { status, error } = spawnSync(command[0] ?? '', command.slice(1), {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (status !== 0) return [`${command.join(' ')} failed${error === undefined ? '' : `: ${error.message}`}`];
  }
  return missingPeers().map(({ command, debian }) => `${debian} is installed and ${command} is still not found`);
}

export const INSTALL_LINE = 'npm test -- --install-peers';

const isHere = ({ command, files }: Peer): boolean =>
  (files ?? foldersOfPrograms().map((folder) => join(folder, command))).some((path) => existsSync(path));

/** Servers lie in sbin, which is in the path of root alone. */
const foldersOfPrograms = (): readonly string[] => [
  ...(process.env.PATH ?? '').split(delimiter),
  ...['/usr/local/sbin', '/usr/sbin', '/sbin'],
];

/** Debian keeps libraries in a folder for each kind of processor. */
function kamailioModule(name: string): readonly string[] {
  return ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((kind) => `/usr/lib/${kind}/kamailio/modules/${name}`);
}
