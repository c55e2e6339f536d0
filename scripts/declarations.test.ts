import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiPages, strayApiPages } from './api-report.ts';
import { readDeclarations } from './declarations.ts';
import { withFolder } from './fixture.ts';

test('declarations are found with the comment before them, and overloads stay together', () => {
  const { declared, exported } = readDeclarations(`import type { X } from './x.ts';
/** A type; with { braces }. */
export type A = {
    readonly a: 1;
};
interface Hidden {
    b: 2;
}
export declare function f(a: string): Hidden;
export declare function f(a: number): X;
export declare const c: (x: { y: string; }) => void;
export { type X as Y };
export {};
`);
  assert.deepEqual(
    exported.map(({ name, local }) => `${local} as ${name}`),
    ['A as A', 'f as f', 'c as c', 'X as Y'],
  );
  assert.equal(declared.get('A')?.[0], '/** A type; with { braces }. */\nexport type A = {\n    readonly a: 1;\n};');
  assert.equal(declared.get('Hidden')?.[0], 'interface Hidden {\n    b: 2;\n}');
  assert.equal(declared.get('f')?.length, 2);
});

const FILES = {
  'packages/sip/package.json': '{ "name": "@strowger/sip", "exports": { "./*": "./src/*/index.ts" } }',
  'packages/sip/src/message/index.ts': '',
  'packages/sip/src/roles/proxy/index.ts': '',
  '.cache/build/packages/sip/src/message/index.d.ts':
    "export { a, type B as C } from './a.ts';\nexport * from './all.ts';\nexport { z } from 'zod';\n",
  '.cache/build/packages/sip/src/message/a.d.ts':
    '/** What a is. */\nexport declare const a: 1;\nexport interface B {\n    #private;\n    b: a;\n}\nexport type No = 1;\n',
  '.cache/build/packages/sip/src/message/all.d.ts':
    "export { deep } from '../text/deep.ts';\nexport * from './index.ts';\n",
  '.cache/build/packages/sip/src/text/deep.d.ts': 'export declare function deep(): void;\n',
};

test('a page holds the declaration of each exported name and of nothing else', () => {
  const pages = withFolder(FILES, apiPages);
  assert.deepEqual(
    pages.map(({ path }) => path),
    ['docs/reference/api/sip-message.md', 'docs/reference/api/sip-roles-proxy.md', 'docs/reference/api/README.md'],
  );
  const code = /```ts\n([\s\S]*)```/.exec(pages[0]?.text ?? '')?.[1];
  assert.equal(
    code,
    `/** What a is. */
export declare const a: 1;

export interface B {
    b: a;
}
export { B as C };

export declare function deep(): void;

export { z } from 'zod';
`,
  );
});

test('a page whose entry point is gone is a stray', () => {
  const files = ['docs/reference/api/sip-message.md', 'docs/reference/api/old.md', 'docs/other.md'];
  assert.deepEqual(strayApiPages(files, [{ path: 'docs/reference/api/sip-message.md', text: '' }]), [
    'docs/reference/api/old.md',
  ]);
});
