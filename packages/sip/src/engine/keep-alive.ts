/** RFC 5626 §4.4: CRLF keep-alives on datagrams, and the four zero bytes of some phones. */
export function isKeepAlive(bytes: Uint8Array): boolean {
  if (bytes.length > 4) return false;
  for (const byte of bytes) if (byte !== 13 && byte !== 10 && byte !== 0) return false;
  return true;
}

/** What answers a ping on a stream (RFC 5626 §3.5.1). */
export const PONG = new Uint8Array([13, 10]);
