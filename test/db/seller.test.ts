import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Id, newId } from '#core/ids.ts';
import { type Tx, transact } from '#db/client.ts';
import { asExchange, readAsSeller, transactAsSeller } from '#db/seller.ts';
import type { ProductId, VariantId } from '#features/products/types.ts';
import { giveConsent } from '#test/support/consent.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import type { Product } from '#test/support/people.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { createBank } from '#test/support/providers/bank.ts';

type BusinessId = Id<'Business'>;
let node: TestNode;
let a: BusinessId;
let b: BusinessId;

/** What a business keeps about itself. */
async function fillPapers(id: BusinessId): Promise<void> {
  const { businesses } = node.services;
  const by = { actor: 'test' };
  const account = { bankBin: '970436', number: '0123456789', holderName: 'TRAN THI SAU' };
  const paper = { kind: 'registration', number: '1', issuer: 'UBND', issuedOn: '2024-01-01', expiresOn: null } as const;
  await businesses.invite(by, id, 'packer', 'moi@thu.example');
  await businesses.decideMeasure(by, id, { kind: 'suspension', ground: 'notice', reason: 'x' });
  await businesses.setBankAccount(by, id, account);
  await businesses.setWithholding(by, id, 'none', '2027-01-01', 'x');
  await businesses.addPaper(by, id, paper, { bytes: Buffer.from('%PDF-1.7\ngiay\n%%EOF'), name: 'giay.pdf' });
  await transact(node.db, 'test', async (tx) => {
    await giveConsent(tx, id, newId());
    await tx.execute(
      sql`insert into business_reviews (id, business_id, verdict, remarks, reviewed_by, reviewed_at) values (${newId()}, ${id}, 'approved', '{}', 'test', now())`,
    );
  });
}

/** An order of both businesses, paid, and one row at least of theirs in whatever a seller has. */
beforeAll(async () => {
  node = await startNode();
  const { guest } = node;
  const ofBusiness = async (slug: string): Promise<Product> => {
    const { items } = await guest.products(`limit=100&inStock=true&business=${slug}`);
    if (!items[0]) throw new Error('The demonstration has changed');
    return items[0];
  };
  const first = await ofBusiness('htx-hanh-tim-bai-giong');
  const { rows } = await node.db.execute<{ slug: string }>(sql`select slug from businesses where code = 'B002'`);
  const second = await ofBusiness(rows[0]?.slug ?? '');
  [a, b] = [first.business.businessId as BusinessId, second.business.businessId as BusinessId];
  const group = await guest.order(
    ...[first, second].map(({ variants: [one] }) => [one?.variantId ?? '', one?.minOrder ?? 1] as const),
  );
  const { qr } = await guest.pay(group.code, 'vietqr');
  await createBank().transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  for (const id of [a, b])
    await transact(node.db, 'test', async (tx) => {
      const subject = { kind: 'business', id };
      const { queues, audit } = node.services;
      await queues.put(tx, { queue: 'businesses', subject, title: 'Chờ', path: '/', businessId: id });
      await audit.record(tx, { action: 'business.changed', subject, onBehalfOf: id });
    });
  for (const id of [a, b]) {
    const { imports } = node.services;
    const importer = { actor: 'test', businessIds: [id] };
    const sheet = { bytes: Buffer.from('sku,name\nA-1,Gạo\n'), name: 'hang.csv' };
    const importId = await imports.start(importer, id, sheet, { readsItself: true });
    await imports.readNow(importId);
    await imports.setMapping(importer, importId, 1, { sku: 0, nameVi: 1 });
  }
  for (const [id, { variants, productId }] of [
    [a, first],
    [b, second],
  ] as const) {
    const wish = { variantId: (variants[0]?.variantId ?? '') as VariantId, onHand: 700 };
    const { shipping } = node.services;
    const keeper = { actor: 'test', address: '', businessIds: [id] };
    const own = { name: 'Kho', line: 'Tổ 3', wardCode: '31507', hours: '7–17' };
    await shipping.saveTerms(keeper, id, { freeOverVnd: null, pickup: { own } });
    await shipping.setProductLimit(keeper, productId as ProductId, 48);
    await node.services.priceTable.save({ actor: 'test', businessIds: [id] }, [wish], 'count');
  }
  for (const { code } of group.orders) {
    await node.services.orders.confirmOrder(code, { actor: 'test' });
    await node.services.orders.packOrder(code, { actor: 'test' });
  }
  const own = group.orders.find(({ business }) => business.businessId === b)?.code ?? '';
  await node.services.orders.cancelOrder(own, { actor: 'test', businessIds: [b] }, { reason: 'Hết hàng' });
  await node.services.files.keep(
    'document',
    { bytes: Buffer.from('%PDF-1.7\ngiay phep\n%%EOF'), name: 'giay.pdf' },
    { actor: 'test', businessId: a },
  );
  await fillPapers(a);
}, 60_000);
afterAll(() => node.close());

const guardedTables = async (): Promise<string[]> => {
  const { rows } = await node.db.execute<{ name: string }>(
    sql`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity order by 1`,
  );
  return rows.map(({ name }) => name);
};
/** Every row that a query without any filter sees. */
const allOf = async (reader: Tx, table: string): Promise<ReadonlySet<string>> => {
  const { rows } = await reader.execute<{ row: string }>(sql`select t::text as row from ${sql.identifier(table)} t`);
  return new Set(rows.map(({ row }) => row));
};
const seenBy = (businessIds: readonly BusinessId[], table: string) =>
  readAsSeller(node.db, businessIds, (reader) => allOf(reader, table));

/** Sellers share these: a shopper's basket holds goods of many. */
const shared = new Set(['order_groups']);
/** Of these nothing is a seller's. */
const closed = [
  'audit_links',
  'assist_team_members',
  'attempts',
  'bank_transfers',
  'cart_lines',
  'carts',
  'commission_rules',
  'exchange_leg_moves',
  'tax_files',
  'periodic_reports',
  'payment_events',
  'payments',
  'queue_filters',
  'sessions',
];

describe('a query that forgot its filter', () => {
  test('shows a seller their own rows and nothing else, in each guarded table', async () => {
    const wrong: string[] = [];
    const empty: string[] = [];
    for (const table of await guardedTables()) {
      const [ofA, ofB, ofNobody] = [await seenBy([a], table), await seenBy([b], table), await seenBy([], table)];
      if (ofNobody.size > 0) wrong.push(`${table}: ${ofNobody.size} rows without a business`);
      const common = [...ofA].filter((row) => ofB.has(row));
      if (common.length > 0 && !shared.has(table)) wrong.push(`${table}: ${common.length} rows of another`);
      const all = await transact(node.db, 'test', (tx) => allOf(tx, table));
      if (ofA.size + ofB.size === 0 && all.size > 0) empty.push(table);
      const both = await seenBy([a, b], table);
      if (both.size !== new Set([...ofA, ...ofB]).size) wrong.push(`${table}: two businesses see ${both.size}`);
    }
    expect(wrong).toEqual([]);
    expect(closed).toEqual(expect.arrayContaining(empty));
  });

  test('changes and deletes nothing of others, and puts nothing under their name', async () => {
    const stock = () =>
      inDatabase(node.database.url, (client) =>
        client.query(
          `select md5(string_agg(s::text, '' order by s.variant_id)) from stock s join variants v on v.id = s.variant_id
            join products p on p.id = v.product_id where p.business_id <> $1`,
          [a],
        ),
      ).then(({ rows }) => rows);
    const before = await stock();
    await transactAsSeller(node.db, { actor: 'test', businessIds: [a] }, async (tx) => {
      const { rowCount } = await tx.execute(sql`update stock set on_hand = on_hand + 1`);
      expect(rowCount).toBeGreaterThan(0);
      const { rows } = await tx.execute(sql`delete from business_members returning business_id`);
      expect(new Set(rows.map(({ business_id }) => business_id))).toEqual(new Set([a]));
    });
    expect(await stock()).toEqual(before);
    const stolen = transactAsSeller(node.db, { actor: 'test', businessIds: [a] }, (tx) =>
      tx.execute(sql`update products set business_id = ${b} where business_id = ${a}`),
    );
    await expect(stolen).rejects.toMatchObject({ cause: { code: '42501' } });
  });
});

/** What is B's by these tables, as one digest. */
const digestOfB = async (): Promise<string> => {
  const rows = await readAsSeller(node.db, [b], async (reader) => {
    const tables = ['businesses', 'business_members', 'business_invitations', 'bank_accounts', 'consents', 'api_keys'];
    const all: string[] = [];
    for (const table of tables) all.push(...(await allOf(reader, table)));
    return all;
  });
  return createHash('sha256').update(rows.sort().join()).digest('hex');
};

describe('a service whose route forgot to look whose it is', () => {
  const by = () => ({ actor: 'test', businessIds: [a] });
  const idIn = async <Kind extends string>(table: string): Promise<Id<Kind>> => {
    const { rows } = await node.db.execute<{ id: Id<Kind> }>(
      sql`select id from ${sql.identifier(table)} where business_id = ${b} limit 1`,
    );
    if (!rows[0]) throw new Error(`B has nothing in ${table}`);
    return rows[0].id;
  };

  test('finds no business of another, and changes nothing of it', async () => {
    const { businesses } = node.services;
    const who = { name: 'Của tôi', type: 'household', representative: '', taxCode: '', phone: '0912345678' } as const;
    const described = { ...who, email: '', storyVi: '', storyEn: '', foundedYear: null };
    const where = { provinceCode: '92', wardCode: '31804', addressLine: 'Ấp 1' };
    const account = { bankBin: '970436', number: '0123456789', holderName: 'KE GIAN' };
    const paper = {
      kind: 'registration',
      number: '1',
      issuer: 'UBND',
      issuedOn: '2024-01-01',
      expiresOn: null,
    } as const;
    const file = { bytes: Buffer.from('%PDF-1.7\ngiay\n%%EOF'), name: 'giay.pdf' };
    const stranger = newId<'Account'>();
    const before = await digestOfB();
    const tried = {
      saveWho: () => businesses.saveWho(by(), b, described),
      saveWhere: () => businesses.saveWhere(by(), b, where),
      setBankAccount: () => businesses.setBankAccount(by(), b, account),
      submit: () => businesses.submit(by(), b),
      reopen: () => businesses.reopen(by(), b),
      setHoliday: () => businesses.setHoliday(by(), b, null),
      addPaper: () => businesses.addPaper(by(), b, paper, file),
      invite: () => businesses.invite(by(), b, 'owner', 'ke.gian@thu.example'),
      setMemberRole: () => businesses.setMemberRole(by(), b, stranger, 'owner'),
      removeMember: () => businesses.removeMember(by(), b, stranger),
    };
    for (const [name, attempt] of Object.entries(tried))
      await expect(attempt(), name).rejects.toMatchObject({ code: 'business-not-found' });
    expect(await businesses.listOwn([a])).toHaveLength(1);
    expect(await digestOfB()).toBe(before);
  });

  test('finds no invitation, consent or key of another', async () => {
    const { businesses, assistance, identity } = node.services;
    await businesses.invite({ actor: 'test' }, b, 'packer', 'moi@thu.example');
    await transact(node.db, 'test', (tx) => giveConsent(tx, b, newId()));
    const { rows } = await node.db.execute<{ id: Id<'Account'> }>(
      sql`select account_id as id from business_members where business_id = ${b} limit 1`,
    );
    const owner = rows[0]?.id ?? newId<'Account'>();
    const wish = { name: 'Kho', scopes: ['orders:read'], expiresAt: new Date(Date.now() + 86_400_000) } as const;
    await identity.keys.make(owner, b, wish);
    const before = await digestOfB();
    const [invitation, consent, key] = [
      await idIn<'Invitation'>('business_invitations'),
      await idIn<'Consent'>('consents'),
      await idIn<'ApiKey'>('api_keys'),
    ];
    const refused = (code: string) => ({ code });
    await expect(businesses.withdrawInvitation(by(), b, invitation)).rejects.toMatchObject(
      refused('invitation-not-found'),
    );
    await expect(assistance.revoke(by(), consent)).rejects.toMatchObject(refused('consent-not-found'));
    await expect(identity.keys.revoke(owner, [a], key)).rejects.toMatchObject(refused('key-not-found'));
    expect(await identity.keys.list([a])).toEqual([]);
    expect(await digestOfB()).toBe(before);
  });

  test('keeps no file under the name of another', async () => {
    const { rows: before } = await node.db.execute(sql`select count(*) from stored_files`);
    const stolen = transactAsSeller(node.db, { actor: 'test', businessIds: [a] }, (tx) =>
      tx.execute(
        sql`insert into stored_files (id, kind, state, key, media_type, name, byte_length, sha256, business_id, sent_by, sent_at)
          values (${newId()}, 'document', 'kept', 'x', 'application/pdf', 'x', 1, 'x', ${b}, 'test', now())`,
      ),
    );
    await expect(stolen).rejects.toMatchObject({ cause: { code: '42501' } });
    expect((await node.db.execute(sql`select count(*) from stored_files`)).rows).toEqual(before);
  });
});

describe("a seller's transaction", () => {
  test('ends with its role: the next one on the same connection sees all again', async () => {
    const count = (reader: Tx) => allOf(reader, 'products').then(({ size }) => size);
    const all = await transact(node.db, 'test', count);
    const own = await readAsSeller(node.db, [a], count);
    expect(own).toBeGreaterThan(0);
    expect(own).toBeLessThan(all);
    for (let time = 0; time < 20; time += 1) expect(await transact(node.db, 'test', count)).toBe(all);
  });

  test('may let the exchange do what concerns others, and is a seller’s again after it', async () => {
    const seen = await transactAsSeller(node.db, { actor: 'test', businessIds: [a] }, async (tx) => {
      const before = (await allOf(tx, 'orders')).size;
      const whole = await asExchange(tx, async () => (await allOf(tx, 'orders')).size);
      return { before, whole, after: (await allOf(tx, 'orders')).size };
    });
    expect(seen).toEqual({ before: 1, whole: 2, after: 1 });
  });

  test('reads without being able to write', async () => {
    const written = readAsSeller(node.db, [a], (reader) => reader.execute(sql`update stock set on_hand = 0`));
    await expect(written).rejects.toMatchObject({ cause: { code: '25006' } });
  });

  test('may change in books and logs what the application may: nothing', async () => {
    const { rows } = await node.db.execute<{ app: string; seller: string }>(
      sql`select string_agg(case when grantee = 'cho_noi_app' then right_of end, ',' order by right_of) as app,
          string_agg(case when grantee = 'cho_noi_seller' then right_of end, ',' order by right_of) as seller
        from (select grantee, table_name || '.' || privilege_type as right_of from information_schema.role_table_grants
          where table_schema = 'public' and grantee in ('cho_noi_app', 'cho_noi_seller')) given`,
    );
    expect(rows[0]?.app).toContain('products.UPDATE');
    expect(rows[0]?.app).not.toContain('journals.UPDATE');
    expect(rows[0]?.seller).toBe(rows[0]?.app);
  });
});
