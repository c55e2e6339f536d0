import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printWav, type Sound } from '../wav.ts';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import { Recording } from './recording.ts';
import { type Account, addressOf } from './server.ts';

export interface LinphoneOptions {
  readonly account: Account;
  /** The URI of its server. */
  readonly outbound: string;
  /** The path of the only authority that it believes. */
  readonly ca: string;
  /** What it sends while it talks. */
  readonly plays: Sound;
  /** Where it has an address that is not one of the loopback interface's own: else it never registers. */
  readonly namespace: string;
}

/** linphonec: a telephone that takes its orders as lines. */
export interface Linphone {
  readonly child: Child;
  readonly recording: Recording;
  call(uri: string): void;
  /** Begins to play and to record; to be asked for when the call is there, because it crashes before. */
  talk(): void;
  /** Hangs up, takes its registration back and ends. */
  off(): Promise<void>;
}

/** Starts it. What it says comes late, so that others have to tell how far it is. */
export function startLinphone(lab: Lab, options: LinphoneOptions): Linphone {
  const { account, plays, namespace } = options;
  const folder = join(lab.folder, `linphone-${account.name}`);
  // It does not make the folder of its database.
  mkdirSync(join(folder, '.local/share/linphone'), { recursive: true });
  const [rc, source, heard] = [join(folder, 'rc'), join(folder, 'plays.wav'), join(folder, 'heard.wav')];
  writeFileSync(source, printWav(plays));
  writeFileSync(rc, settings(options));
  const child = lab.start('linphonec', ['-c', rc], { namespace, input: 'lines', cwd: folder, env: { HOME: folder } });
  child.say('soundcard use files');
  return {
    child,
    recording: new Recording(folder, /^heard\.wav$/, child),
    call: (uri) => child.say(`call ${uri}`),
    talk: () => {
      child.say(`record ${heard}`);
      child.say(`play ${source}`);
    },
    off: async () => {
      child.say('terminate');
      child.say('unregister');
      child.say('quit');
      await child.exit(END_MS);
    },
  };
}

/** Without `reg_route` it asks DNS for the domain. */
const settings = ({ account, outbound, ca }: LinphoneOptions): string => `
[sip]
default_proxy=0
sip_port=-1
sip_tcp_port=-1
sip_tls_port=-1
root_ca=${ca}
verify_server_certs=1
verify_server_cn=1
media_encryption=none
[auth_info_0]
username=${account.name}
passwd=${account.password}
realm=${account.domain}
[proxy_0]
reg_proxy=<${outbound}>
reg_route=<${outbound}>
reg_identity=${addressOf(account)}
reg_expires=300
reg_sendregister=1
publish=0
[rtp]
audio_rtp_port=-1
[net]
firewall_policy=0
`;

const END_MS = 15_000;
