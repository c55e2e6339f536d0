import type { Finding } from './finding.ts';
import { lineAt, type Source } from './source.ts';

/** Checks that every test runs and can fail: none is skipped, singled out, promised for later or empty. */
export function checkTests(path: string, source: Source): readonly Finding[] {
  if (!/\.(test|sim)\.ts$/.test(path)) return [];
  const findings: Finding[] = [];
  const add = (offset: number, sentence: string): void => {
    findings.push({ path, line: lineAt(source.text, offset), sentence });
  };
  for (const match of source.code.matchAll(MARKED)) add(match.index, `${match[0].replace(/\s/g, '')}: every test runs`);
  for (const match of source.code.matchAll(CALL)) {
    const open = match.index + match[0].length - 1;
    const inside = source.code.slice(open + 1, closingAt(source.code, open));
    const option = OPTION.exec(inside)?.[1];
    if (option !== undefined && !(option === 'skip' && mayLackPeers(path)))
      add(match.index, `${option}: every test runs`);
    if (/(?:=>|\))\s*\{\s*\}\s*,?\s*$/.test(inside) || /^\s*['"`][^,]*$/.test(inside))
      add(match.index, 'is a test with nothing in it');
  }
  return findings;
}

/** Interop tests need programs that not every machine has; a run with CI=true has them all. */
const mayLackPeers = (path: string): boolean => path.startsWith('conformance/interop/');

function closingAt(code: string, open: number): number {
  let depth = 0;
  for (let p = open; p < code.length; p += 1) {
    if ('([{'.includes(code.charAt(p))) depth += 1;
    if (')]}'.includes(code.charAt(p))) depth -= 1;
    if (depth === 0) return p;
  }
  return code.length;
}

const MARKED = /(?<![.\w$])(?:test|it|describe|suite|t)\s*\.\s*(?:skip|only|todo)\b/g;
const CALL = /(?<![.\w$])(?:test|it)\s*\(/g;
/** An option object stands between the title and the function. */
const OPTION = /^\s*['"`][^,]*,\s*\{[^}]*?\b(skip|only|todo)\s*[:,}]/;
