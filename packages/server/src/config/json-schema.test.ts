import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { jsonSchemaOf, keysAt, keysOf, printJsonSchema } from './json-schema.ts';

test('strowger.schema.json is current', () => {
  const file = new URL('../../strowger.schema.json', import.meta.url);
  assert.equal(readFileSync(file, 'utf8'), printJsonSchema(), HOW_TO_WRITE);
});

test('the printed schema is the schema', () => {
  assert.deepEqual(JSON.parse(printJsonSchema()), JSON.parse(JSON.stringify(jsonSchemaOf())));
});

test('every key has a description and every key but those of list entries has a default', () => {
  for (const [path, schema] of keysOf()) {
    assert.ok((schema.description ?? '').length > 20, `${path} has no description`);
    assert.equal(schema.default === undefined, path.includes('[].'), path);
  }
});

test('the keys of each mapping are known by path', () => {
  assert.deepEqual(keysAt(['users', 3]), ['name', 'password', 'domain']);
  assert.deepEqual(keysAt(['log']), ['level', 'format']);
  assert.deepEqual(keysAt(['nowhere', 1, 'x']), []);
  assert.ok([...keysOf()].some(([path]) => path === 'users[].name'));
});

const HOW_TO_WRITE = `write it with: node --input-type=module -e "import { printJsonSchema } from './packages/server/src/config/index.ts'; process.stdout.write(printJsonSchema())" > packages/server/strowger.schema.json`;
