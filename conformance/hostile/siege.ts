import { bytesOf } from '../../fuzz/corpus.ts';
import type { HostileCase } from '../../fuzz/hostile/cases.ts';
import { options } from '../../fuzz/hostile/conversation.ts';
import type { Road } from './road.ts';

/** A case that goes out under the number that it has among all. */
export interface Numbered {
  readonly number: number;
  readonly one: HostileCase;
}

/**
 * Sends each case and, behind it, a valid OPTIONS with a Call-ID of its own; several of these pairs are under way at once.
 * Returns how many OPTIONS were answered. Rejects with the name of the first case after which one was not.
 */
export async function laySiege(road: Road, cases: readonly Numbered[]): Promise<number> {
  const pairs = new Set<Promise<void>>();
  let bytesUnderWay = 0;
  let answered = 0;
  for (const { number, one } of cases) {
    const bytes = bytesOf(one.text(number, road.protocol));
    while (pairs.size >= road.atOnce || (pairs.size > 0 && bytesUnderWay + bytes.length > road.bytesAtOnce))
      await Promise.race(pairs);
    bytesUnderWay += bytes.length;
    const pair = sendPair(road, bytes, `alive-${number}`).then(
      () => {
        answered += 1;
        bytesUnderWay -= bytes.length;
        pairs.delete(pair);
      },
      (error: unknown) => {
        throw new Error(`over ${road.name} after ${one.name}`, { cause: error });
      },
    );
    pairs.add(pair);
  }
  await Promise.all(pairs);
  return answered;
}

async function sendPair(road: Road, bytes: Uint8Array, callId: string): Promise<void> {
  await road.sendCase(bytes);
  await road.ask(options(callId, road.protocol), callId);
}
