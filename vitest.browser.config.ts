import { defineConfig } from 'vitest/config';

/** The long form of what Chromium sees: every page in every width, language and theme. `npm test` has each page once. */
export default defineConfig({
  test: {
    name: 'every page',
    include: ['test/browser/**/*.every.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false,
    reporters: ['default'],
  },
});
