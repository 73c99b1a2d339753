import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RouteEntry } from '#http/access.ts';
import { documents, readDocument, withComposedApp } from '#test/support/documents.ts';

type Media = {
  readonly schema: AnySchemaObject;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
};
type Content = { readonly content?: Readonly<Record<string, Media>> };
type Operation = {
  readonly operationId: string;
  readonly description?: string;
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
};
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

let routes: readonly RouteEntry[];
const written = new Map<string, string>();
beforeAll(async () => {
  await withComposedApp(async (app) => {
    routes = app.routeList;
    for (const { file, write } of documents) written.set(file, await write(app));
  });
});

test.each(documents.map(({ file }) => file))('%s says what the code says: else run npm run docs:write', (file) => {
  expect(readDocument(file)).toBe(written.get(file));
});

describe('the API document', () => {
  let operations: readonly string[];
  beforeAll(() => {
    const paths: Paths = JSON.parse(written.get('docs/openapi.json') ?? '').paths;
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`),
    );
  });

  test('describes every route that programs call', () => {
    const forPrograms = routes.filter(({ path }) => /^\/(v1|federation|\.well-known)\/|^\/(livez|readyz)$/.test(path));
    expect(forPrograms.length).toBeGreaterThan(40);
    expect(forPrograms.filter(({ operationId }) => operationId === null)).toEqual([]);
    // `:name` is a parameter and `::` a colon to the router; the document writes `{name}` and `:`.
    const inDocument = ({ path }: RouteEntry): string => path.replace(/(?<!:):(?!:)(\w+)/g, '{$1}').replace('::', ':');
    const wanted = routes.filter(({ operationId }) => operationId !== null);
    expect(new Set(operations)).toEqual(
      new Set(wanted.map((route) => `${route.method} ${inDocument(route)} ${route.operationId}`)),
    );
  });

  test('gives each operation a name of its own', () => {
    const names = operations.map((operation) => operation.split(' ')[2]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('shows each body and each answer by examples that are true to their schemas', () => {
    const document = JSON.parse(written.get('docs/openapi.json') ?? '');
    const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
    ajv.addSchema(document, 'openapi');
    const faults: string[] = [];
    const check = (where: string, { content = {} }: Content): void => {
      for (const [type, { schema, example, examples = {} }] of Object.entries(content)) {
        const shown = [
          ...(example === undefined ? [] : [example]),
          ...Object.values(examples).map(({ value }) => value),
        ];
        if (shown.length === 0) faults.push(`${where} ${type}: no example`);
        const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/'));
        const valid = ajv.compile(absolute);
        for (const value of shown) if (!valid(value)) faults.push(`${where}: ${ajv.errorsText(valid.errors)}`);
      }
    };
    for (const methods of Object.values(document.paths as Paths)) {
      for (const { operationId, requestBody, responses } of Object.values(methods)) {
        if (requestBody) check(`body of ${operationId}`, requestBody);
        for (const [status, answer] of Object.entries(responses)) check(`${operationId} ${status}`, answer);
      }
    }
    expect(faults).toEqual([]);
  });

  test('says of every operation what it refuses, each with its problem document', () => {
    const paths: Paths = JSON.parse(written.get('docs/openapi.json') ?? '').paths;
    const silent = Object.entries(paths).flatMap(([path, methods]) =>
      Object.values(methods)
        .filter(({ responses }) => !responses['4XX']?.content?.['application/problem+json'])
        .map(({ operationId }) => `${operationId} ${path}`),
    );
    // A probe is asked by a machine that looks at the status only.
    expect(silent.filter((name) => !/ \/(livez|readyz)$/.test(name))).toEqual([]);
  });
});
