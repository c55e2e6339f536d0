import { spawnSync } from 'node:child_process';
import { lacking } from '../../../scripts/peers.ts';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';

/** A capture on the loopback interface. */
export interface Capture {
  /** Waits for packets whose summaries match, in this order. */
  sees(...summaries: readonly RegExp[]): Promise<void>;
  /** Ends it. */
  stop(): Promise<void>;
  /**
   * All values of these fields in the packets that pass the display filter, in order; which packet one stands in is not
   * told, because over TCP one packet may hold several messages.
   */
  values<const F extends string>(filter: string, ...fields: readonly F[]): Promise<Record<F, readonly string[]>>;
}

/** What SIP goes in: TLS, whose client writes its secrets into the file `keys`, or WebSocket without TLS. */
export type Wrapped = { readonly in: 'tls'; readonly keys: string } | { readonly in: 'ws' };

/** For the `skip` of a test: why tshark cannot capture here. */
export function lackingCapture(...others: readonly string[]): string | false {
  const missing = lacking('tshark', ...others);
  if (missing !== false) return missing;
  const interfaces = spawnSync('tshark', ['-D'], { encoding: 'utf8' }).stdout;
  return /\blo\b/.test(interfaces)
    ? false
    : 'this user may not capture on lo: run as root, or join the group wireshark';
}

/** Captures what goes to or from these ports, all of which speak SIP: as it is, or in what `wrapped` says. */
export async function startCapture(lab: Lab, ports: readonly number[], wrapped?: Wrapped): Promise<Capture> {
  const file = `${lab.folder}/capture.pcap`;
  const decode = [
    ...ports.flatMap((port) => LAYERS[wrapped?.in ?? 'nothing'].flatMap((layer) => ['-d', layer(port)])),
    ...(wrapped?.in === 'tls' ? ['-o', `tls.keylog_file:${wrapped.keys}`] : []),
  ];
  const filter = ports.map((port) => `port ${port}`).join(' or ');
  const child = lab.start('tshark', ['-i', 'lo', '-f', filter, ...decode, '-w', file, '-P', '-l']);
  await child.line(/Capture started/, START_MS);
  return {
    sees: async (...summaries) => {
      for (const summary of summaries) await child.line(summary, SEEN_MS);
    },
    stop: () => child.stop(),
    values: async (display, ...fields) => {
      const args = ['-r', file, ...decode, '-Y', display, '-T', 'json', ...fields.flatMap((field) => ['-e', field])];
      return valuesOf(await outputOf(lab.start('tshark', args)), fields);
    },
  };
}

async function outputOf(child: Child): Promise<string> {
  const end = await child.exit(READ_MS);
  if (end !== 0) throw new Error(`tshark ended with ${end}\n${child.tail()}`);
  // Above it, tshark complains about being root.
  return child.lines.slice(child.lines.findIndex((line) => line.startsWith('['))).join('\n');
}

function valuesOf<F extends string>(json: string, fields: readonly F[]): Record<F, readonly string[]> {
  const packets: readonly { _source: { layers?: Partial<Record<F, readonly string[]>> } }[] = JSON.parse(json);
  const valuesOfField = (field: F): readonly string[] =>
    packets.flatMap(({ _source: { layers } }) => layers?.[field] ?? []);
  return Object.fromEntries(fields.map((field) => [field, valuesOfField(field)])) as Record<F, readonly string[]>;
}

/** How tshark is told what a port speaks; what is in WebSocket it sees by itself. */
const LAYERS: Readonly<Record<Wrapped['in'] | 'nothing', readonly ((port: number) => string)[]>> = {
  nothing: [(port) => `udp.port==${port},sip`, (port) => `tcp.port==${port},sip`],
  tls: [(port) => `tcp.port==${port},tls`, (port) => `tls.port==${port},sip`],
  ws: [(port) => `tcp.port==${port},http`],
};

const START_MS = 15_000;
const SEEN_MS = 10_000;
const READ_MS = 20_000;
