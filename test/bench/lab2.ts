// scratch: CPU per order
import { readFileSync, readdirSync } from 'node:fs';
import pg from 'pg';
import { openEmbedded } from '#embedded/index.ts';
import { buyOverHttp, type Item, listItems } from './buying.ts';
import { buyByPlainSql } from './plain-sql.ts';
const folder = '/tmp/bench-lab/data';
const nodePid = readFileSync('/tmp/bench-lab/pid', 'utf8').trim();
const { databaseUrl } = await openEmbedded({ dataDir: folder });
const c = new pg.Client({ connectionString: databaseUrl }); await c.connect();
const query = async (text: string, values?: unknown[]) => (await c.query(text, values)).rows;
const ex = { url: 'http://127.0.0.1:4810', query, databaseUrl } as any;
await c.query('update stock set on_hand = on_hand + 1000000 where on_hand < 500000');
const items: Item[] = await listItems(ex);
const postmaster = readFileSync(`${folder}/postgres/postmaster.pid`, 'utf8').split('\n')[0];
const stat = (pid: string) => { try { const s = readFileSync(`/proc/${pid}/stat`, 'utf8'); const f = s.slice(s.lastIndexOf(')') + 2).split(' '); return { ppid: f[1], own: +(f[11] ?? 0) + +(f[12] ?? 0), kids: +(f[13] ?? 0) + +(f[14] ?? 0), u: +(f[11] ?? 0), s: +(f[12] ?? 0) }; } catch { return undefined; } };
const cmd = (pid: string) => { try { return readFileSync(`/proc/${pid}/cmdline`, 'utf8'); } catch { return ''; } };
const pgTicks = () => { let sum = 0; for (const pid of readdirSync('/proc')) { if (!/^\d+$/.test(pid)) continue; const s = stat(pid); if (s && s.ppid === postmaster && cmd(pid).includes('127.0.0.1')) sum += s.own; } return sum; };
const measure = async (name: string, work: () => Promise<{ rate: number; p50Ms: number }>, seconds: number) => {
  const n0 = stat(nodePid); const p0 = pgTicks(); const m0 = process.cpuUsage();
  const r = await work();
  const n1 = stat(nodePid); const p1 = pgTicks(); const m1 = process.cpuUsage(m0);
  const orders = r.rate * seconds;
  console.log(name, r.rate.toFixed(1), '/s p50', r.p50Ms.toFixed(0), 'ms; CPU ms per order: node', (((n1?.own ?? 0) - (n0?.own ?? 0)) * 10 / orders).toFixed(2), `(u ${(((n1?.u ?? 0) - (n0?.u ?? 0)) * 10 / orders).toFixed(2)})`, 'pg', ((p1 - p0) * 10 / orders).toFixed(2), 'bench', ((m1.user + m1.system) / 1000 / orders).toFixed(2));
};
const s = Number(process.argv[2] ?? 6);
for (let i = 0; i < Number(process.argv[3] ?? 2); i++) {
  await measure('ours', () => buyOverHttp(ex, items, s), s);
  await measure('plain', () => buyByPlainSql(ex, items, s), s);
}
await c.end();
