import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { printWav, readWav, type Sound } from '../wav.ts';
import { BaresipControl } from './baresip-control.ts';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import { freePort } from './port.ts';
import { type Account, HOST } from './server.ts';

export interface BaresipOptions {
  readonly account: Account;
  /** The line of the file `accounts`. */
  readonly line: string;
  /** What it sends while it talks. */
  readonly plays: Sound;
}

/** A telephone without a screen, a microphone and an ear: it plays a file and records what it sends and hears. */
export class Baresip {
  readonly control: BaresipControl;
  readonly #child: Child;
  readonly #folder: string;

  constructor(control: BaresipControl, child: Child, folder: string) {
    this.control = control;
    this.#child = child;
    this.#folder = folder;
  }

  /** Waits until that many seconds have been heard in all. */
  async hears(seconds: number): Promise<void> {
    const enough = 44 + seconds * SAMPLES_PER_SECOND * 2;
    for (let waited = 0; this.#recording() === undefined || this.#size() < enough; waited += POLL_MS) {
      if (waited > HEARS_MS) throw new Error(`not ${seconds} s were heard\n${this.#child.tail()}`);
      await pause(POLL_MS);
    }
  }

  /** What was heard in the one call that there was; to be asked for when the telephone is off. */
  get heard(): Sound {
    const path = this.#recording();
    if (path === undefined) throw new Error('nothing was recorded');
    return readWav(path);
  }

  /** Takes its registration back and ends. */
  async off(): Promise<void> {
    this.control.close();
    await this.#child.stop();
  }

  #size(): number {
    return statSync(this.#recording() ?? '').size;
  }

  /** sndfile records what was decoded, which is heard, and what was encoded, which is sent. */
  #recording(): string | undefined {
    const name = readdirSync(this.#folder).find((file) => /^dump-.*dec\.wav$/.test(file));
    return name === undefined ? undefined : join(this.#folder, name);
  }
}

/** The line of `accounts` for an account at a server. */
export const accountLine = ({ name, password, domain }: Account, outbound: string): string =>
  `<sip:${name}@${domain}>;auth_user=${name};auth_pass=${password};outbound="${outbound}"`;

/** Starts it, and waits until it is registered. */
export async function startBaresip(lab: Lab, { account, line, plays }: BaresipOptions): Promise<Baresip> {
  const folder = join(lab.folder, `baresip-${account.name}`);
  mkdirSync(folder);
  const [sip, control] = [await freePort(2), await freePort()];
  const source = join(folder, 'plays.wav');
  writeFileSync(source, printWav(plays));
  writeFileSync(join(folder, 'config'), config({ folder, sip, control, source }));
  writeFileSync(join(folder, 'accounts'), `${line};audio_codecs=PCMA/8000/1\n`);
  writeFileSync(join(folder, 'contacts'), '');
  const child = lab.start('baresip', ['-f', folder, '-s', '-v']);
  await child.line(/baresip is ready/, START_MS);
  await child.line(/200 OK .*\[1 binding\]/, START_MS);
  return new Baresip(await BaresipControl.connect(HOST, control), child, folder);
}

/** A second port behind the first is taken for TLS. */
const config = ({ folder, sip, control, source }: { folder: string; sip: number; control: number; source: string }) => `
poll_method epoll
sip_listen ${HOST}:${sip}
net_interface ${HOST}
call_local_timeout 30
call_max_calls 1
audio_path /usr/share/baresip
audio_player aubridge,nil
audio_source aufile,${source}
audio_alert aubridge,nil
auplay_channels 1
ausrc_channels 1
auplay_srate ${SAMPLES_PER_SECOND}
ausrc_srate ${SAMPLES_PER_SECOND}
ausrc_format s16
auplay_format s16
auenc_format s16
audec_format s16
audio_buffer 20-160
rtp_ports 10000-30000
jitter_buffer_delay 2-10
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
snd_path ${folder}
module uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen ${HOST}:${control}
`;

const SAMPLES_PER_SECOND = 8000;
const START_MS = 10_000;
const HEARS_MS = 15_000;
const POLL_MS = 50;
