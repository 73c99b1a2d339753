import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ProblemCatalogue } from '#core/problem.ts';
import { PEER_PROBLEMS } from '#federation/protocol/problems.ts';
import { catalogues } from '../../src/pages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = globSync(['src/**/*.ts', 'federation/**/*.ts'], { cwd: root }).map((file) => ({
  file,
  text: readFileSync(join(root, file), 'utf8'),
}));
const entries = catalogues.flatMap((catalogue) => Object.entries(catalogue));

test('every catalogue is registered, so that /problems/<code> answers for each of its codes', async () => {
  const found = new Map<string, ProblemCatalogue>();
  for (const { file, text } of sources) {
    for (const [, name = ''] of text.matchAll(/export const (\w+) = defineProblems\(/g))
      found.set(`${name} of ${file}`, (await import(join(root, file)))[name]);
  }
  expect(found.size).toBeGreaterThan(8);
  const missing = [...found].filter(([, catalogue]) => !catalogues.includes(catalogue)).map(([name]) => name);
  expect(missing, 'add it to `catalogues` in src/pages.ts').toEqual([]);
});

test('a problem is made from a catalogue and nowhere else', () => {
  const makers = sources.filter(({ text }) => /new Problem\(|extends Problem\b/.test(text)).map(({ file }) => file);
  expect(makers).toEqual(['src/core/problem.ts']);
});

test('a code means one thing', () => {
  const byCode = Map.groupBy(entries, ([code]) => code);
  const shared = [...byCode].filter(([, same]) => same.length > 1);
  // The protocol's codes are its own and are never renamed: where ours says the same, the status has to agree.
  expect(shared.filter(([code]) => !(code in PEER_PROBLEMS)).map(([code]) => code)).toEqual([]);
  for (const [, same] of shared) expect(new Set(same.map(([, { status }]) => status)).size).toBe(1);
});

describe.each(entries)('%s', (code, { status, vi, en }) => {
  let uses: number;
  beforeAll(() => {
    // In its catalogue the code is a key; anywhere else it is a string.
    uses = sources.filter(({ text }) => new RegExp(`'${code}'(?!:)`).test(text)).length;
  });

  test('is a refusal with a title and something to do, in Vietnamese and in English', () => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    for (const [title, detail] of [vi, en]) {
      expect(title).toMatch(/^\S.{3,}[^.\s]$/s);
      expect(detail).toMatch(/^\S.{3,}[.?!]$/s);
    }
    expect(vi).not.toEqual(en);
  });

  test('is given somewhere', () => {
    expect(uses).toBeGreaterThan(0);
  });
});
