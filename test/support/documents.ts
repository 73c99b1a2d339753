import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, disconnect } from '#db/client.ts';
import { createJobs } from '#db/jobs.ts';
import type { App } from '#http/app.ts';
import { composeServices } from '../../src/compose.ts';
import { loadConfig } from '../../src/config/config.ts';
import { composeApp } from '../../src/server.ts';
import { createLog, type Stores } from '../../src/stores.ts';
import { failuresText } from './failures.ts';

/** Nobody listens there: whatever is composed must not need its servers before the first request. */
const nowhere = 'postgres://nobody:nothing@127.0.0.1:9/none';
const ignore = (): void => {};

const unconnected = (): Stores => ({
  log: createLog('silent'),
  db: connect(nowhere, { applicationName: 'documents', onError: ignore, statementTimeoutMs: 1_000 }),
  jobs: createJobs(nowhere, ignore),
  signals: { on: () => ignore, close: async () => {} },
  databaseUrl: nowhere,
  meili: undefined,
  searchAbsent: undefined,
  pendingMigrations: async () => [],
  ping: async () => {},
  close: async () => {},
});

/**
 * Runs `work` with the whole application, composed as in production but connected to nothing: enough to ask it which
 * routes it has and how it describes them.
 */
export async function withComposedApp<T>(
  work: (app: App) => Promise<T>,
  waitingFor: readonly string[] = [],
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cho-noi-documents-'));
  try {
    const config = loadConfig({
      DATA_DIR: dataDir,
      DATABASE_URL: nowhere,
      PUBLIC_URL: 'https://san.soctrang.example',
      DEMO: '1',
    });
    const stores = unconnected();
    const services = composeServices(stores, config);
    const app = await composeApp(services, config, {
      ping: stores.ping,
      waitingFor: () => waitingFor,
      draining: () => false,
    });
    await app.ready();
    try {
      return await work(app);
    } finally {
      await app.close();
      await services.close();
      await disconnect(stores.db);
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const column = (rows: readonly (readonly string[])[], index: number): number =>
  Math.max(...rows.map((row) => (row[index] ?? '').length));

/** docs/routes.txt: every route in the order of its path, with who may call it and its name in the API document. */
export function routesText({ routeList }: App): string {
  const rows = routeList
    .map(({ method, path, access, roles, operationId }) => [
      method,
      path,
      [access, ...roles].join(','),
      operationId ?? '-',
    ])
    .toSorted(([methodA = '', pathA = ''], [methodB = '', pathB = '']) =>
      pathA === pathB ? (methodA < methodB ? -1 : 1) : pathA < pathB ? -1 : 1,
    );
  const widths = [0, 1, 2].map((index) => column(rows, index));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}

/** docs/openapi.json: what `GET /openapi.json` answers. */
export async function openApiText(app: App): Promise<string> {
  const response = await app.inject('/openapi.json');
  return `${JSON.stringify(response.json(), null, 2)}\n`;
}

/** The checked-in documents that are written from the code, with what the code says today. */
export const documents = [
  { file: 'docs/routes.txt', write: async (app: App) => routesText(app) },
  { file: 'docs/openapi.json', write: openApiText },
  { file: 'docs/federation-failures.md', write: async () => failuresText() },
] as const;

export const documentUrl = (file: string): URL => new URL(`../../${file}`, import.meta.url);
export const readDocument = (file: string): string => readFileSync(documentUrl(file), 'utf8');
