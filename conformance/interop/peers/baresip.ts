import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printWav, type Sound } from '../wav.ts';
import { BaresipControl } from './baresip-control.ts';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import { freePort } from './port.ts';
import { Recording, SAMPLES_PER_SECOND } from './recording.ts';
import { type Account, HOST } from './server.ts';

export interface BaresipOptions {
  readonly account: Account;
  /** The line of the file `accounts`. */
  readonly line: string;
  /** What it sends while it talks. */
  readonly plays: Sound;
  /** The path of the authority that it believes, and of a file with its own certificate and key. */
  readonly ca?: string;
  readonly certificate?: string;
  /** Its address, and the network namespace where it has it. */
  readonly host?: string;
  readonly namespace?: string;
}

/** A telephone without a screen, a microphone and an ear: it plays a file and records what it sends and hears. */
export class Baresip {
  readonly control: BaresipControl;
  readonly #child: Child;
  readonly #recording: Recording;

  constructor(control: BaresipControl, { child, recording }: LaunchedBaresip) {
    this.control = control;
    this.#child = child;
    this.#recording = recording;
  }

  hears(seconds: number): Promise<void> {
    return this.#recording.hears(seconds);
  }

  get heard(): Sound {
    return this.#recording.heard;
  }

  /** Takes its registration back and ends. */
  async off(): Promise<void> {
    this.control.close();
    await this.#child.stop();
  }
}

/** Where no order reaches it, as in a network namespace, its account says what it does. */
export interface LaunchedBaresip {
  readonly child: Child;
  readonly recording: Recording;
  /** Its port for orders. */
  readonly control: number;
}

/** The line of `accounts` for an account at a server. */
export const accountLine = ({ name, password, domain }: Account, outbound: string): string =>
  `<sip:${name}@${domain}>;auth_user=${name};auth_pass=${password};outbound="${outbound}"`;

/** Starts it, and waits until it is registered. */
export async function startBaresip(lab: Lab, options: BaresipOptions): Promise<Baresip> {
  const launched = await launchBaresip(lab, options);
  await launched.child.line(REGISTERED, START_MS);
  return new Baresip(await BaresipControl.connect(HOST, launched.control), launched);
}

/** Starts one that takes every call, and waits until it is registered. */
export async function startAnsweringBaresip(lab: Lab, options: BaresipOptions): Promise<LaunchedBaresip> {
  const line = `${options.line};answermode=auto`;
  const launched = await launchBaresip(lab, { ...options, line });
  await launched.child.line(REGISTERED, START_MS);
  return launched;
}

async function launchBaresip(lab: Lab, options: BaresipOptions): Promise<LaunchedBaresip> {
  const { account, line, plays, namespace } = options;
  const folder = join(lab.folder, `baresip-${account.name}`);
  mkdirSync(folder);
  const [sip, control] = [await freePort(2), await freePort()];
  const source = join(folder, 'plays.wav');
  writeFileSync(source, printWav(plays));
  writeFileSync(join(folder, 'config'), config({ ...options, folder, sip, control, source }));
  writeFileSync(join(folder, 'accounts'), `${line};audio_codecs=PCMA/8000/1\n`);
  writeFileSync(join(folder, 'contacts'), '');
  const child = lab.start('baresip', ['-f', folder, '-s', '-v'], namespace === undefined ? {} : { namespace });
  await child.line(/baresip is ready/, START_MS);
  // sndfile records what was decoded, which is heard, and what was encoded, which is sent.
  return { child, control, recording: new Recording(folder, /^dump-.*dec\.wav$/, child) };
}

interface Files extends Pick<BaresipOptions, 'ca' | 'certificate' | 'host'> {
  readonly folder: string;
  readonly sip: number;
  readonly control: number;
  readonly source: string;
}

/** A second port behind the first is taken for TLS. */
const config = ({ folder, sip, control, source, ca, certificate, host = HOST }: Files): string => `
poll_method epoll
sip_listen ${host}:${sip}
net_interface ${host}
${ca === undefined ? '' : `sip_cafile ${ca}`}
${certificate === undefined ? '' : `sip_certificate ${certificate}`}
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

const REGISTERED = /200 OK .*\[1 binding\]/;
const START_MS = 10_000;
