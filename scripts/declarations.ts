import { importsOf, readSource } from './source.ts';

/** A top-level statement of an emitted declaration file, with the comment before it. */
interface Statement {
  readonly text: string;
  /** The same without comments. */
  readonly code: string;
}

/** What one declaration file declares and passes on. */
export interface Declarations {
  /** The statements that declare a name; overloads are several. */
  readonly declared: ReadonlyMap<string, readonly string[]>;
  /** The names that it exports, in order, each with where it comes from. */
  readonly exported: readonly Exported[];
}

export interface Exported {
  /** The name that importers see; `*` for all names of another module. */
  readonly name: string;
  /** What it is called where it is declared. */
  readonly local: string;
  /** The module that it is passed on from; nothing when it is declared here. */
  readonly from: string | undefined;
}

/** Reads a file that the compiler emitted: declarations, and the lists of names it exports. */
export function readDeclarations(text: string): Declarations {
  const declared = new Map<string, string[]>();
  const exported: Exported[] = [];
  for (const statement of statementsOf(text)) {
    const name = DECLARATION.exec(statement.code)?.[2];
    if (name !== undefined) {
      const known = declared.get(name);
      if (known === undefined) declared.set(name, [statement.text]);
      else known.push(statement.text);
      if (known === undefined && statement.code.startsWith('export'))
        exported.push({ name, local: name, from: undefined });
    } else if (statement.code.startsWith('export')) {
      exported.push(...listOf(statement));
    }
  }
  return { declared, exported };
}

/** `export { a, type B as C } from './d.ts'`, `export * from './d.ts'`, `export * as e from './d.ts'`. */
function listOf(statement: Statement): readonly Exported[] {
  const from = importsOf(readSource(statement.text))[0]?.specifier;
  const star = /^export\s+(?:type\s+)?\*(?:\s*as\s+([\w$]+))?/.exec(statement.code);
  if (star !== null) return [{ name: star[1] ?? '*', local: '*', from }];
  const list = /\{([^}]*)\}/.exec(statement.code)?.[1] ?? '';
  return list
    .split(',')
    .map((item) => item.trim().replace(/^type\s+/, ''))
    .filter((item) => item !== '')
    .map((item) => {
      const [local = item, name = local] = item.split(/\s+as\s+/);
      return { name, local, from };
    });
}

function statementsOf(text: string): readonly Statement[] {
  const { code } = readSource(text);
  const found: Statement[] = [];
  let start = 0;
  let depth = 0;
  for (let p = 0; p < code.length; p += 1) {
    const char = code.charAt(p);
    if ('([{'.includes(char)) depth += 1;
    if (')]}'.includes(char)) depth -= 1;
    if (depth > 0 || !(char === ';' || (char === '}' && BLOCK.test(code.slice(start, p).trimStart())))) continue;
    found.push({ text: text.slice(start, p + 1).trim(), code: code.slice(start, p + 1).trim() });
    start = p + 1;
  }
  return found;
}

const DECLARATION =
  /^(?:export\s+)?(?:declare\s+)?(?:abstract\s+)?(const|let|var|function\*?|class|interface|type|namespace)\s+([\w$]+)/;
/** What ends with its brace; everything else ends with a semicolon. */
const BLOCK = /^(?:export\s+)?(?:declare\s+)?(?:abstract\s+)?(?:interface|class|namespace|module|global)\b/;
