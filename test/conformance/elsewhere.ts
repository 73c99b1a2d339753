import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The package and what it needs, as npm would install them. */
function install(name: string, into: string, done = new Set<string>()): void {
  if (done.has(name)) return;
  done.add(name);
  const from = join(root, 'node_modules', name);
  cpSync(from, join(into, 'node_modules', name), { recursive: true });
  const { dependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  for (const dependency of Object.keys(dependencies)) install(dependency, into, done);
}

export type Elsewhere = {
  readonly folder: string;
  readonly run: (...args: readonly string[]) => Promise<{ readonly code: number | null; readonly text: string }>;
  readonly remove: () => void;
};

/** The kit in a folder of its own, with the packages that it names and nothing of ours beside it. */
export function copyKit(): Elsewhere {
  const folder = mkdtempSync(join(tmpdir(), 'ocop-fed-conformance-'));
  mkdirSync(join(folder, 'node_modules'));
  cpSync(join(root, 'conformance'), folder, { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) install(name, folder);
  const run: Elsewhere['run'] = (...args) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['main.ts', ...args], {
        cwd: folder,
        env: { PATH: process.env.PATH ?? '' },
      });
      let text = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
      }
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, text }));
    });
  return { folder, run, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
