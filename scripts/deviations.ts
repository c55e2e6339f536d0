import type { Piece, Source } from './source.ts';
import type { Tree } from './tree.ts';

/** A place where the code knowingly leaves the text of an RFC, or takes what the text forbids. */
export interface Deviation {
  readonly type: 'deviation' | 'lenient';
  /** The section, or nothing for leniency towards what no RFC names. */
  readonly where: string;
  readonly why: string;
  readonly path: string;
}

/** Collects the marks from the comments of what is shipped. */
export function deviationsOf(tree: Tree): readonly Deviation[] {
  const found: Deviation[] = [];
  for (const [path, source] of tree.sources) {
    if (!path.startsWith('packages/') || /\.(test|sim)\.ts$/.test(path)) continue;
    for (const text of paragraphsOf(source)) {
      for (const match of text.matchAll(MARK)) {
        const [, word, where = '', why = ''] = match;
        found.push({ type: word === 'LENIENT' ? 'lenient' : 'deviation', where, why: why.trim(), path });
      }
    }
  }
  return found.sort((a, b) => orderOf(a).localeCompare(orderOf(b), 'en', { numeric: true }));
}

/** The page in the docs. It names files and no lines, so that it changes only when a deviation does. */
export function printDeviations(all: readonly Deviation[]): string {
  const section = (type: Deviation['type']): string => {
    const lines = all
      .filter((one) => one.type === type)
      .map(({ where, why, path }) => `- ${where === '' ? '' : `**${where}** `}${why} (\`${path}\`)`);
    return lines.length === 0 ? 'None.' : lines.join('\n');
  };
  return `# Where the code leaves the standards

This page is printed from the comments in the sources by \`node scripts/check.ts --write\`.

## Deviations: we do it otherwise, on purpose

${section('deviation')}

## Leniency: we accept what the text forbids, because somebody sends it

${section('lenient')}
`;
}

/** The comments as running text: line comments that follow each other are one, a blank line parts two. */
function paragraphsOf(source: Source): readonly string[] {
  const blocks: Piece[] = [];
  for (const comment of source.comments) {
    const last = blocks.at(-1);
    const gap = last === undefined ? '' : source.text.slice(last.end, comment.start);
    if (last?.text.startsWith('//') && comment.text.startsWith('//') && /^\n[ \t]*$/.test(gap)) {
      blocks[blocks.length - 1] = { start: last.start, end: comment.end, text: `${last.text}\n${comment.text}` };
    } else {
      blocks.push(comment);
    }
  }
  return blocks.flatMap(({ text }) =>
    text
      .replace(/^\/\*+|\*+\/$/g, '')
      .replace(/^[ \t]*(?:\/\/+|\*)[ \t]?/gm, '')
      .split(/\n\s*\n/)
      .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim()),
  );
}

const orderOf = ({ where, path, why }: Deviation): string => `${where} ${path} ${why}`;

const MARK = /\b(DEVIATION|LENIENT)(?:\(([^)]*)\))?:\s*([\s\S]*?)(?=\s*(?:\b(?:DEVIATION|LENIENT)(?:\([^)]*\))?:|$))/g;
