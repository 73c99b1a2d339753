import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], more: object = {}) => ({
  test: { name, include, ...more },
});

/** A PostgreSQL and a Meilisearch for the run; every project that needs a database names it. */
const servers = ['test/support/global-setup.ts'];

export default defineConfig({
  test: {
    projects: [
      project('rules', ['test/**/rules.test.ts', 'test/core/**/*.test.ts', 'test/federation/**/*.unit.test.ts']),
      project('config', ['test/config/**/*.test.ts', 'test/db/migrate.test.ts'], {
        globalSetup: servers,
        testTimeout: 30_000,
      }),
      project('embedded', ['test/features/embedded/**/*.test.ts'], { testTimeout: 60_000, fileParallelism: false }),
      project('architecture', ['test/architecture/**/*.test.ts'], { testTimeout: 120_000 }),
    ],
  },
});
