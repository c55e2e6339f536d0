import type { HeaderName } from '../message/header.ts';
import type { Content } from '../message/message.ts';
import { idOfName } from '../message/names.ts';

/** A header field whose lines are copied unread, whether the table of headers knows it or not. */
export function headerNamed(name: string): HeaderName {
  const id = idOfName(name);
  return { id, name, key: name.toLowerCase(), compact: undefined, extension: id === 0 };
}

/** True when this line is one of these header fields. */
export function isLineOf(content: Content, index: number, headers: readonly HeaderName[]): boolean {
  const id = content.idAt(index);
  for (const header of headers) {
    if (header.extension ? id === 0 && isSpelled(content.nameAt(index), header) : id === header.id) return true;
  }
  return false;
}

function isSpelled(name: string, header: HeaderName): boolean {
  const lower = name.toLowerCase();
  return lower === header.key || lower === header.compact;
}
