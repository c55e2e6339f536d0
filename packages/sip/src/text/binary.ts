/**
 * Header text is kept one character a byte, so that offsets in the text are offsets in the datagram. What is not ASCII is
 * UTF-8 (RFC 3261 §7.3.1) and is decoded when a value is read. Both ways cost nothing for ASCII.
 */

/** Text as one character a byte of its UTF-8 form. */
export function toBinary(text: string): string {
  return isAscii(text) ? text : unescapeBytes(encodeURIComponent(wellFormed(text)));
}

/** Text from one character a byte; bytes that are not UTF-8 stay as the characters of ISO 8859-1. */
export function fromBinary(binary: string): string {
  if (isAscii(binary)) return binary;
  try {
    return decodeURIComponent(escapeBytes(binary));
  } catch {
    return binary; // LENIENT: phones that send ISO 8859-1 names
  }
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 127) return false;
  return true;
}

const wellFormed = (text: string): string =>
  text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
const unescapeBytes = (text: string): string =>
  text.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
const escapeBytes = (binary: string): string =>
  binary.replace(/[^0-9A-Za-z]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
