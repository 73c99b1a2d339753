import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import drizzleConfig from '../../drizzle.config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sqlFiles = (folder: string): readonly string[] => readdirSync(folder).filter((file) => file.endsWith('.sql'));

const folder = mkdtempSync(join(tmpdir(), 'cho-noi-migrations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('holds every change of the tables: drizzle-kit finds nothing left to write', () => {
  cpSync(join(root, 'migrations'), join(folder, 'migrations'), { recursive: true });
  const config = join(folder, 'drizzle.config.json');
  // drizzle-kit puts "./" before the folder, so the path has to be relative.
  writeFileSync(config, JSON.stringify({ ...drizzleConfig, out: relative(root, join(folder, 'migrations')) }));
  const tool = join(root, 'node_modules/drizzle-kit/bin.cjs');
  const said = execFileSync(process.execPath, [tool, 'generate', '--config', config], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const added = sqlFiles(join(folder, 'migrations')).filter(
    (file) => !sqlFiles(join(root, 'migrations')).includes(file),
  );
  const missing = added.map((file) => readFileSync(join(folder, 'migrations', file), 'utf8'));
  expect(missing, 'run npm run db:generate and read what it writes').toEqual([]);
  expect(said).toContain('No schema changes');
});
