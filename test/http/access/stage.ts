import { sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import { type MemberRole, STAFF_ROLES, type StaffRole } from '#core/roles.ts';
import { transact } from '#db/client.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import { signRequest } from '#federation/protocol/signature.ts';
import { type Client, createClient, type Sent } from '#test/support/client.ts';
import { giveConsent } from '#test/support/consent.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { letIn } from '#test/support/partners.ts';
import { type Product, signIn } from '#test/support/people.ts';
import { createBank } from '#test/support/providers/bank.ts';

/** Everybody who may come to the door. `partner` signs with the key of an exchange that was let in. */
export const WHO = [
  'nobody',
  'shopperA',
  'shopperB',
  'ownerA',
  'managerA',
  'packerA',
  'assistantA',
  'ownerB',
  ...STAFF_ROLES,
  'partner',
] as const;
export type Who = (typeof WHO)[number];
/** Two businesses, and two shoppers: what is A's is not to be seen by B. */
export type Side = 'A' | 'B';

export const isStaff = (who: Who): who is StaffRole => (STAFF_ROLES as readonly string[]).includes(who);
export const memberRoleOf = (who: Who): MemberRole | undefined =>
  /^(owner|manager|packer|assistant)[AB]$/.test(who) ? (who.slice(0, -1) as MemberRole) : undefined;

type Business = { readonly businessId: Id<'Business'>; readonly slug: string };
type Goods = { readonly product: Product; readonly variantId: string };

export type Stage = {
  readonly node: TestNode;
  readonly clients: Readonly<Record<Who, Client>>;
  readonly accounts: Readonly<Record<Exclude<Who, 'nobody' | 'partner'>, Id<'Account'>>>;
  readonly businesses: Readonly<Record<Side, Business>>;
  /** A product of that side with plenty of stock. */
  readonly goods: Readonly<Record<Side, Goods>>;
  /** A cart with one piece, ready to be checked out. */
  readonly cart: () => Promise<string>;
  /** The code of a group that nobody has paid yet. */
  readonly group: () => Promise<string>;
  /** The code of an order of that side's business, paid by transfer a moment ago. */
  readonly paidOrder: (side: Side) => Promise<string>;
};

const logins = { A: 'nguoiban@cho-noi.example', B: 'nguoiban2@cho-noi.example' } as const;
const slugs = { A: 'htx-hanh-tim-bai-giong' } as const;

/** A client whose requests a partner exchange signs. */
async function partnerOf(node: TestNode): Promise<Client> {
  const identity = readIdentity(generatePem());
  const { rows } = await node.db.execute<{ key: string }>(
    sql`update partners set adapter = 'native', origin = 'doi-tac.example', keyid = ${identity.keyid}, jwk = ${JSON.stringify(identity.jwk)}::jsonb
      where key = (select min(key) from partners) returning key`,
  );
  await letIn(node.db, rows[0]?.key ?? '');
  const plain = createClient(node.url);
  const signed = (method: string, target: string, { body, headers = {} }: Sent): Sent => {
    const [path = '', query] = target.split('?');
    const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const message = {
      method,
      authority: new URL(node.url).host,
      path,
      query: query === undefined ? '' : `?${query}`,
      headers: content === undefined ? {} : { 'content-type': 'application/json' },
      body: Buffer.from(content ?? ''),
    };
    const proof = signRequest(message, identity, new Date());
    return { ...(content === undefined ? {} : { body: content }), headers: { ...headers, ...proof } };
  };
  return {
    ...plain,
    send: (method, path, sent = {}) => plain.send(method, path, signed(method, path, sent)),
    expect: (status, method, path, sent = {}) => plain.expect(status, method, path, signed(method, path, sent)),
  };
}

const accountOf = async (client: Client): Promise<Id<'Account'>> =>
  (await client.expect<{ accountId: Id<'Account'> }>(200, 'GET', '/v1/me')).accountId;

/** Everybody's account, by name; those of the demonstration keep theirs. */
async function enrol(node: TestNode, businesses: Readonly<Record<Side, Business>>): Promise<void> {
  const { identity, businesses: service } = node.services;
  const added = WHO.filter((who) => !['nobody', 'partner', 'ownerA', 'ownerB', 'admin', 'certifier'].includes(who));
  await transact(node.db, 'test', async (tx) => {
    for (const who of added) {
      const staffRole = isStaff(who) ? who : undefined;
      const login = `${who.toLowerCase()}@thu.example`;
      const account = { name: who, login, password: demoPassword, ...(staffRole && { staffRole }) };
      const accountId = await identity.addAccount(tx, account);
      const role = memberRoleOf(who);
      if (role === 'assistant') await giveConsent(tx, businesses.A.businessId, accountId);
      else if (role) await service.addMember(tx, businesses.A.businessId, accountId, role);
    }
  });
}

const demoLogins: Partial<Record<Who, string>> = {
  ownerA: logins.A,
  ownerB: logins.B,
  admin: 'quantri@cho-noi.example',
  certifier: 'thamtra@cho-noi.example',
};

/** Everybody, signed in, before an exchange with the demonstration's catalogue. */
export async function openStage(): Promise<Stage & { readonly close: () => Promise<void> }> {
  const node = await startNode({ env: { DEMO: '1' } });
  const { guest } = node;
  const goodsOf = async (slug: string): Promise<Goods> => {
    const { items } = await guest.products(`limit=100&inStock=true&business=${slug}`);
    const product = items.find(({ variants }) => variants.some(({ available }) => available > 60));
    const variantId = product?.variants.find(({ available }) => available > 60)?.variantId;
    if (!product || !variantId) throw new Error(`${slug} has nothing to sell`);
    return { product, variantId };
  };
  const { rows } = await node.db.execute<Business & { code: string }>(
    sql`select id as "businessId", slug, code from businesses where code in ('B001', 'B002') order by code`,
  );
  const [a, b] = rows;
  if (a?.slug !== slugs.A || !b) throw new Error('The demonstration has changed');
  const businesses = { A: a, B: b };
  const goods = { A: await goodsOf(a.slug), B: await goodsOf(b.slug) };
  await enrol(node, businesses);
  const clients = {} as Record<Who, Client>;
  const accounts = {} as Record<Exclude<Who, 'nobody' | 'partner'>, Id<'Account'>>;
  for (const who of WHO) {
    if (who === 'nobody') clients[who] = createClient(node.url);
    else if (who === 'partner') clients[who] = await partnerOf(node);
    else {
      clients[who] = await signIn(node.url, demoLogins[who] ?? `${who.toLowerCase()}@thu.example`, demoPassword);
      accounts[who] = await accountOf(clients[who]);
    }
  }
  const bank = createBank();
  const lineOf = (side: Side) => [goods[side].variantId, goods[side].product.variants[0]?.minOrder ?? 1] as const;
  return {
    node,
    clients,
    accounts,
    businesses,
    goods,
    cart: () => guest.fillCart(lineOf('A')),
    group: async () => (await guest.order(lineOf('A'))).code,
    paidOrder: async (side) => {
      const group = await guest.order(lineOf(side));
      const { qr } = await guest.pay(group.code, 'vietqr');
      await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
      const [order] = (await guest.group(group.code)).orders;
      if (order?.status !== 'placed') throw new Error('The transfer was not taken');
      return order.code;
    },
    close: () => node.close(),
  };
}
