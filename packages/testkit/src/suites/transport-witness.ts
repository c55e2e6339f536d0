import assert from 'node:assert/strict';
import type { About, Datagram, Flow, Transport, TransportFault, TransportListener } from '@strowger/sip/engine';

/** Something that a transport told its owner. Bytes are copies (`slice` would not copy a `Buffer`). */
export type Told =
  | { readonly type: 'datagram'; readonly host: string; readonly port: number; readonly bytes: Uint8Array }
  | { readonly type: 'data'; readonly flow: Flow; readonly bytes: Uint8Array }
  | { readonly type: 'connected'; readonly flow: Flow }
  | { readonly type: 'closed'; readonly flow: Flow; readonly fault: TransportFault | undefined }
  | { readonly type: 'failed'; readonly about: About; readonly fault: TransportFault }
  | { readonly type: 'refused'; readonly host: string; readonly port: number; readonly fault: TransportFault };

/** A listener that writes down what it is told, and fails the test when it is told from inside `send` or `flush`. */
export class Witness implements TransportListener {
  readonly told: Told[] = [];
  /** Called after each note. */
  onNote: () => void = () => {};
  #isInsideCall = false;

  onDatagrams(transport: Transport, items: readonly Datagram[], count: number): void {
    assert.equal(transport.local.protocol, 'udp', 'datagrams come from datagram transports');
    assert.ok(count >= 1 && count <= items.length, `a batch of ${count} out of ${items.length} items`);
    for (const { bytes, host, port } of items.slice(0, count))
      this.#note({ type: 'datagram', host, port, bytes: new Uint8Array(bytes) });
  }

  /** The bytes are the witness's own: it spoils them, which nobody else may notice. */
  onData(_transport: Transport, flow: Flow, bytes: Uint8Array): void {
    this.#note({ type: 'data', flow, bytes: new Uint8Array(bytes) });
    bytes.fill(0xee);
  }

  onConnected(_transport: Transport, flow: Flow): void {
    this.#note({ type: 'connected', flow });
  }

  onClosed(_transport: Transport, flow: Flow, fault: TransportFault | undefined): void {
    this.#note({ type: 'closed', flow, fault });
  }

  onFailed(_transport: Transport, about: About, fault: TransportFault): void {
    this.#note({ type: 'failed', about, fault });
  }

  onRefused(_transport: Transport, host: string, port: number, fault: TransportFault): void {
    this.#note({ type: 'refused', host, port, fault });
  }

  /** Calls something of the transport during which the witness must not be called. */
  guard(call: () => void): void {
    this.#isInsideCall = true;
    try {
      call();
    } finally {
      this.#isInsideCall = false;
    }
  }

  all<T extends Told['type']>(type: T): readonly Extract<Told, { type: T }>[] {
    return this.told.filter((told): told is Extract<Told, { type: T }> => told.type === type);
  }

  /** Every datagram, or the stretches of each connection joined, as text. */
  texts(): readonly string[] {
    const texts = this.all('datagram').map((told) => textOf(told.bytes));
    const streams = new Map<number, string>();
    for (const { flow, bytes } of this.all('data'))
      streams.set(flow.connection, (streams.get(flow.connection) ?? '') + textOf(bytes));
    return [...texts, ...streams.values()];
  }

  /** How many bytes came in. */
  receivedBytes(): number {
    return [...this.all('datagram'), ...this.all('data')].reduce((sum, told) => sum + told.bytes.length, 0);
  }

  #note(told: Told): void {
    assert.ok(!this.#isInsideCall, `told "${told.type}" from inside send or flush`);
    this.told.push(told);
    this.onNote();
  }
}

/** One character a byte. */
export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 4_096) text += String.fromCharCode(...bytes.subarray(i, i + 4_096));
  return text;
}

export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}
