import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { endOfFirst, type HeaderDef, headerTable, splitList } from '@strowger/sip/message';
import { fromBinary, SyntaxFault, toBinary, trimBlanks } from '@strowger/sip/text';
import { corpusOf } from '../corpus.ts';
import { HEADER_SAMPLES } from '../samples.ts';
import type { Target } from '../target.ts';
import { HEADER_WORDS } from '../words.ts';

/** Every codec of the header table: a text is a value or a SyntaxFault, and a value survives printing. Inputs are `Name: text`. */
export const header: Target = {
  name: 'header',
  share: 30,
  seeds: [
    ...Object.entries(HEADER_SAMPLES).flatMap(([name, texts]) => texts.map((text) => `${name}: ${text}`)),
    ...corpusOf('header').values(),
  ],
  words: HEADER_WORDS,
  check: (input, random) => {
    const colon = input.indexOf(':');
    const named = DEFS.get(input.slice(0, colon).toLowerCase());
    // Now and then the text is that of another header field.
    const def = named !== undefined && random.below(8) > 0 ? named : headerTable[random.below(headerTable.length)];
    if (def === undefined) return;
    // As a message gives it: unfolded, without the blanks around it.
    const text = trimBlanks(fromBinary(input.slice(colon + 1).replace(/\r?\n[ \t]+/g, ' ')));
    checkList(text);
    for (const item of def.arity === 'list' ? splitList(text) : [text]) checkCodec(def, item);
  },
};

function checkCodec(def: HeaderDef<unknown>, text: string): void {
  const value = decoded(def, text);
  if (value === NOTHING) return;
  const printed = def.encode(value);
  // What it prints may have grown beyond what a message can hold only where the text did.
  const again = decoded(def, fromBinary(toBinary(printed)));
  assert.ok(again !== NOTHING, `${def.name} refuses what it printed: ${printed}`);
  assert.ok(
    isDeepStrictEqual(said(again), said(value)),
    `${def.name} reads another value from what it printed: ${printed}`,
  );
  assert.equal(def.encode(again), printed, `${def.name} prints the same again`);
}

/** Whether a parameter of credentials was quoted is spelling: its own rules decide how it is printed. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => (key === 'quoted' ? [] : [[key, said(part)]])),
  );
}

function decoded(def: HeaderDef<unknown>, text: string): unknown {
  try {
    return def.decode(text);
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    assert.ok(fault.at >= 0 && fault.at <= text.length, `${def.name}: the offset ${fault.at} is within the text`);
    assert.ok(fault.expected !== '');
    return NOTHING;
  }
}

/** The first element ends where the others begin, and no element is lost. */
function checkList(text: string): void {
  const [first] = splitList(text);
  const end = endOfFirst(text);
  assert.ok(end <= text.length);
  if (trimBlanks(text.slice(0, end)) !== '') assert.equal(trimBlanks(text.slice(0, end)), first);
}

const DEFS = new Map(headerTable.map((def) => [def.key, def]));
const NOTHING = Symbol('no value');
