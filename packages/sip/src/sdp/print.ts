import { UsageFault } from '../text/faults.ts';
import { splitLines } from './line.ts';
import type { Sdp } from './sdp.ts';
import {
  type Grammar,
  kindOf,
  MEDIA,
  mediaLines,
  type PlainLine,
  respelled,
  SESSION,
  sessionLines,
} from './section.ts';

/**
 * The text of a description. Lines that say what they said when they were received are written as they were received, at
 * their places; all others as RFC 8866 §9 spells them, with CR and LF (or with the line end of the section around them).
 *
 * @throws UsageFault for values that cannot stand in their lines, such as a name with a line break in it
 */
export function printSdp(sdp: Sdp): string {
  const lines = [
    ...printSection(sessionLines(sdp), sdp.source, SESSION),
    ...sdp.media.flatMap((media) => printSection(mediaLines(media), media.source, MEDIA)),
  ];
  // A last line that was received without an end needs one when others follow it now.
  const last = lines.length - 1;
  return lines.map((line, i) => (i === last || line.endsWith('\n') ? line : line + endOf(lines[i - 1]))).join('');
}

function printSection(lines: readonly PlainLine[], source: string | undefined, grammar: Grammar): readonly string[] {
  for (const line of lines) checkLine(line, grammar);
  if (source === undefined) return lines.map(({ content }) => `${content}\r\n`);
  const old = readSource(source, grammar);
  const places: Places = { at: old.map(() => []), before: [...old, undefined].map(() => []), end: endOf(old[0]?.raw) };
  for (const kind of grammar.order) {
    const ofKind = old.filter((line) => line.kind === kind);
    const now = lines.filter((line) => line.kind === kind);
    if (ofKind.length === 0) insert(places, now, placeOf(kind, old, grammar));
    else replace(places, now, ofKind);
  }
  return places.before.flatMap((before, i) => [...before, ...(places.at[i] ?? [])]);
}

/** A line as it was received, with its end, and what it says. */
interface OldLine extends PlainLine {
  readonly index: number;
  readonly raw: string;
}

/** What is written at the place of each old line and before it; before the place behind the last one, too. */
interface Places {
  readonly at: readonly string[][];
  readonly before: readonly string[][];
  /** The end of lines that are new here. */
  readonly end: string;
}

function readSource(source: string, grammar: Grammar): readonly OldLine[] {
  return splitLines(source).map(({ content, end }, index) => ({
    index,
    kind: kindOf(content, grammar) ?? '',
    content: respelled(content) ?? '\n',
    raw: content + end,
  }));
}

/**
 * Writes the lines of one kind where the old ones of this kind stood. What is the same at the beginning and at the end keeps
 * its place; between these, lines take the places of old ones one by one, and the rest follow the last of them.
 */
function replace(places: Places, now: readonly PlainLine[], old: readonly OldLine[]): void {
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head]?.content === now[head]?.content) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail)?.content === now.at(-1 - tail)?.content) tail += 1;
  const changed = old.slice(head, old.length - tail);
  for (const { index, raw } of [...old.slice(0, head), ...old.slice(old.length - tail)]) places.at[index]?.push(raw);
  const spellings = spellingsOf(changed);
  const slots = changed.length > 0 ? changed : old.slice(Math.max(head - 1, 0), Math.max(head, 1));
  const into = changed.length > 0 || head > 0 ? places.at : places.before;
  now.slice(head, now.length - tail).forEach(({ content }, i) => {
    const slot = slots[Math.min(i, slots.length - 1)];
    into[slot?.index ?? -1]?.push(spellings.get(content)?.pop() ?? content + places.end);
  });
}

/** How lines were written, the first one last, by what they say. */
function spellingsOf(lines: readonly OldLine[]): ReadonlyMap<string, string[]> {
  const spellings = new Map<string, string[]>();
  for (const { content, raw } of lines.toReversed()) {
    const same = spellings.get(content);
    if (same === undefined) spellings.set(content, [raw]);
    else same.push(raw);
  }
  return spellings;
}

function insert(places: Places, now: readonly PlainLine[], place: number): void {
  places.before[place]?.push(...now.map(({ content }) => content + places.end));
}

/** Where the first line of a kind goes: behind the last line that the grammar has before it. */
function placeOf(kind: string, old: readonly OldLine[], grammar: Grammar): number {
  if (kind === '?') return old.length;
  const rank = grammar.order.indexOf(kind);
  return old.findLastIndex((line) => line.kind !== '' && grammar.order.indexOf(line.kind) < rank) + 1;
}

const endOf = (line: string | undefined): string => (line?.endsWith('\n') && !line.endsWith('\r\n') ? '\n' : '\r\n');

/** A line must be read as what it was written for; otherwise one value could say what belongs to another. */
function checkLine({ kind, content }: PlainLine, grammar: Grammar): void {
  const fits = content === '' || content.charAt(1) === '=';
  if (!fits || /[\0\r\n]/.test(content) || kindOf(content, grammar) !== kind || respelled(content) !== content)
    throw new UsageFault(`a value of the session description cannot stand in a "${kind}=" line`);
}
