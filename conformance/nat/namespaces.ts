import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a NAT treats its phones; each has a ruleset of this name beside this file. */
export type NatKind = 'full-cone' | 'restricted' | 'symmetric';

/** The Internet in one machine: a server, and networks with phones that all have the same private address. */
export interface Site {
  /** Where the server runs, at `SERVER`. */
  readonly server: string;
  /** Where a phone runs, at `PHONE`, behind a router that the server sees as `outside`. */
  readonly homes: readonly Home[];
  /** Loads a file with a ruleset into the server's own firewall. */
  firewall(file: string): void;
  /** Sends one datagram to a home from a port that its phone never sent to. */
  knock(home: Home, port: number, text: string): void;
  end(): void;
}

export interface Home {
  readonly namespace: string;
  readonly outside: string;
}

export const SERVER = '192.0.2.1';
export const PHONE = '10.0.0.2';

/** Why no namespaces can be made here; false where they can. */
export function whyNoNamespaces(): string | false {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const name = `strowger-${process.pid}-try`;
  const made = spawnSync('ip', ['netns', 'add', name]);
  if (made.status !== 0) return 'no network namespace can be made here';
  spawnSync('ip', ['netns', 'del', name]);
  return false;
}

/** Makes the namespaces: one home behind each of these NATs. @throws Error with what `ip` or `nft` said; nothing is left then */
export function createSite(kinds: readonly NatKind[]): Site {
  const prefix = `strowger-${process.pid}`;
  const made: string[] = [];
  const add = (name: string): string => {
    run('ip', 'netns', 'add', name);
    made.push(name);
    run('ip', '-n', name, 'link', 'set', 'lo', 'up');
    return name;
  };
  const end = (): void => {
    for (const name of made.splice(0).reverse()) spawnSync('ip', ['netns', 'del', name]);
  };
  try {
    const server = add(`${prefix}-server`);
    run('ip', '-n', server, 'addr', 'add', `${SERVER}/32`, 'dev', 'lo');
    const homes = kinds.map((kind, i) => createHome(add, { server, prefix: `${prefix}-${i}`, number: i, kind }));
    return {
      server,
      homes,
      end,
      firewall: (file) => loadRules(server, file),
      knock: ({ outside }, port, text) =>
        run('ip', 'netns', 'exec', server, process.execPath, '--eval', KNOCK, text, String(port), outside),
    };
  } catch (error) {
    end();
    throw error;
  }
}

interface HomeOptions {
  readonly server: string;
  readonly prefix: string;
  readonly number: number;
  readonly kind: NatKind;
}

function createHome(add: (name: string) => string, { server, prefix, number, kind }: HomeOptions): Home {
  const [router, phone] = [add(`${prefix}-router`), add(`${prefix}-phone`)];
  const [outside, gateway] = [`198.51.100.${4 * number + 2}`, `198.51.100.${4 * number + 1}`];
  const link = `home${number}`;
  run('ip', 'link', 'add', 'outside', 'netns', router, 'type', 'veth', 'peer', 'name', link, 'netns', server);
  run('ip', 'link', 'add', 'inside', 'netns', router, 'type', 'veth', 'peer', 'name', 'lan', 'netns', phone);
  up(server, link, `${gateway}/30`);
  up(router, 'outside', `${outside}/30`);
  up(router, 'inside', '10.0.0.1/24');
  up(phone, 'lan', `${PHONE}/24`);
  run('ip', '-n', router, 'route', 'add', 'default', 'via', gateway);
  run('ip', '-n', phone, 'route', 'add', 'default', 'via', '10.0.0.1');
  run('ip', 'netns', 'exec', router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  loadRules(router, fileURLToPath(new URL(`./${kind}.nft`, import.meta.url)));
  return { namespace: phone, outside };
}

function up(namespace: string, device: string, address: string): void {
  run('ip', '-n', namespace, 'addr', 'add', address, 'dev', device);
  run('ip', '-n', namespace, 'link', 'set', device, 'up');
}

const loadRules = (namespace: string, file: string): void => run('ip', 'netns', 'exec', namespace, 'nft', '-f', file);

const KNOCK = `
  const socket = require('node:dgram').createSocket('udp4');
  const [, text, port, host] = process.argv;
  socket.send(text, Number(port), host, () => socket.close());
`;

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
}
