import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Counted } from '#test/support/scale.ts';
import { redOf, reportOf, type SeedRun, tableOf } from './report.ts';
import { targets } from './targets.ts';

/**
 * The long form of the fault tests, once with each seed, one after the other: `npm run test:faults -- --seeds 1,2,3`. The
 * seeds share what is to be done; without any, three are drawn. Names of files behind it run only those.
 */
const { values, positionals } = parseArgs({
  options: {
    seeds: { type: 'string' },
    /** A fiftieth of it: whether it runs, not what it reaches. */
    quick: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const seeds = (values.seeds ?? [1, 2, 3].map(() => randomInt(1, 1_000_000)).join(',')).split(',').map(Number);
if (seeds.some((seed) => !Number.isSafeInteger(seed) || seed < 1)) throw new Error('Seeds are whole numbers: 1,2,3');
const parts = seeds.length * (values.quick ? 50 : 1);

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cho-noi-faults-'));

/** What is read of vitest's own report. */
type Report = {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
};

type Part = Pick<SeedRun, 'files' | 'broken'>;

const filesOf = ({ testResults }: Report): SeedRun['files'] =>
  testResults.map(({ name, status, message, startTime, endTime, assertionResults }) => {
    const red = assertionResults.filter((one) => one.status === 'failed').map(({ fullName }) => fullName.trim());
    const isUnrun = status === 'failed' && red.length === 0;
    return { file: relative(root, name), ms: endTime - startTime, red: isUnrun ? [message.split('\n')[0] ?? ''] : red };
  });

/** What counts time runs by itself; the rest two files at a time: while one waits for its database, the other goes on. */
const timed = ['test/faults/crowd.test.ts', 'test/faults/backends.test.ts'];

/** Undefined when no file of this part was asked for. */
async function runPart(seed: number, part: 'timed' | 'rest', counts: string): Promise<Part | undefined> {
  const report = join(folder, `${seed}-${part}.json`);
  const asked = timed.filter((file) => positionals.length === 0 || positionals.some((name) => file.includes(name)));
  if (part === 'timed' && asked.length === 0) return undefined;
  const which =
    part === 'timed'
      ? ['--maxWorkers=1', ...asked]
      : ['--maxWorkers=2', '--passWithNoTests', ...timed.map((file) => `--exclude=${file}`), ...positionals];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--project', 'faults', ...reporters, ...which],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        ...{ FAULTS: 'long', SEED: String(seed), FAULTS_SEEDS: String(parts), FAULTS_COUNTS: counts },
      },
    },
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const files = existsSync(report) ? filesOf(JSON.parse(readFileSync(report, 'utf8'))) : [];
  const isExplained = code === 0 || files.some(({ red }) => red.length > 0);
  return { files, broken: isExplained ? undefined : `the ${part} files ended with ${code}, and no test says why` };
}

async function runSeed(seed: number): Promise<SeedRun> {
  const counts = join(folder, `${seed}.jsonl`);
  const ran = [await runPart(seed, 'timed', counts), await runPart(seed, 'rest', counts)].filter((one) => !!one);
  const lines = existsSync(counts) ? readFileSync(counts, 'utf8').trim().split('\n') : [];
  return {
    seed,
    counted: lines
      .map((line) => JSON.parse(line) as Counted)
      .map((one) => ({ ...one, file: relative(root, one.file) })),
    files: ran.flatMap(({ files }) => files),
    broken: ran.flatMap(({ broken }) => broken ?? []).join('; ') || undefined,
  };
}

const git = (...words: readonly string[]): string => spawnSync('git', words, { cwd: root }).stdout?.toString().trim();
const commit = `${git('rev-parse', '--short', 'HEAD') || 'unknown'}${git('status', '--porcelain') ? ' and what is not committed' : ''}`;

console.log(`Seeds ${seeds.join(', ')}; commit ${commit}`);
const startedAt = performance.now();
const runs: SeedRun[] = [];
for (const seed of seeds) runs.push(await runSeed(seed));
rmSync(folder, { recursive: true, force: true });

const rows = reportOf(runs, positionals.length === 0, values.quick ? {} : targets);
const red = redOf(runs);
const minutes = Math.round((performance.now() - startedAt) / 6_000) / 10;
console.log(`\n${tableOf(rows, seeds)}\n`);
console.log(
  `Seeds ${seeds.join(', ')}; commit ${commit}; ${minutes} minutes; Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}`,
);
for (const sentence of red) console.log(`Red: ${sentence}`);
const short = rows.filter(({ end }) => end === 'short').map(({ target, what }) => `${target} (${what})`);
if (short.length > 0) console.log(`Not reached: ${short.join(', ')}`);
console.log(red.length + short.length === 0 ? 'All green, every target reached.' : 'Not green.');
process.exitCode = red.length + short.length === 0 ? 0 : 1;
