import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '#embedded/index.ts';
import { linesOf } from './report.ts';
import { runLab } from './run.ts';

/** `npm run lab -- --minutes 10 --seed 7 [--nodes 12] [--report lab.json] [--json]`: docs/lab.md says what it does. */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(randomInt(1, 1_000_000)) },
    nodes: { type: 'string', default: '12' },
    report: { type: 'string', default: 'lab-report.json' },
    json: { type: 'boolean', default: false },
  },
});
const [minutes, seed, nodes] = [Number(values.minutes), Number(values.seed), Number(values.nodes)];
if (!(minutes > 0) || !Number.isSafeInteger(seed) || !(nodes >= 2 && nodes <= 12)) {
  throw new Error('npm run lab -- --minutes 10 --seed 7 --nodes 12: minutes above 0, a whole seed, 2 to 12 nodes');
}

const folder = await mkdtemp(join(tmpdir(), 'cho-noi-lab-servers-'));
// Under root PostgreSQL runs as another user, who has to get through to its data.
await chmod(folder, 0o711);
const servers = await startEmbedded({ dataDir: folder, search: false, durable: false, connections: 400 });
try {
  const say = (line: string): void => (values.json ? console.error(line) : console.log(line));
  say(`Lab: ${nodes} exchanges with a database each on one PostgreSQL, ${minutes} min, seed ${seed}`);
  const report = await runLab({
    ...{ server: servers.databaseUrl, seconds: minutes * 60, seed, nodes, patienceMs: 1_200_000, say },
  });
  if (values.json) console.log(JSON.stringify(report, null, 2));
  else for (const line of linesOf(report)) say(line);
  const { violations } = report;
  await writeFile(values.report, `${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = violations.length === 0 ? 0 : 1;
} finally {
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}
