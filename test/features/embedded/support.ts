import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { asOwner } from '#db/migrate.ts';
import type { Embedded } from '#embedded/index.ts';

/** A folder that any user of the machine may pass through, and its removal. */
export function makeFolder(): { folder: string; remove: () => void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cho-noi-embedded-')));
  execFileSync('chmod', ['0711', folder]);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export type Parent = { readonly child: ChildProcess; readonly addresses: Pick<Embedded, 'databaseUrl' | 'meili'> };

/** Starts `parent.ts` as `user`, or as ourselves, in a process group of its own; resolves when its servers run. */
export async function startParent(
  dataDir: string,
  { programsDir, user }: { programsDir?: string; user?: { uid: number; gid: number } } = {},
): Promise<Parent> {
  const script = fileURLToPath(new URL('./parent.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dataDir, ...(programsDir ? [programsDir] : [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...user,
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const lines = createInterface({ input: child.stdout });
  const addresses = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', () => reject(new Error(complaint)));
  });
  return { child, addresses: JSON.parse(addresses) };
}

/** The processes whose command names `folder`, ourselves apart. */
export function processesOf(folder: string): readonly number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).trim().split('\n');
  return rows
    .filter((row) => row.includes(folder) && !row.includes('parent.ts'))
    .map((row) => Number.parseInt(row.trim(), 10));
}

/** Resolves when no process names `folder` any more; throws after 10 s. */
export async function untilNone(folder: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (processesOf(folder).length === 0) return;
    await sleep(50);
  }
  throw new Error(`Still running: ${processesOf(folder).join(', ')}`);
}

export const query = async (url: string, sql: string): Promise<Record<string, unknown>[]> =>
  (await asOwner(url, (client) => client.query(sql))).rows;
