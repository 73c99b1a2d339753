import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], more: object = {}) => ({
  test: { name, include, ...more },
});

export default defineConfig({
  test: {
    projects: [
      project('rules', ['test/**/rules.test.ts', 'test/core/**/*.test.ts', 'test/federation/**/*.unit.test.ts']),
      project('architecture', ['test/architecture/**/*.test.ts'], { testTimeout: 120_000 }),
    ],
  },
});
