/** A fenced block. */
export interface Fence {
  /** The word behind the opening marks; '' where there is none. */
  readonly language: string;
  /** With the last line break. */
  readonly text: string;
  /** The line of the opening marks, counted from 1. */
  readonly line: number;
}

/** Something found in a page, and its line, counted from 1. */
export interface Found {
  readonly text: string;
  readonly line: number;
}

/** A page taken apart. */
export interface Page {
  readonly fences: readonly Fence[];
  /** What stands between backticks outside of fences, in order. */
  readonly spans: readonly Found[];
  /** The targets of links. */
  readonly links: readonly Found[];
  /** The anchors of its headings, as forges make them. */
  readonly anchors: readonly string[];
  /** The text with its fences blank, line by line as it was. */
  readonly prose: string;
}

/** Reads as much of Markdown as the pages of this house use. */
export function readPage(text: string): Page {
  const fences: Fence[] = [];
  const lines = text.split('\n');
  let open: { readonly language: string; readonly line: number } | undefined;
  let inside: string[] = [];
  const prose = lines.map((line, index) => {
    const marks = /^```(\w*)/.exec(line);
    if (open === undefined && marks !== null) {
      open = { language: marks[1] ?? '', line: index + 1 };
      return '';
    }
    if (open === undefined) return line;
    if (marks !== null) {
      fences.push({ ...open, text: inside.map((one) => `${one}\n`).join('') });
      open = undefined;
      inside = [];
    } else inside.push(line);
    return '';
  });
  const joined = prose.join('\n');
  return {
    fences,
    spans: found(joined, /`([^`\n]+)`/g),
    links: found(
      joined.replace(/`[^`\n]*`/g, (span) => ' '.repeat(span.length)),
      /\]\(([^)\s]+)\)/g,
    ),
    anchors: found(joined, /^#+ (.+)$/gm).map(({ text: heading }) => anchorOf(heading)),
    prose: joined,
  };
}

/** The part of a page from a heading to the next one of its rank; '' without it. */
export function sectionOf(text: string, heading: string): string {
  const [marks = ''] = heading.split(' ');
  const start = `\n${text}`.indexOf(`\n${heading}\n`);
  if (start < 0) return '';
  const body = text.slice(start + heading.length);
  const next = new RegExp(`^#{1,${marks.length}} `, 'm').exec(body);
  return next === null ? body : body.slice(0, next.index);
}

function found(text: string, pattern: RegExp): readonly Found[] {
  return [...text.matchAll(pattern)].map((match) => ({
    text: match[1] ?? '',
    line: text.slice(0, match.index).split('\n').length,
  }));
}

/** Lower case, blanks as hyphens, nothing but letters, digits, hyphens and underscores. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
