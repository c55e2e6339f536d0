import type { Peer } from '@strowger/testkit';
import { type Written, written } from './heard.ts';
import type { Site } from './site.ts';

/** The final answers to a written request that come within `ms`. */
export async function answersTo(site: Site, peer: Peer, request: Written, ms = 10_000): Promise<readonly string[]> {
  const before = peer.heard.length;
  peer.send(written(peer, { callId: `c${before}-${site.world.now}`, ...request }), site.place);
  await site.world.runFor(ms);
  return peer.labels.slice(before).filter((label) => !label.startsWith('1'));
}
