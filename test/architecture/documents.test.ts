import { beforeAll, describe, expect, test } from 'vitest';
import type { RouteEntry } from '#http/access.ts';
import { documents, readDocument, withComposedApp } from '#test/support/documents.ts';

type Operation = { readonly operationId: string; readonly [member: string]: unknown };
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
});
