import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asOwner } from '#db/migrate.ts';
import { startEmbedded } from '#embedded/index.ts';

/** Foreign systems are installed outside the project: they are no dependency of it, and one of them is GPL. */
const cache = join(homedir(), '.cache', 'cho-noi-foreign');

export type Packages = Readonly<Record<string, string>>;

/** The folder with these packages in these versions, installed from the registry unless they are there already. */
export async function install(name: string, packages: Packages, flags: readonly string[] = []): Promise<string> {
  const folder = join(cache, name);
  const there = Object.entries(packages).every(([one, version]) => installedVersion(folder, one) === version);
  if (there) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: `foreign-${name}`, private: true }));
  const specs = Object.entries(packages).map(([one, version]) => `${one}@${version}`);
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...flags, ...specs], { cwd: folder });
  return folder;
}

function installedVersion(folder: string, name: string): string | undefined {
  const file = join(folder, 'node_modules', name, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}

export type Place = {
  /** An address of a new, empty database. */
  readonly createDatabase: (name: string) => Promise<string>;
  readonly folder: string;
  readonly close: () => Promise<void>;
};

/** A PostgreSQL of this run alone, and a folder that goes with it. */
export async function openPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'cho-noi-foreign-'));
  const embedded = await startEmbedded({ dataDir: folder, durable: false, search: false });
  const urlOf = (database: string) => {
    const url = new URL(embedded.databaseUrl);
    url.pathname = `/${database}`;
    return url.href;
  };
  return {
    folder,
    createDatabase: async (name) => {
      await asOwner(urlOf('postgres'), (client) => client.query(`CREATE DATABASE "${name}"`));
      return urlOf(name);
    },
    close: async () => {
      await embedded.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Process = { readonly output: () => string; readonly stop: () => Promise<void>; readonly child: ChildProcess };
type Start = { readonly cwd: string; readonly env?: Readonly<Record<string, string>> };

/** Starts a program that sees PATH, HOME and `env` alone. */
export function start(command: string, args: readonly string[], { cwd, env = {} }: Start): Process {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const take = (text: string) => {
    output = (output + text).slice(-20_000);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  child.once('error', (error) => take(error.message));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    child,
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Runs a program to its end; throws with what it said when that is no success. */
export async function run(
  command: string,
  args: readonly string[],
  options: Start,
  limitMs = 300_000,
): Promise<string> {
  const { child, output, stop } = start(command, args, options);
  const timer = setTimeout(() => void stop(), limitMs);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  if (code !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} ended with ${code}:\n${output()}`);
  return output();
}

/** Resolves when `url` answers with this status; throws with the output when the program ends or takes too long. */
export async function answering(url: string, { child, output }: Process, limitMs = 90_000): Promise<void> {
  const until = performance.now() + limitMs;
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${output()}`);
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response && response.status < 500) return;
    await sleep(100);
  }
  throw new Error(`${url} did not answer within ${limitMs} ms:\n${output()}`);
}
