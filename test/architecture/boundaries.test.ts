import { execFile } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plants } from './boundaries.plants.ts';

type Cruise = {
  readonly modules: readonly {
    readonly source: string;
    readonly coreModule?: boolean;
    readonly dependencies: readonly { readonly resolved: string; readonly couldNotResolve: boolean }[];
  }[];
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly to: string; readonly rule: { name: string } }[];
  };
};

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));
const configFile = '.dependency-cruiser.cjs';
const rules: readonly string[] = require(join(root, configFile)).forbidden.map(({ name }: { name: string }) => name);

/** What `npm run deps` sees in `folder`, told as JSON. The tool exits with the number of violations. */
function cruise(folder: string): Promise<Cruise> {
  const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [tool, 'src', 'federation', 'conformance', '--config', configFile, '--output-type', 'json'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(JSON.parse(stdout));
      else reject(new Error(`dependency-cruiser said nothing: ${stderr}`, { cause: error }));
    });
  });
}

const ofOurs = ({ source }: { source: string }): boolean => /^(src|federation|conformance)\//.test(source);

describe('the tree', () => {
  let seen: Cruise;
  beforeAll(async () => {
    seen = await cruise(root);
  });

  test('is really seen by the tool: every source, and what it imports', () => {
    const onDisk = globSync(['src/**/*.ts', 'federation/**/*.ts', 'conformance/**/*.ts'], { cwd: root });
    const sources = new Set(seen.modules.map(({ source }) => source));
    expect(seen.modules.filter(ofOurs).length).toBeGreaterThan(100);
    expect(onDisk.filter((file) => !sources.has(file))).toEqual([]);
    const edges = seen.modules.flatMap(({ dependencies }) => dependencies);
    expect(edges.length).toBeGreaterThan(500);
    expect(edges.filter(({ couldNotResolve }) => couldNotResolve)).toEqual([]);
  });

  test('keeps every rule', () => {
    expect(seen.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  });
});

describe('the rules bite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cho-noi-boundaries-'));
  let seen: Cruise;
  beforeAll(async () => {
    for (const file of ['package.json', configFile, 'tsconfig.json'])
      copyFileSync(join(root, file), join(folder, file));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const { files } of plants) {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(join(folder, dirname(file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      }
    }
    seen = await cruise(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('each rule has a planted violation', () => {
    expect(new Set(plants.flatMap(({ breaks }) => (breaks ? [breaks] : [])))).toEqual(new Set(rules));
  });

  test.each(plants.map((plant) => [plant.what, plant] as const))('%s', (_, { breaks, files }) => {
    const [file] = Object.keys(files);
    const reported = seen.summary.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);
    expect(seen.modules.map(({ source }) => source)).toContain(file);
    if (breaks) expect(reported).toContain(breaks);
    else expect(reported).toEqual([]);
  });
});
