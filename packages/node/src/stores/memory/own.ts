import type { Binding } from '@strowger/sip/roles/registrar';

/**
 * The same text in memory of its own. A text that was cut out of a message keeps the whole message alive in V8, for as long
 * as the text lives: for a binding that is hours.
 */
export function ownText(text: string): string {
  return text.length < SHORTEST_SLICE ? text : Buffer.from(text, 'utf8').toString('utf8');
}

/** A copy of a binding that holds nothing of the message it came with. */
export function ownBinding(binding: Binding): Binding {
  const contact = ownText(binding.contact);
  return {
    key: binding.key === contact ? contact : ownText(binding.key),
    contact,
    params: ownText(binding.params),
    q: binding.q,
    callId: ownText(binding.callId),
    cseq: binding.cseq,
    expiresAt: binding.expiresAt,
    registeredAt: binding.registeredAt,
    updatedAt: binding.updatedAt,
    path: binding.path.length === 0 ? NO_PATH : binding.path.map(ownText),
    flow: {
      local: binding.flow.local,
      host: ownText(binding.flow.host),
      port: binding.flow.port,
      connection: binding.flow.connection,
    },
    reach: binding.reach,
    instance: binding.instance === undefined ? undefined : ownText(binding.instance),
    regId: binding.regId,
    gruusSince: binding.gruusSince,
    userAgent: binding.userAgent === undefined ? undefined : ownText(binding.userAgent),
  };
}

/** V8 copies what is shorter (String::kMinNonFlatLength, SlicedString::kMinLength). */
const SHORTEST_SLICE = 13;

const NO_PATH: readonly string[] = [];
