import type { EngineEvent, EngineListener, Flow } from '@strowger/sip/engine';
import { callId, cseq, from, type HeaderDef, type Message, type NameAddr, to } from '@strowger/sip/message';
import { SyntaxFault } from '@strowger/sip/text';
import { bracketed, tryParseUri } from '@strowger/sip/uri';
import type { Fields, Level, Log } from './log.ts';

/**
 * Writes what an engine does as log lines: the type of the event is the name of the line. Messages are told in five fields
 * and at the level debug; neither bodies nor credentials are written. What strangers can cause without end is written
 * at most `MAX_LINES` times in `WINDOW_MS`, and then counted.
 *
 * @param now monotonic milliseconds
 */
export function createEventLog(log: Log, now: () => number): EngineListener {
  const counts = new Map<string, { since: number; count: number }>();
  const write = (level: Level, event: string, fields: Fields): void => {
    const at = now();
    const known = counts.get(event);
    const window = known !== undefined && at - known.since < WINDOW_MS ? known : { since: at, count: 0 };
    if (known !== undefined && known !== window && known.count > MAX_LINES)
      log[level]('log.suppressed', { of: event, count: known.count - MAX_LINES });
    counts.set(event, window);
    window.count += 1;
    if (window.count <= MAX_LINES) log[level](event, fields);
  };
  return (event) => {
    switch (event.type) {
      case 'fault':
        return write('error', 'engine.fault', { where: event.where, error: event.error });
      case 'transport.failed':
        return write('warn', event.type, { peer: peerOf(event.flow), code: event.fault.code, text: event.fault.text });
      case 'target.unknown':
        return write('warn', event.type, { host: event.host, reason: event.reason });
      case 'message.malformed': {
        const { reason, position, bytes, answered } = event;
        return write('warn', event.type, { peer: peerOf(event.flow), reason, position, bytes, answered });
      }
      case 'guard.dropped':
        return write('warn', event.type, { reason: event.reason, count: event.count });
      case 'guard.banned': {
        const { network, reason, by, until } = event;
        const end = until === undefined ? undefined : new Date(until).toISOString();
        return write('warn', event.type, { network, reason, by, until: end });
      }
      case 'guard.unbanned':
        return write('info', event.type, { network: event.network });
      case 'login.failed':
        return write('warn', event.type, { peer: peerOf(event.flow), account: event.account });
      case 'login.locked':
      case 'login.refused': {
        const { scope, account } = event;
        const seconds = event.type === 'login.locked' ? event.seconds : undefined;
        return write('warn', event.type, { peer: peerOf(event.flow), scope, account, seconds });
      }
      default:
        if (log.isOn('debug')) log.debug(event.type, detailsOf(event));
    }
  };
}

/** The events that a log writes lines about; `undefined`: all. What nobody writes need not be built. */
export const loggedEvents = (log: Log): readonly EngineEvent['type'][] | undefined =>
  log.isOn('debug') ? undefined : ALWAYS_LOGGED;

function detailsOf(event: Exclude<EngineEvent, { type: (typeof ALWAYS_LOGGED)[number] }>): Fields {
  switch (event.type) {
    case 'message.received':
    case 'message.sent':
      return { peer: peerOf(event.flow), ...summaryOf(event.message) };
    case 'message.dropped':
      return { peer: peerOf(event.flow), reason: event.reason };
    case 'request.decided':
      return { method: event.method, decision: event.decision, status: event.status, callId: event.callId };
    default:
      return { side: event.side, method: event.method, key: event.key };
  }
}

function summaryOf(message: Message): Fields {
  const { content } = message;
  const textOf = (def: HeaderDef<unknown>): string | undefined => {
    const at = content.find(def);
    return at < 0 ? undefined : content.valueAt(at);
  };
  const addressOf = (def: HeaderDef<NameAddr>): string | undefined => {
    const text = textOf(def);
    return text === undefined ? undefined : withoutGuesses(text, uriTextOf(def, text));
  };
  return {
    start:
      message.kind === 'request'
        ? `${message.method} ${withoutGuesses(message.uri, message.uri)}`
        : `${message.status} ${message.reason}`,
    from: addressOf(from),
    to: addressOf(to),
    callId: textOf(callId),
    cseq: textOf(cseq),
    bodyBytes: content.bodyEnd - content.bodyStart,
  };
}

/**
 * An address as it came when it follows its grammar. In one that does not, what has the place of a port may be a password of digits whose
 * end got lost, and all of it is left out; the log itself cuts what cannot be a port (RFC 3261 §19.1.1).
 */
function withoutGuesses(text: string, uriText: string | undefined): string {
  const isReadable = uriText !== undefined && tryParseUri(uriText) !== undefined;
  return isReadable ? text : text.replace(BEFORE_PORT, '$1…');
}

function uriTextOf(def: HeaderDef<NameAddr>, text: string): string | undefined {
  try {
    return def.decode(text).uriText;
  } catch (fault) {
    if (fault instanceof SyntaxFault) return undefined;
    throw fault;
  }
}

/** `udp:192.0.2.7:5062` */
const peerOf = ({ local, host, port }: Flow): string => `${local.protocol}:${bracketed(host)}:${port}`;

const ALWAYS_LOGGED = [
  'fault',
  'transport.failed',
  'target.unknown',
  'message.malformed',
  'guard.dropped',
  'guard.banned',
  'guard.unbanned',
  'login.failed',
  'login.locked',
  'login.refused',
] as const;
/** [1] what stands before the first colon behind the scheme, the colon included. */
const BEFORE_PORT = /^((?:[^<]*<)?(?:sips?:)?[^:]*:).*$/is;
const MAX_LINES = 50;
const WINDOW_MS = 10_000;
