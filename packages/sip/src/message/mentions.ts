import { isBlank, spells } from '../text/chars.ts';
import type { HeaderName } from './header.ts';
import type { Message } from './message.ts';

/**
 * False when no value of the header has a parameter whose name, in lower case, begins with `name`; true when one may have it.
 * A look at the text that decodes nothing, for parameters that few messages have.
 */
export function mentionsParam({ content }: Message, def: HeaderName, name: string): boolean {
  for (let i = content.find(def); i >= 0; i = content.find(def, i + 1)) {
    const line = content.refAt(i);
    if (typeof line !== 'number') {
      if (hasName(line.value, 0, line.value.length, name)) return true;
      continue;
    }
    const { text, table, plain } = content.head;
    if (!plain || hasName(text, table[line * 4 + 2] as number, table[line * 4 + 3] as number, name)) return true;
  }
  return false;
}

function hasName(text: string, start: number, end: number, name: string): boolean {
  for (let p = text.indexOf(';', start); p >= 0 && p < end; p = text.indexOf(';', p + 1)) {
    let at = p + 1;
    while (at < end && isBlank(text.charCodeAt(at))) at += 1;
    if (spells(text, at, name)) return true;
  }
  return false;
}
