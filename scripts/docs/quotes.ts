/**
 * Whether a block quotes a file: its pieces, between lines that are an ellipsis, stand in the file in this order, each
 * indented as a whole by any number of blanks.
 */
export function isQuoted(block: string, file: string): boolean {
  const lines = file.split('\n');
  let from = 0;
  for (const piece of piecesOf(block)) {
    const at = indexOfPiece(lines, piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return true;
}

function piecesOf(block: string): readonly (readonly string[])[] {
  const pieces: string[][] = [[]];
  for (const line of block.trimEnd().split('\n')) {
    if (/^\s*(?:\/\/ )?…$/.test(line)) pieces.push([]);
    else pieces.at(-1)?.push(line);
  }
  return pieces.map(trimmed).filter((piece) => piece.length > 0);
}

function indexOfPiece(lines: readonly string[], piece: readonly string[], from: number): number {
  for (let at = from; at + piece.length <= lines.length; at += 1) {
    const [first = ''] = piece;
    const line = lines[at] ?? '';
    const indent = line.slice(0, line.length - line.trimStart().length - (first.length - first.trimStart().length));
    if (piece.every((one, i) => lines[at + i] === (one === '' ? '' : `${indent}${one}`))) return at;
  }
  return -1;
}

/** Without empty lines at both ends. */
function trimmed(piece: readonly string[]): readonly string[] {
  const start = piece.findIndex((line) => line.trim() !== '');
  const end = piece.findLastIndex((line) => line.trim() !== '');
  return start < 0 ? [] : piece.slice(start, end + 1);
}
