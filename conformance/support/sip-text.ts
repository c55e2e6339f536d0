/** A request with everything that every request needs (RFC 3261 §8.1.1), one character a byte. Lines given here come instead. */
export function requestText(start: string, lines: readonly string[] = [], body = ''): string {
  const [method = ''] = start.split(' ');
  const own = [
    `Via: SIP/2.0/UDP caller.example;branch=z9hG4bK${hashOf(`${start}${lines.join()}`)}`,
    'Max-Forwards: 70',
    'From: <sip:caller@elsewhere.example>;tag=from',
    'To: <sip:user@example.com>',
    `Call-ID: ${hashOf(`${method}${lines.join()}`)}@caller.example`,
    `CSeq: 1 ${method}`,
    `Content-Length: ${body.length}`,
  ].filter((line) => !lines.some((other) => nameOf(other) === nameOf(line)));
  // A line that ends with its colon says that the header is to be absent.
  const given = lines.filter((line) => !/^[\w-]+:$/.test(line));
  return `${start} SIP/2.0\r\n${[...own, ...given].join('\r\n')}\r\n\r\n${body}`;
}

/** A response as the one that a request asks would give it; Record-Route and all. */
export function responseText(request: string, status: string, lines: readonly string[] = [], body = ''): string {
  const copied = (request.split('\r\n\r\n', 1)[0] ?? '')
    .split('\r\n')
    .filter((line) => ['via', 'from', 'to', 'call-id', 'cseq', 'record-route'].includes(nameOf(line)))
    .map((line) => (nameOf(line) === 'to' && !line.includes(';tag=') ? `${line};tag=to` : line));
  return `SIP/2.0 ${status}\r\n${[...copied, ...lines, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`;
}

/** One character a byte to bytes. */
export const bytesOf = (binary: string): Uint8Array => new Uint8Array(Buffer.from(binary, 'latin1'));

/** The values of a header field in a message text, in order; only of its long name. */
export const valuesIn = (text: string, name: string): readonly string[] =>
  (text.split(/\r?\n\r?\n/, 1)[0] ?? '')
    .split(/\r?\n/)
    .filter((line) => nameOf(line) === name.toLowerCase())
    .map((line) => line.slice(line.indexOf(':') + 1).trim());

const nameOf = (line: string): string => (line.split(':', 1)[0] ?? '').trim().toLowerCase();

function hashOf(text: string): string {
  let hash = 7;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}
