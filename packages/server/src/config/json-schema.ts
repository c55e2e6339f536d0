import * as z from 'zod';
import { ConfigSchema } from './schema.ts';

/** The part of JSON Schema that the configuration uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
}

/** The configuration as JSON Schema (2020-12), of what people write: defaults are optional. */
export function jsonSchemaOf(): JsonSchema {
  const schema = z.toJSONSchema(ConfigSchema, {
    io: 'input',
    // Values are read-only for the program, not for the person at the editor.
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
    },
  });
  return { title: 'Strowger configuration', ...schema } as JsonSchema;
}

/** The text of `strowger.schema.json`: two spaces, lists of plain values on one line. */
export function printJsonSchema(): string {
  return `${JSON.stringify(jsonSchemaOf(), null, 2).replaceAll(PLAIN_LIST, (list) =>
    list
      .replaceAll(/\s*\n\s*/g, ' ')
      .replace('[ ', '[')
      .replace(' ]', ']'),
  )}\n`;
}

/** Every key with its dotted path, list entries as `users[].name`, in the order of the schema. */
export function* keysOf(
  schema: JsonSchema = jsonSchemaOf(),
  above = '',
): Generator<[path: string, schema: JsonSchema]> {
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    const path = above === '' ? key : `${above}.${key}`;
    yield [path, child];
    yield* keysOf(child.items ?? child, child.items === undefined ? path : `${path}[]`);
  }
}

/** The keys that may stand in the mapping at this path. */
export function keysAt(path: readonly (string | number)[]): string[] {
  let schema: JsonSchema | undefined = jsonSchemaOf();
  for (const step of path) schema = typeof step === 'number' ? schema?.items : schema?.properties?.[step];
  return Object.keys(schema?.properties ?? {});
}

const PLAIN_LIST = /\[\n[^[\]{}]*\n\s*\]/g;
