import { type Framed, Framer } from '../message/framer.ts';
import type { Limits } from '../message/limits.ts';
import type { Instant } from '../text/time.ts';
import { keepsMessages } from '../uri/transport.ts';
import type { Core } from './core.ts';
import { ENGINE_LIMITS } from './limits.ts';
import type { Flow, Transport } from './ports.ts';
import type { Timed } from './wheel.ts';

/**
 * The connections on which messages come in pieces. Only those in the middle of a message are remembered, so that one that is silent
 * costs nothing here: all others share one framer, which is as new after each whole message.
 */
export class Streams {
  readonly #core: Core;
  readonly #limits: Limits;
  readonly #onLate: (transport: Transport, flow: Flow) => void;
  readonly #byTransport = new Map<Transport, Map<number, Stream>>();
  #fresh: Framer;

  /** `onLate` is told about a connection on which the rest of a message did not come in time; what came of it is forgotten. */
  constructor(core: Core, limits: Limits, onLate: (transport: Transport, flow: Flow) => void) {
    this.#core = core;
    this.#limits = limits;
    this.#onLate = onLate;
    this.#fresh = new Framer(limits);
  }

  push(transport: Transport, flow: Flow, bytes: Uint8Array): Framed {
    if (keepsMessages(flow.local.protocol)) return wholeMessage(bytes);
    const known = this.#byTransport.get(transport)?.get(flow.connection);
    const framer = known?.framer ?? this.#fresh;
    const framed = framer.push(bytes);
    if (framer.isFresh) {
      if (known !== undefined) this.closed(transport, flow.connection);
      return framed;
    }
    const stream = known ?? this.#remember(transport, flow);
    // Fewer bytes may be a part of a keep-alive (RFC 5626 §3.5.1), whose rest may come whenever it likes.
    if (framer.pending < 4) this.#core.wheel.remove(stream);
    else if (framed.messages.length > 0 || stream.place < 0)
      this.#core.wheel.set(stream, this.#core.now + ENGINE_LIMITS.messageMs);
    return framed;
  }

  /** The connection has ended, or stands between two messages. */
  closed(transport: Transport, connection: number): void {
    const stream = this.#byTransport.get(transport)?.get(connection);
    if (stream === undefined) return;
    this.#core.wheel.remove(stream);
    this.#byTransport.get(transport)?.delete(connection);
  }

  /** From now on the framer belongs to this connection, in which it has something left or found something wrong. */
  #remember(transport: Transport, flow: Flow): Stream {
    const stream = new Stream(this.#fresh, () => {
      this.closed(transport, flow.connection);
      this.#onLate(transport, flow);
    });
    this.#fresh = new Framer(this.#limits);
    let streams = this.#byTransport.get(transport);
    if (streams === undefined) {
      streams = new Map();
      this.#byTransport.set(transport, streams);
    }
    streams.set(flow.connection, stream);
    return stream;
  }
}

/** One WebSocket message: a SIP message or the keep-alive that is allowed there too (RFC 7118 §5, §6). */
function wholeMessage(bytes: Uint8Array): Framed {
  const isBlank = bytes.length <= 4 && bytes.every((byte) => byte === 13 || byte === 10);
  return isBlank
    ? { messages: [], pings: bytes.length === 4 ? 1 : 0, fault: undefined }
    : { messages: [bytes], pings: 0, fault: undefined };
}

class Stream implements Timed {
  dueAt: Instant = Number.POSITIVE_INFINITY;
  next: Timed | undefined = undefined;
  previous: Timed | undefined = undefined;
  place = -1;
  readonly framer: Framer;
  readonly onDue: () => void;

  constructor(framer: Framer, onLate: () => void) {
    this.framer = framer;
    this.onDue = onLate;
  }
}
