/**
 * Asks for a socket buffer of so many bytes. Linux gives what `net.core.rmem_max` or `wmem_max` allow without a word; other
 * systems refuse a size above their limit, so half is asked for next, and with none accepted the system's default stays.
 */
export function askForBuffer(set: (bytes: number) => void, bytes: number): void {
  for (let size = bytes; size > 0; size = Math.floor(size / 2)) {
    try {
      set(size);
      return;
    } catch {
      // The next size is tried.
    }
  }
}
