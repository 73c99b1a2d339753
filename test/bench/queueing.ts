import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signIn } from '#test/support/people.ts';
import type { DataFolder, Exchange } from './exchange.ts';
import type { Figure } from './report.ts';

const waiting = 50_000;

/** Items as slices bring them, over half a year, some late, a few held. */
async function fillQueue({ query }: Exchange): Promise<void> {
  await query(`
    insert into review_items (id, queue, subject_kind, subject_id, title, searched, path, business_id, facts, opened_at, due_at, claimed_by, claimed_until)
    select gen_random_uuid(), 'businesses', 'bench', n::text, 'Hộ kinh doanh số ' || n, 'ho kinh doanh so ' || n, '/quan-tri',
      (select id from businesses where code is not null order by id limit 1 offset n % 80), jsonb_build_object('type', 'household'),
      now() - n * interval '5 minutes', now() - n * interval '5 minutes' + interval '5 days',
      case when n % 500 = 0 then (select id from accounts where staff_role = 'admin' limit 1) end,
      case when n % 500 = 0 then now() + interval '10 minutes' end
    from generate_series(1, ${waiting}) n`);
  await query('analyze review_items');
}

/** The slowest of the pages that an officer opens: the first, one in the middle, what is late, and a search. */
export async function measureQueue(exchange: Exchange, folder: DataFolder): Promise<Figure> {
  const password = (await readFile(join(folder.path, 'secrets', 'demo-password'), 'utf8')).trim();
  const officer = await signIn(exchange.url, 'quantri@cho-noi.example', password);
  await fillQueue(exchange);
  try {
    const page = '/quan-tri/hang-doi/businesses';
    const middle = Buffer.from(
      JSON.stringify([new Date(Date.now() - 25_000 * 300_000).toISOString(), '00000000-0000-0000-0000-000000000000']),
    ).toString('base64url');
    const slowest: number[] = [];
    for (const path of [
      page,
      `${page}?cursor=${middle}`,
      `${page}?pace=late`,
      `${page}?title=ho+kinh+doanh+so+4321`,
      `${page}?holder=mine`,
    ]) {
      const times: number[] = [];
      for (let time = 0; time < 25; time += 1) {
        const began = performance.now();
        const { status, text } = await officer.send('GET', path);
        if (status !== 200 || !text.includes('queue-item')) throw new Error(`${path} answered ${status} without items`);
        times.push(performance.now() - began);
      }
      slowest.push(times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN);
    }
    const note = `median of each page: ${slowest.map((ms) => Math.round(ms)).join(', ')} ms; first, middle, late, searched, mine`;
    return {
      name: 'Queue of 50,000 items, a page',
      value: Math.max(...slowest),
      unit: 'ms',
      target: { atMost: 100 },
      note,
    };
  } finally {
    await exchange.query(`delete from review_items where subject_kind = 'bench'`);
  }
}
