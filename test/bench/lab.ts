// scratch

import pg from 'pg';
import { openEmbedded } from '#embedded/index.ts';
import { buyOverHttp, listItems, type Item } from "./buying.ts"; import { buyByPlainSql } from "./plain-sql.ts";

const folder = process.argv[2] ?? '/tmp/bench-lab/data';
const url = process.argv[3] ?? 'http://127.0.0.1:4810';
const seconds = Number(process.argv[4] ?? 4);
const rounds = Number(process.argv[5] ?? 3);
const { databaseUrl } = await openEmbedded({ dataDir: folder });
const c = new pg.Client({ connectionString: databaseUrl });
await c.connect();
const query = async (text: string, values?: unknown[]) => (await c.query(text, values)).rows;
const ex = { url, query, databaseUrl } as any;
await c.query('update stock set on_hand = on_hand + 1000000 where on_hand < 500000');
const items: Item[] = await listItems(ex);
const seen = new Map<string, number>();
let sampling = true;
const sample = (async () => {
  const s = new pg.Client({ connectionString: databaseUrl });
  await s.connect();
  while (sampling) {
    for (const r of (
      await s.query(
        `select application_name, state, wait_event_type, wait_event, left(regexp_replace(query,'\\s+',' ','g'),90) as q from pg_stat_activity where state<>'idle' and pid<>pg_backend_pid() and application_name like 'cho-noi%'`,
      )
    ).rows) {
      const k = [r.application_name, r.state, r.wait_event_type, r.wait_event, r.q].join(' | ');
      seen.set(k, (seen.get(k) ?? 0) + 1);
    }
    await new Promise((r) => setTimeout(r, 20));
  }
  await s.end();
})();
for (let i = 0; i < rounds; i++) { const o = await buyOverHttp(ex, items, seconds); if (process.argv[7]) { console.log(o.rate); continue; } const l = await buyByPlainSql(ex, items, seconds); console.log("ours", o, "plain", l, (o.rate / l.rate).toFixed(3)); }
sampling = false;
await sample;
if (process.argv[6]) for (const [k, v] of [...seen].sort((a, b) => b[1] - a[1]).slice(0, 40)) console.log(v, k);
await c.end();
