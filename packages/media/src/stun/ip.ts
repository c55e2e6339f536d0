/** IP literals as sockets give them, and their 4 or 16 bytes. */

/** @throws RangeError for what is no address */
export function readIp(text: string): Uint8Array {
  const bytes = text.includes(':') ? readIpv6(text.replace(/%.*$/, '')) : readIpv4(text);
  if (bytes === undefined) throw new RangeError(`"${text}" is no IP address`);
  return bytes;
}

/** In the form of RFC 5952 §4. */
export function printIp(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number));
  const [from, length] = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  return length < 2 ? hex.join(':') : `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`;
}

function readIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  const isAddress = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return isAddress ? Uint8Array.from(parts, Number) : undefined;
}

function readIpv6(text: string): Uint8Array | undefined {
  const [head = '', tail, more] = text.split('::');
  const front = bytesOfGroups(head);
  const back = tail === undefined ? [] : bytesOfGroups(tail);
  if (more !== undefined || front === undefined || back === undefined) return undefined;
  const missing = 16 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...front, ...new Array<number>(missing).fill(0), ...back]);
}

/** The last group may be an IPv4 address. */
function bytesOfGroups(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const out: number[] = [];
  for (const [i, group] of groups.entries()) {
    const v4 = i === groups.length - 1 && group.includes('.') ? readIpv4(group) : undefined;
    if (v4 !== undefined) out.push(...v4);
    else if (/^[0-9a-f]{1,4}$/i.test(group))
      out.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255);
    else return undefined;
  }
  return out;
}

function longestZeroRun(groups: readonly number[]): readonly [from: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  for (let i = 0; i < groups.length; i += 1) {
    let end = i;
    while (groups[end] === 0) end += 1;
    if (end - i > best[1]) best = [i, end - i];
    i = Math.max(i, end - 1);
  }
  return best;
}
