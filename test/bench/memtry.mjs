import { quickenLoading } from '/work/main/src/loading.ts';
import { readFileSync } from 'node:fs';
quickenLoading('/tmp/bench-lab/mem');
let last = 0; const show = (n) => { const m = process.memoryUsage(); console.log(n.padEnd(40), 'rss', (m.rss/1048576).toFixed(0), '+' + ((m.rss - last)/1048576).toFixed(0), 'used', (m.heapUsed/1048576).toFixed(0), 'ext', (m.external/1048576).toFixed(0)); last = m.rss; };
await import('/work/main/src/config/config.ts'); show('config');
await import('/work/main/src/db/client.ts'); show('db');
for (const m of process.argv.slice(2)) { const t = performance.now(); await import(m.startsWith('src') ? '/work/main/' + m : m); show(m + ' ' + (performance.now() - t).toFixed(0) + 'ms'); }
process.exit(0);
