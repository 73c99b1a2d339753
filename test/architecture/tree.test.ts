import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rooms = ['src', 'federation', 'conformance', 'test', 'docs', 'migrations'];
const code = globSync(['{src,federation,conformance,test}/**/*.{ts,js,css}', '*.{ts,cjs}'], { cwd: root });
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** `file:line text` of each line that matches, in files for which `among` is true. */
const linesWith = (pattern: RegExp, among: (file: string) => boolean = () => true): readonly string[] =>
  code.filter(among).flatMap((file) =>
    textOf(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
  );
const ofProgram = (file: string): boolean => /^(src|federation|conformance)\/.*\.ts$/.test(file);

test('the files are really seen', () => {
  expect(code.length).toBeGreaterThan(250);
  expect(code).toContain('src/main.ts');
  expect(linesWith(/^import /, ofProgram).length).toBeGreaterThan(500);
});

describe('sizes and names', () => {
  test('no file has more than 400 lines, and main.ts not more than 40', () => {
    // A style sheet is a list; it is read by searching.
    const lengths = code
      .filter((file) => !file.endsWith('.css'))
      .map((file) => [file, textOf(file).split('\n').length - 1] as const);
    expect(lengths.filter(([, length]) => length > 400)).toEqual([]);
    expect(lengths.find(([file]) => file === 'src/main.ts')?.[1]).toBeLessThanOrEqual(40);
  });

  test("a slice's public face has at most 20 lines", () => {
    const faces = globSync('src/features/*/index.ts', { cwd: root });
    expect(faces.length).toBeGreaterThan(8);
    expect(faces.filter((file) => textOf(file).split('\n').length - 1 > 20)).toEqual([]);
  });

  test('nothing is called after a drawer', () => {
    const drawers = /^(utils?|helpers?|common|shared|misc|lib|base|manager)s?(\.|$)/i;
    const names = globSync('{src,federation,conformance,test}/**/*', { cwd: root });
    expect(names.filter((file) => drawers.test(basename(file)))).toEqual([]);
  });

  test('no folder is empty', () => {
    const folders = globSync(`{${rooms.join(',')}}/**/`, { cwd: root });
    expect(folders.length).toBeGreaterThan(40);
    expect(folders.filter((folder) => readdirSync(join(root, folder)).length === 0)).toEqual([]);
  });
});

describe('habits', () => {
  test('the linter holds what only it can see', () => {
    const { linter } = JSON.parse(textOf('biome.json'));
    const { style, suspicious, complexity, nursery } = linter.rules;
    expect(style).toMatchObject({ noNonNullAssertion: 'error', noDefaultExport: 'error', noProcessEnv: 'error' });
    expect(suspicious).toMatchObject({ noExplicitAny: 'error', noConsole: 'error' });
    expect(complexity.noExcessiveLinesPerFunction).toMatchObject({ level: 'error', options: { maxLines: 70 } });
    expect(nursery.noFloatingPromises).toBe('error');
  });

  test('a rule is set aside only where a reason stands beside it', () => {
    expect(linesWith(new RegExp(['@ts-', '(ignore|nocheck)'].join('')))).toEqual([]);
    const suppressions = linesWith(new RegExp(['biome', 'ignore'].join('-')));
    expect(suppressions.filter((line) => !/: \S+ \S+ \S+/.test(line.slice(line.indexOf('lint/'))))).toEqual([]);
  });

  test('a decision stands where somebody meant to put one', () => {
    expect(linesWith(new RegExp(`\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|X{3})\\b`))).toEqual([]);
  });

  test('only the clock reads the time', () => {
    const present = linesWith(/new Date\(\)|Date\.now\(\)/, (file) => ofProgram(file) && file !== 'src/core/clock.ts');
    expect(present).toEqual([]);
  });
});

describe('documents', () => {
  const documents = globSync(['*.md', 'docs/**/*.md', '{federation,conformance}/**/*.md'], { cwd: root });

  test('every link leads to a file that is there', () => {
    expect(documents.length).toBeGreaterThan(15);
    const broken = documents.flatMap((document) =>
      [...textOf(document).matchAll(/\]\((?!https?:)([^)#]+)/g)]
        .map(([, target = '']) => join(dirname(document), target))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${document} → ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test('every decision says its risks and what would change our mind', () => {
    const decisions = documents.filter((document) => document.startsWith('docs/adr/'));
    for (const decision of decisions)
      for (const part of ['Context', 'Decision', 'Risks', 'What would change our mind'])
        expect(textOf(decision), decision).toContain(`**${part}.**`);
  });

  test('every command that a document names exists', () => {
    const { scripts } = JSON.parse(textOf('package.json'));
    const names = globSync('src/cli/*.ts', { cwd: root }).flatMap((file) =>
      [...textOf(file).matchAll(/name: '([a-z:-]+)'/g)].map(([, name]) => name),
    );
    expect(names.length).toBeGreaterThan(8);
    for (const document of documents) {
      const text = textOf(document);
      const asked = [...text.matchAll(/npm run (?!cli\b)([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
      expect(
        asked.filter((name) => !(name in scripts)),
        document,
      ).toEqual([]);
      const called = [...text.matchAll(/npm run cli -- ([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
      expect(
        called.filter((name) => !names.includes(name)),
        document,
      ).toEqual([]);
    }
  });
});
