import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], more: object = {}) => ({
  test: { name, include, ...more },
});

/** A PostgreSQL and a Meilisearch for the run; every project that needs a database names it. */
const servers = ['test/support/global-setup.ts'];

/**
 * Files that may share what was loaded: all state of ours is made by `compose`, and loading everything anew for each file took
 * a third of the time.
 */
const shared = { isolate: false } as const;

/** All slices but those with a project of their own. Whatever starts several buyers at once is a fault test. */
const trade = '!(search|federation|embedded)';

export default defineConfig({
  test: {
    projects: [
      project('rules', [
        'test/**/rules.test.ts',
        'test/core/**/*.test.ts',
        'test/web/**/*.test.ts',
        'test/federation/**/*.unit.test.ts',
      ]),
      project('config', ['test/config/**/*.test.ts', 'test/db/**/*.test.ts'], {
        globalSetup: servers,
        testTimeout: 30_000,
      }),
      project('trade', [`test/features/${trade}/!(rules).test.ts`, 'test/journeys/**/*.test.ts'], {
        globalSetup: servers,
        testTimeout: 30_000,
        hookTimeout: 60_000,
        ...shared,
      }),
      project('http', ['test/http/**/*.test.ts'], { globalSetup: servers, testTimeout: 30_000, hookTimeout: 60_000 }),
      project('faults', ['test/faults/**/*.test.ts'], {
        globalSetup: servers,
        testTimeout: 120_000,
        hookTimeout: 60_000,
      }),
      project('search', ['test/features/search/!(rules).test.ts', 'test/relevance/**/*.test.ts'], {
        globalSetup: servers,
        testTimeout: 60_000,
        hookTimeout: 60_000,
      }),
      project('conformance', ['test/conformance/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 60_000 }),
      project('federation', ['test/features/federation/**/*.test.ts'], {
        globalSetup: servers,
        testTimeout: 30_000,
        hookTimeout: 60_000,
      }),
      project('embedded', ['test/features/embedded/**/*.test.ts'], {
        testTimeout: 60_000,
        hookTimeout: 60_000,
        fileParallelism: false,
      }),
      project('browser', ['test/browser/**/*.test.ts'], {
        globalSetup: servers,
        testTimeout: 60_000,
        hookTimeout: 60_000,
        fileParallelism: false,
      }),
      project('architecture', ['test/architecture/**/*.test.ts'], { testTimeout: 120_000, hookTimeout: 120_000 }),
    ],
  },
});
