import assert from 'node:assert/strict';
import type { Message, Request } from '@strowger/sip/message';
import type { Peer, Phone } from '@strowger/testkit';
import type { Site } from './site.ts';

/** Alice and bob, registered. */
export async function pair(site: Site): Promise<readonly [Phone, Phone]> {
  const [alice, bob] = await site.registered('alice', 'bob');
  assert.ok(alice !== undefined && bob !== undefined);
  return [alice, bob];
}

/** The last call that a phone was asked to take. */
export function incoming(phone: Phone): Phone['incoming'][number] {
  const call = phone.incoming.at(-1);
  assert.ok(call !== undefined, `nobody called ${phone.aor}`);
  return call;
}

/** The nth request of this method that came to a phone or a peer. */
export function heardRequest(who: Phone | Peer, method: string, nth = 0): Request {
  const peer = 'peer' in who ? who.peer : who;
  const found = peer.heard.filter(({ label }) => label === method)[nth]?.message;
  assert.ok(found?.kind === 'request', `no ${method} came`);
  return found;
}

/** The values of all lines of a header field, spelled like this. */
export function linesOf(message: Message | undefined, name: string): readonly string[] {
  const lines: string[] = [];
  const count = message?.content.count ?? 0;
  for (let i = 0; i < count; i += 1) if (message?.content.nameAt(i) === name) lines.push(message.content.valueAt(i));
  return lines;
}

/** The value of its first line; '' without one. */
export const headerOf = (message: Message | undefined, name: string): string => linesOf(message, name)[0] ?? '';

/** The lines of the ladder from now on, without times. */
export function ladderFrom(site: Site): () => readonly string[] {
  const start = site.world.traffic.length;
  return () =>
    site.world
      .ladder({ times: 'hidden', last: site.world.traffic.length - start })
      .split('\n')
      .map((line) => line.replace(/ +/g, ' ').trim());
}

export interface Written {
  readonly method: string;
  readonly uri: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly via?: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
}

/** A request written by hand, for a bare socket to send. */
export function written(peer: Peer, request: Written): string {
  const { method, uri, headers = {}, from = '<sip:stranger@elsewhere.example>;tag=f', to = `<${uri}>` } = request;
  const { via = `SIP/2.0/UDP ${peer.local.host}:${peer.local.port};branch=z9hG4bK-${method}-${peer.heard.length}` } =
    request;
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: ${via}`,
    `From: ${from}`,
    `To: ${to}`,
    `Call-ID: ${request.callId ?? 'written-by-hand'}`,
    `CSeq: ${request.cseq ?? 1} ${method}`,
    ...Object.entries({ 'Max-Forwards': '70', ...headers }).map(([name, value]) => `${name}: ${value}`),
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}
