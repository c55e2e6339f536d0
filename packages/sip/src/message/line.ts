import { toBinary } from '../text/binary.ts';
import type { Line } from './message.ts';
import { idOfName } from './names.ts';

/** A header line by name and text, for what is put together by hand. A line break in the value becomes a space. */
export const line = (name: string, value: string): Line => ({
  id: idOfName(name),
  name,
  value: toBinary(value.includes('\n') || value.includes('\r') ? value.replace(/[\r\n]+/g, ' ') : value),
});
