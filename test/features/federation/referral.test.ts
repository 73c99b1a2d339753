import { sql } from 'drizzle-orm';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import { REFERRAL_PARAMETER, signReferral } from '#federation/protocol/referral.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { fresh, type Group, home, recipient } from '#test/support/people.ts';
import { createVisitor } from '#test/web/visitor.ts';

/** Shoppers are here; the goods are sold there. */
let here: TestNode;
let there: TestNode;
let goods: readonly {
  readonly productId: ProductId;
  readonly slug: string;
  readonly uri: string;
  readonly copy: string;
}[];

const pull = () => here.services.federation.pullNow('there');
const originOf = (node: TestNode): string => new URL(node.url).host;
const wayTo = (uri: string): string => `/go/${uri.slice('ocop://'.length)}`;

/** The products are shown there, told here, and have a page here. */
async function mirror(): Promise<typeof goods> {
  const { items } = await there.guest.products('limit=4&inStock=true');
  const ids = items.map(({ productId }) => productId as ProductId);
  await there.services.federation.exportProducts(ids);
  await pull();
  const { items: copies } = await here.services.products.listProducts({
    filters: { partner: ['there'] },
    sort: 'name',
    limit: 100,
  });
  return items.map(({ productId, slug, name }) => {
    const copy = copies.find((one) => one.name === name);
    if (!copy?.partner) throw new Error(`${name} is not shown here`);
    return { productId: productId as ProductId, slug, uri: copy.partner.uri, copy: copy.slug };
  });
}

beforeAll(async () => {
  const env = { FEDERATION_ALLOW_LOOPBACK: '1' };
  [here, there] = await Promise.all([startNode({ env }), startNode({ env })]);
  for (const [at, other, key] of [
    [here, there, 'there'],
    [there, here, 'here'],
  ] as const) {
    const { keyid: fingerprint } = other.services.federation.identity;
    await at.services.federation.introduce('test', { url: other.url, fingerprint, key });
    await at.services.federation.activate('test', key);
  }
  goods = await mirror();
}, 120_000);
afterAll(async () => {
  await Promise.all([here?.close(), there?.close()]);
});

const thing = (index: number) => {
  const one = goods[index];
  if (!one) throw new Error('The demonstration has changed');
  return one;
};

const leave = async (uri: string, more = '') => createVisitor(here.url).get(wayTo(uri) + more);
/** Where a shopper who goes to `uri` arrives. */
const ticketTo = async (uri: string): Promise<URL> => new URL((await leave(uri)).location);
const pathOf = ({ pathname, search }: URL): string => pathname + search;
const tokenOf = (url: URL): string => url.searchParams.get(REFERRAL_PARAMETER) ?? '';
const visitsOf = async (node: TestNode) => {
  const { rows } = await node.db.execute<{
    direction: string;
    converted: boolean;
    goods: string | null;
    order: string | null;
  }>(
    sql`select direction, converted_at is not null as converted, goods_vnd as goods, group_code as order from federation_referrals order by at, id`,
  );
  return rows;
};

/** Whoever looks on `visitor`'s screen puts one of it into the cart and orders. */
async function order(visitor: ReturnType<typeof createVisitor>, slug: string): Promise<string> {
  await visitor.get(`/san-pham/${slug}`);
  const { variants } = await there.services.products.getProduct(slug);
  const variant = variants.find(({ available }) => available > 0);
  await visitor.post('/gio-hang', {
    do: 'add',
    variantId: variant?.variantId ?? '',
    quantity: String(variant?.minOrder),
  });
  const { line, provinceCode, wardCode } = home;
  const form = { ...recipient, line, provinceCode, wardCode, method: 'vietqr', do: 'order', age: '1' };
  const { location } = await visitor.post('/thanh-toan', form);
  return /ST\w{10}/.exec(location)?.[0] ?? '';
}

async function pay(code: string): Promise<void> {
  const [payment] = await there.services.payments.listPaymentsOf(code);
  if (!payment?.qr) throw new Error('The order waits for no transfer');
  await there.services.payments.recordTransfer({
    provider: 'test',
    providerTxId: code,
    direction: 'in',
    accountNumber: payment.qr.accountNumber,
    amountVnd: payment.amountVnd,
    content: payment.qr.memo,
    bankReference: code,
    happenedAt: there.clock.now(),
    raw: {},
  });
  await there.runJobs();
}

test('the page of a partner’s goods leads through our own address, and says that one leaves', async () => {
  const { uri, copy } = thing(0);
  const { html } = await createVisitor(here.url).get(`/san-pham/${copy}`);
  expect(html).toContain(`href="${wayTo(uri)}"`);
  expect(html).toContain('rời khỏi trang');
  expect(html).toContain('Tiếp thị liên kết');
  const list = await createVisitor(here.url).get('/tim-kiem?partner=there&q=');
  if (list.html.includes(`/san-pham/${copy}`)) expect(list.html).toContain(`href="${wayTo(uri)}"`);
});

test('whoever goes is led to the registered host with a token of a day that says nothing of them', async () => {
  const { uri, slug } = thing(0);
  const seen = await leave(uri);
  expect(seen.status).toBe(303);
  const url = new URL(seen.location);
  expect([url.host, url.pathname]).toEqual([originOf(there), `/san-pham/${slug}`]);
  const said = decodeJwt(tokenOf(url));
  expect(said).toEqual({
    iss: originOf(here),
    aud: originOf(there),
    sub: uri,
    jti: expect.stringMatching(/^[\w-]{22}$/),
    iat: expect.any(Number),
    exp: (said.iat ?? 0) + 86_400,
  });
});

test('a row that leads elsewhere opens no way', async () => {
  const { uri } = thing(1);
  await here.db.execute(sql`update products set landing_url = 'http://evil.example/' where origin_uri = ${uri}`);
  try {
    expect((await leave(uri)).status).toBe(410);
    expect((await leave(uri, '?cu-di=1')).status).toBe(410);
  } finally {
    await here.db.execute(
      sql`update products set landing_url = ${`${there.url}/san-pham/${thing(1).slug}`} where origin_uri = ${uri}`,
    );
  }
  expect((await leave(uri)).status).toBe(303);
  for (const path of [
    `/go/${originOf(there)}/listing/khong-co`,
    '/go/khong.example/listing/1',
    `/go/${originOf(there)}/offer/1`,
  ])
    expect((await createVisitor(here.url).get(path)).status).toBe(404);
});

test('a visit is remembered once, and the order that it pays is told to the exchange that sent it, once', async () => {
  const { uri, slug } = thing(0);
  const url = await ticketTo(uri);
  const visitor = createVisitor(there.url);
  const before = (await visitsOf(there)).length;
  const arrived = await visitor.get(pathOf(url));
  expect([arrived.status, arrived.location]).toEqual([303, `/san-pham/${slug}`]);
  const again = await createVisitor(there.url).get(pathOf(url));
  expect([again.status, again.location]).toEqual([303, `/san-pham/${slug}`]);
  expect((await visitsOf(there)).length).toBe(before + 1);

  const code = await order(visitor, slug);
  await there.runJobs();
  expect((await visitsOf(there)).at(-1), 'not before it is paid').toMatchObject({ converted: false, order: code });
  await pay(code);
  const group = await there.db.execute<{ goods: string }>(
    sql`select sum(o.total_vnd - o.shipping_vnd) as goods from orders o join order_groups g on g.id = o.group_id where g.code = ${code}`,
  );
  const paid = group.rows[0]?.goods;
  expect((await visitsOf(there)).at(-1)).toEqual({ direction: 'received', converted: true, goods: paid, order: code });
  expect((await visitsOf(here)).filter(({ converted }) => converted)).toEqual([
    { direction: 'sent', converted: true, goods: paid, order: null },
  ]);

  // The second order of the visit is not of the referral.
  await pay(await order(visitor, thing(2).slug));
  expect((await visitsOf(here)).filter(({ converted }) => converted)).toHaveLength(1);
  for (const [node, direction] of [
    [here, 'sent'],
    [there, 'received'],
  ] as const) {
    const [day] = await node.services.federation.listReferralDays();
    expect(day).toMatchObject({ direction, orders: 1, goodsVnd: Number(paid), unreported: 0 });
  }
});

test('an order through the API and one of gift boxes count for the visit as those of the page do', async () => {
  const ordersOf = async () => (await visitsOf(there)).flatMap(({ order: code }) => (code === null ? [] : [code]));
  const before = await ordersOf();
  const [variant] = (await there.guest.product(thing(3).slug)).variants;
  if (!variant) throw new Error('The demonstration has changed');
  const byProgram = async (referral: string): Promise<string> => {
    const cartId = await there.guest.fillCart([variant.variantId, variant.minOrder]);
    const body = { referral, ageConfirmed: true };
    const { expect: send } = there.guest.client;
    return (await send<Group>(201, 'POST', `/v1/carts/${cartId}/checkout`, { body, headers: fresh() })).code;
  };
  const token = tokenOf(await ticketTo(thing(3).uri));
  const code = await byProgram(token);
  await byProgram(token);
  await byProgram('no.token.at-all');
  expect(await ordersOf(), 'one order a token, and what is no token refuses nothing').toEqual([...before, code]);

  const visitor = createVisitor(there.url);
  await visitor.get(pathOf(await ticketTo(thing(3).uri)));
  const [box] = await there.services.bundles.listBundles();
  if (!box) throw new Error('The demonstration has no gift box');
  await visitor.get(`/hop-qua/${box.slug}`);
  const { line, provinceCode } = home;
  const form = { boxes: '1', ...recipient, line, provinceCode, ward: 'Phường Ninh Kiều', age: 'yes' };
  const { location } = await visitor.post(`/hop-qua/${box.slug}`, form);
  const ofBoxes = /ST\w{10}/.exec(location)?.[0];
  expect(await ordersOf()).toEqual([...before, code, ofBoxes]);

  const again = tokenOf(await ticketTo(thing(3).uri));
  const body = { quantity: 1, recipient, address: home, ageConfirmed: true, referral: again };
  const path = `/v1/bundles/${box.slug}/checkout`;
  const bought = await there.guest.client.expect<Group>(201, 'POST', path, { body, headers: fresh() });
  expect(await ordersOf()).toEqual([...before, code, ofBoxes, bought.code]);
});

test('a report counts once, and only of what we sent to whoever reports', async () => {
  const federation = here.services.federation;
  const url = await ticketTo(thing(3).uri);
  const jti = decodeJwt(tokenOf(url)).jti ?? '';
  const goodsOf = (amount: number) => ({ amount, currency: 'VND' as const, taxIncluded: true });
  const at = here.clock.now().toISOString();
  const report = (key: string, name: string, uri = thing(3).uri, amount = 50_000) =>
    federation.recordConversion(key, name, { uri, at, goods: goodsOf(amount) });
  await expect(report('here', jti)).rejects.toMatchObject({ code: 'unknown-referral' });
  await expect(report('there', 'khong-co-luot-nao-nhu-the')).rejects.toMatchObject({ code: 'unknown-referral' });
  await expect(report('there', jti, thing(2).uri)).rejects.toMatchObject({ code: 'unknown-referral' });
  expect(await report('there', jti)).toBe('recorded');
  expect(await report('there', jti, thing(3).uri, 9_000_000)).toBe('duplicate');
  const { rows } = await here.db.execute(
    sql`select goods_vnd::int as goods from federation_referrals where jti = ${jti}`,
  );
  expect(rows).toEqual([{ goods: 50_000 }]);
});

test('a token that is not to be believed leads to the page all the same, and is remembered nowhere', async () => {
  const { uri, slug } = thing(0);
  const { identity } = here.services.federation;
  const whole = { iss: originOf(here), aud: originOf(there), sub: uri, jti: 'a'.repeat(22) };
  const now = there.clock.now();
  const sign = (change: Partial<typeof whole>, at = now) => signReferral({ ...whole, ...change }, identity, at);
  const long = Math.floor(now.getTime() / 1000) + 30 * 86_400;
  const tokens = {
    'of nobody we know': await signReferral(whole, there.services.federation.identity, now),
    'in the name of another': await sign({ iss: 'khac.example' }),
    'for another exchange': await sign({ aud: 'khac.example' }),
    'about goods of others': await sign({ sub: 'ocop://khac.example/listing/1' }),
    'of the day before yesterday': await sign({}, new Date(now.getTime() - 2 * 86_400_000)),
    'good for longer than a day': await new SignJWT({
      ...whole,
      iat: Math.floor(now.getTime() / 1000) - 90_000,
      exp: long,
    })
      .setProtectedHeader({ alg: 'EdDSA', kid: identity.keyid })
      .sign(identity.privateKey),
    'without a signature': `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await sign({})).split('.')[1]}.`,
    'with other words': (await sign({})).replace(/\.(.)/, (_, letter) => `.${letter === 'e' ? 'f' : 'e'}`),
    'of a silly name': await sign({ jti: 'x' }),
    endless: 'x'.repeat(3_000),
    empty: '',
  };
  const before = await visitsOf(there);
  for (const [what, token] of Object.entries(tokens)) {
    const seen = await createVisitor(there.url).get(`/san-pham/${slug}?x=1&${REFERRAL_PARAMETER}=${token}`);
    expect([what, seen.status, seen.location]).toEqual([what, 303, `/san-pham/${slug}?x=1`]);
  }
  expect(await visitsOf(there)).toEqual(before);
  await createVisitor(there.url).get(`/san-pham/${slug}?${REFERRAL_PARAMETER}=${await sign({})}`);
  expect(await visitsOf(there)).toHaveLength(before.length + 1);
});

test('what has sold out or gone since the last pull is said, with what is near; who insists may go', async () => {
  const { uri, productId } = thing(1);
  const variant = (await there.services.products.getProduct(thing(1).slug)).variants;
  const counts = new Map(variant.map(({ variantId, available }) => [variantId, available]));
  for (const id of counts.keys()) await there.setStock(id, 0);
  await there.services.federation.exportProducts([productId]);
  const soldOut = await leave(uri);
  expect(soldOut.status).toBe(200);
  expect(soldOut.text).toContain('vừa hết hàng');
  expect(soldOut.html).toContain('class="grid"');
  expect((await leave(uri, '?cu-di=1')).status).toBe(303);
  for (const [id, count] of counts) await there.setStock(id, count);
  await there.services.products.withdraw('test', productId);
  await there.services.federation.exportProducts([productId]);
  const gone = await leave(uri);
  expect(gone.status).toBe(410);
  expect(gone.text).toContain('không còn bán');
  expect(gone.html).not.toContain('cu-di');
  const languages = await Promise.all(['/en', '/km'].map((prefix) => createVisitor(here.url).get(prefix + wayTo(uri))));
  expect(languages.map(({ status }) => status)).toEqual([410, 410]);
});

test('a star of their goods is ours only where our own register holds that very decision', async () => {
  const { items } = await there.guest.products('stars=4&limit=1&inStock=true');
  const [best] = items;
  if (!best) throw new Error('The demonstration has no four stars');
  await there.services.federation.exportProducts([best.productId as ProductId]);
  await pull();
  const { items: copies } = await here.guest.products('partner=there&limit=100');
  const copy = copies.find(({ name }) => name === best.name);
  if (!copy) throw new Error(`${best.name} is not shown here`);
  const claim = /4 sao theo công bố của sàn/i;
  /** As the page, a card of a list, the list itself, the filter and programs that read the page have it. */
  const seen = async () => {
    here.clock.advance(2_000);
    const page = (await createVisitor(here.url).get(`/san-pham/${copy.slug}`)).html;
    const header = /<article class="product">.*?<\/header>/s.exec(page)?.[0] ?? '';
    const list = (await createVisitor(here.url).get(`/danh-muc/${best.category.slug}?partner=there`)).html;
    const card = list.split('<li class="card">').find((one) => one.includes(`/san-pham/${copy.slug}"`)) ?? '';
    const { items: listed } = await here.guest.products('partner=there&limit=100');
    const { items: filtered } = await here.guest.products('partner=there&stars=4&limit=100');
    const twin = await (await fetch(`${here.url}/san-pham/${copy.slug}.md`)).text();
    return {
      page: [header.includes('class="stars"'), claim.test(header)],
      card: [card.includes('class="stars"'), claim.test(card)],
      listed: listed.find(({ slug }) => slug === copy.slug)?.star,
      filtered: filtered.some(({ slug }) => slug === copy.slug),
      structured: /"Certification"|certificationRating/.test(page),
      twin: claim.test(twin),
    };
  };
  const ours = { page: [true, false], card: [true, false], listed: 4, filtered: true, structured: false, twin: false };
  const claimed = {
    page: [false, true],
    card: [false, true],
    listed: null,
    filtered: false,
    structured: false,
    twin: true,
  };
  expect(await seen()).toEqual(ours);
  const change = (set: string) =>
    transact(here.db, 'test', (tx) =>
      tx.execute(
        sql`update certificates c set ${sql.raw(set)} from products p where p.id = c.product_id and p.name_vi = ${best.name}`,
      ),
    );
  await change(`decision_number = c.decision_number || '-khac'`);
  expect(await seen(), 'another decision').toEqual(claimed);
  await change(`decision_number = ' ' || lower(replace(c.decision_number, '-khac', ''))`);
  expect(await seen(), 'the same one, written otherwise').toEqual(ours);
  await change('star = 3');
  expect(await seen(), 'fewer stars').toEqual(claimed);
  await change(`star = 4, valid_until = '2020-01-01'`);
  expect(await seen(), 'lapsed').toEqual(claimed);
  await change(`valid_until = '2099-01-01'`);
  expect(await seen()).toEqual(ours);
  await transact(here.db, 'test', (tx) =>
    tx.execute(
      sql`update products set name_vi = name_vi || ' hộp quà', gtin = null where partner_key is null and name_vi = ${best.name}`,
    ),
  );
  expect(await seen(), 'the decision is about other goods').toEqual(claimed);
  await transact(here.db, 'test', (tx) =>
    tx.execute(sql`update products set claimed_until = '2020-01-01' where slug = ${copy.slug}`),
  );
  expect(await seen(), 'what its exchange says has lapsed').toMatchObject({
    page: [false, false],
    card: [false, false],
  });
});

test('a partner that does not answer keeps nobody waiting, and one whose breaker is open is not asked', async () => {
  const { uri, productId } = thing(2);
  await there.services.products.withdraw('test', productId);
  await there.services.federation.exportProducts([productId]);
  const rest = (breaker: object | null) =>
    here.db.execute(
      sql`update partners set breaker = ${breaker === null ? null : JSON.stringify(breaker)}::jsonb where key = 'there'`,
    );
  await rest({ failures: 5, outages: 5, firstOutageAt: 0, isOpen: true, nextAttemptAt: 0 });
  expect((await leave(uri)).status).toBe(303);
  await rest(null);
  expect((await leave(uri)).status).toBe(410);
  await transact(here.db, 'test', (tx) =>
    tx.execute(sql`update partners set base_url = 'http://127.0.0.1:9' where key = 'there'`),
  );
  expect((await leave(uri)).status, 'nobody listens there').toBe(303);
});
