import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { sql } from 'drizzle-orm';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import type { Act } from '#features/audit/types.ts';
import type { Client } from '#test/support/client.ts';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { type Page, signIn } from '#test/support/people.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { createRandom } from '#test/support/random.ts';

type Entry = {
  readonly entryId: string;
  readonly actor: string;
  readonly actorName: string | null;
  readonly businessName: string | null;
  readonly action: string;
  readonly subjectId: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly address: string | null;
};

let node: TestNode;
let auditor: Client;
let actor: string;

const record = (by: string, ...acts: readonly Act[]) =>
  transact(node.db, by, (tx) => node.services.audit.record(tx, ...acts));
const act = (action: string, more: Partial<Act> = {}): Act => ({
  action,
  subject: { kind: 'thing', id: randomUUID() },
  ...more,
});
const list = async (query = ''): Promise<readonly Entry[]> =>
  (await auditor.expect<Page<Entry>>(200, 'GET', `/v1/staff/audit${query}`)).items;
/** As the owner of the database, whom no trigger stops. */
const tamper = (work: (client: pg.Client) => Promise<unknown>): Promise<unknown> =>
  inDatabase(node.database.url, async (client) => {
    await client.query('begin');
    await client.query(`set local session_replication_role = 'replica'`);
    await work(client);
    await client.query('commit');
  });
const kinds = async (): Promise<string[]> => (await node.services.audit.verify()).findings.map(({ kind }) => kind);

beforeAll(async () => {
  node = await startNode();
  const login = 'kiem-toan@thu.example';
  const id = await transact(node.db, 'test', (tx) =>
    node.services.identity.addAccount(tx, {
      name: 'Cô Kiểm Toán',
      login,
      password: demoPassword,
      staffRole: 'auditor',
    }),
  );
  actor = `account:${id}`;
  auditor = await signIn(node.url, login, demoPassword);
});
afterAll(() => node.close());

describe('the log', () => {
  test('says who did what to what, for whom, from where, and what changed', async () => {
    const [business] = (await node.services.businesses.listBusinesses(1)).items;
    const subject = { kind: 'business', id: randomUUID() };
    const more = { subject, before: { status: 'submitted' }, after: { status: 'approved' }, address: '203.0.113.7' };
    await record(actor, act('business.approved', { ...more, onBehalfOf: business?.businessId }));
    expect(await list(`?subjectId=${subject.id}`)).toMatchObject([
      {
        actor,
        actorName: 'Cô Kiểm Toán',
        businessName: business?.name,
        action: 'business.approved',
        before: { status: 'submitted' },
        after: { status: 'approved' },
        address: '203.0.113.7',
      },
    ]);
  });

  test('is found by name, action, subject and day, and walked page by page', async () => {
    const subject = { kind: 'walk', id: randomUUID() };
    for (let time = 0; time < 7; time += 1) await record('system:test', act(`walk.step${time}`, { subject }));
    await record(actor, act('walked.over', { subject }));
    const ours = `subjectKind=walk&subjectId=${subject.id}`;
    expect(await list(`?${ours}`)).toHaveLength(8);
    expect(await list(`?${ours}&actor=${encodeURIComponent('kiểm toán')}`)).toHaveLength(1);
    expect(await list(`?${ours}&actor=system:test`)).toHaveLength(7);
    expect(await list(`?${ours}&action=walk.`)).toHaveLength(7);
    expect(await list(`?${ours}&action=walk.step3`)).toHaveLength(1);
    expect(await list(`?${ours}&until=2020-01-01`)).toHaveLength(0);
    expect(await list(`?${ours}&from=2020-01-01`)).toHaveLength(8);
    const walked: string[] = [];
    let cursor = '';
    do {
      const page: Page<Entry> = await auditor.expect(200, 'GET', `/v1/staff/audit?${ours}&limit=3${cursor}`);
      walked.push(...page.items.map(({ entryId }) => entryId));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(walked).toEqual((await list(`?${ours}`)).map(({ entryId }) => entryId));
    for (const bad of ['?from=2026-02-30', '?cursor=x', '?limit=0', '?until=mai'])
      expect((await auditor.send('GET', `/v1/staff/audit${bad}`)).status, bad).toBe(400);
  });

  test('is taken away as a sheet that runs nothing and as a document, and says who took it', async () => {
    const subject = { kind: 'sheet', id: randomUUID() };
    const reason = '=HYPERLINK("https://evil.example";"bấm vào đây")\n+84912345678';
    await record(actor, act('sheet.made', { subject, reason }), act('sheet.kept', { subject }));
    const query = `subjectKind=sheet&subjectId=${subject.id}`;
    const csv = await auditor.send('GET', `/v1/staff/audit/export?format=csv&${query}`);
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="nhat-ky.csv"');
    const rows = parse(csv.text, { bom: true, columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(2);
    expect(rows.find(({ action }) => action === 'sheet.made')?.reason).toBe(`'${reason}`);
    const json = await auditor.send<readonly Entry[]>('GET', `/v1/staff/audit/export?format=json&${query}`);
    expect(json.body).toHaveLength(2);
    const taken = (await list('?action=audit-log.exported')).map(({ actor: by, subjectId, address }) => [
      by,
      subjectId,
      address,
    ]);
    expect(taken).toEqual([
      [actor, 'json', '127.0.0.1'],
      [actor, 'csv', '127.0.0.1'],
    ]);
  });
});

describe('audit:verify', () => {
  // Each begins with a log that is in order, whatever the one before did to it.
  beforeEach(async () => {
    await tamper((client) => client.query('truncate audit_links, audit_entries'));
    rmSync(join(node.env.DATA_DIR ?? '', 'anchors'), { recursive: true, force: true });
    for (let time = 0; time < 12; time += 1)
      await record(actor, act('thing.changed', { before: { price: 1 }, after: { price: time }, reason: 'Đúng' }));
    expect(await node.services.audit.verify()).toMatchObject({ findings: [], entryCount: 12, head: { seq: 12 } });
  });

  test('finds any byte that the owner of the database changed by hand', async () => {
    const random = createRandom(23);
    const columns = ['actor', 'action', 'subject_kind', 'subject_id', 'reason'] as const;
    for (let time = 0; time < 40; time += 1) {
      const column = random.pick(columns);
      const seq = random.between(1, 12);
      const where = 'where id = (select entry_id from audit_links where seq = $1)';
      let old: unknown;
      await tamper(async (client) => {
        const { rows } = await client.query(`select ${column} as old from audit_entries ${where}`, [seq]);
        old = rows[0]?.old;
        const place = random.between(1, String(old).length);
        await client.query(
          `update audit_entries set ${column} = overlay(${column} placing '~' from ${place} for 1) ${where}`,
          [seq],
        );
      });
      const { findings } = await node.services.audit.verify();
      expect(findings, `${column} of ${seq}`).toMatchObject([{ kind: 'changed', seq }]);
      await tamper((client) => client.query(`update audit_entries set ${column} = $2 ${where}`, [seq, old]));
    }
    expect(await kinds()).toEqual([]);
  }, 60_000);

  const entryOf = (seq: number) => `(select entry_id from audit_links where seq = ${seq})`;
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'a number in what changed',
      [`update audit_entries set after = '{"price": 999}' where id = ${entryOf(4)}`],
      ['changed'],
    ],
    [
      'a time',
      [`update audit_entries set happened_at = happened_at + interval '1 ms' where id = ${entryOf(4)}`],
      ['changed'],
    ],
    ['a deleted act', [`delete from audit_entries where id = ${entryOf(4)}`], ['gone']],
    [
      'an act deleted with its link',
      [`delete from audit_entries where id = ${entryOf(4)}`, 'delete from audit_links where seq = 4'],
      ['link-missing'],
    ],
    [
      'two acts that changed places',
      [
        'update audit_links set entry_id = case seq when 4 then (select entry_id from audit_links where seq = 5) else (select entry_id from audit_links where seq = 4) end where seq in (4, 5)',
      ],
      ['changed', 'changed'],
    ],
    [
      'an act put in by hand',
      [
        `insert into audit_entries (id, happened_at, actor, action, subject_kind, subject_id) values (gen_random_uuid(), now(), 'x', 'x.y', 'x', 'x')`,
      ],
      ['unlinked'],
    ],
  ])('finds %s', async (_name, statements, found) => {
    await tamper(async (client) => {
      // The unique index is looked at row by row; swapping needs it out of the way.
      await client.query('drop index audit_links_entry');
      for (const statement of statements) await client.query(statement);
      await client.query('create index audit_links_entry on audit_links (entry_id)');
    });
    expect(await kinds()).toEqual(found);
  });

  test('finds an end that was cut off, by the heads that were noted outside the database', async () => {
    await node.runScheduled('audit.anchor');
    await record(actor, act('thing.changed'));
    await tamper((client) =>
      client.query(
        'with cut as (delete from audit_links where seq > 10 returning entry_id) delete from audit_entries where id in (select entry_id from cut)',
      ),
    );
    const { findings } = await node.services.audit.verify();
    expect(findings).toMatchObject([{ kind: 'cut', seq: 12 }]);
  });

  test('as a command says it in words and with its exit code; a head noted on paper is taken too', async () => {
    const { head } = await node.services.audit.verify();
    const run = (...more: string[]) => {
      const env = { ...process.env, ...node.env };
      return execFileSync(process.execPath, ['src/cli/main.ts', 'audit:verify', ...more], { env, encoding: 'utf8' });
    };
    expect(run('--head', `${head.seq}:${head.hash}`)).toContain('the log is as it was written');
    await tamper((client) => client.query(`update audit_entries set reason = 'Dung' where id = ${entryOf(7)}`));
    let failure: { status?: number; stdout?: string } = {};
    try {
      run();
    } catch (error) {
      failure = error as typeof failure;
    }
    expect(failure.status).toBe(1);
    expect(failure.stdout).toMatch(/FAIL The act .* \(thing\.changed, .*\) is not what was written at place 7/);
    const { rows } = await node.db.execute<{ id: string }>(sql`select entry_id as id from audit_links where seq = 7`);
    expect(failure.stdout).toContain(`FAIL The act ${rows[0]?.id} `);
    expect(failure.stdout).toMatch(/What to do: .*evidence[\s\S]*newest backup/);
  }, 60_000);
});

test('acts of many transactions at once form one chain, in which none is lost', async () => {
  const before = (await node.services.audit.verify()).entryCount;
  await Promise.all(
    Array.from({ length: 120 }, (_one, index) => record(`system:${index}`, act('crowd.moved'), act('crowd.moved'))),
  );
  const rolledBack = transact(node.db, actor, async (tx) => {
    await node.services.audit.record(tx, act('never.happened'));
    throw new Error('no');
  });
  await expect(rolledBack).rejects.toThrow('no');
  const { entryCount } = await node.services.audit.verify();
  expect(entryCount - before).toBe(240);
  expect(await list('?action=never.happened')).toEqual([]);
});

test('neither the application nor its sellers may touch the chain', async () => {
  const asRole = (role: string, statement: string) =>
    inDatabase(node.database.url, async (client) => {
      await client.query(`set role ${role}`);
      return client.query(statement);
    });
  for (const role of ['cho_noi_app', 'cho_noi_seller'])
    for (const statement of [
      `insert into audit_links (seq, entry_id, day, hash) values (999999, gen_random_uuid(), now(), '')`,
      `update audit_links set hash = ''`,
      'delete from audit_links',
      'truncate audit_entries',
      `update audit_entries set reason = ''`,
    ])
      await expect(asRole(role, statement), `${role}: ${statement}`).rejects.toMatchObject({ code: '42501' });
});
