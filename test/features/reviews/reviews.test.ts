import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { reviewPersonalData } from '#features/reviews/index.ts';
import type { Client } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { fresh, recipient, signIn } from '#test/support/people.ts';
import { photograph, withExif } from '#test/support/pictures.ts';

type Review = {
  readonly reviewId: string;
  readonly state: string;
  readonly points: number;
  readonly text: string;
  readonly name: string;
  readonly photos: readonly string[];
  readonly cameBack: boolean;
  readonly reply: string | null;
  readonly reason: string | null;
  readonly flagReason: string | null;
  readonly replyState: string | null;
};
type Reviews = {
  readonly rating: {
    readonly count: number;
    readonly average: number | null;
    readonly distribution: readonly number[];
  };
  readonly items: readonly Review[];
  readonly nextCursor: string | null;
};
const { phone } = recipient;
const dayMs = 86_400_000;

let market: Market;
let seller: Client;
let other: Client;
let officer: Client;
/** One size each of products of the seller's. */
let sizes: readonly { readonly variantId: string; readonly productId: string; readonly slug: string }[];
beforeAll(async () => {
  market = await openMarket();
  const { node } = market;
  seller = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  other = await signIn(node.url, 'nguoiban2@cho-noi.example', demoPassword);
  officer = await signIn(node.url, 'kiemduyet@cho-noi.example', demoPassword);
  const { rows } = await node.db.execute<(typeof sizes)[number]>(
    sql`select min(v.id::text) as "variantId", p.id as "productId", p.slug from variants v join products p on p.id = v.product_id
      join businesses b on b.id = p.business_id where b.slug = 'htx-hanh-tim-bai-giong' and p.status = 'listed' group by p.id order by 1 limit 5`,
  );
  sizes = rows;
  await node.db.execute(sql`update product_ratings set count = 0, points = 0, distribution = '{0,0,0,0,0}'`);
  await node.db.execute(sql`delete from review_photos`);
  for (const { variantId } of sizes) await node.setStock(variantId, 500);
});
afterAll(() => market.close());

const size = (index: number) => {
  const one = sizes[index];
  if (!one) throw new Error('The demonstration has changed');
  return one;
};
/** An order that was paid, and delivered unless `until` says how far it came. */
async function bought(until: 'paid' | 'delivered', ...lines: readonly number[]): Promise<string> {
  const group = await market.guest.order(...lines.map((index) => [size(index).variantId, 1] as const));
  const { qr } = await market.guest.pay(group.code, 'vietqr');
  await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  const code = group.orders[0]?.code ?? '';
  if (until === 'delivered')
    for (const verb of ['confirm', 'ship', 'deliver'])
      await seller.expect(204, 'POST', `/v1/seller/orders/${code}/${verb}`, { body: {} });
  return code;
}
const write = (code: string, index: number, body: object) =>
  market.guest.client.expect<Review>(200, 'POST', `/v1/orders/${code}/reviews`, {
    body: { phone, variantId: size(index).variantId, points: 5, ...body },
  });
const refusal = async (code: string, index: number, body: object = {}) => {
  const sent = { body: { phone, variantId: size(index).variantId, points: 5, ...body } };
  return (await market.guest.client.send<{ code: string }>('POST', `/v1/orders/${code}/reviews`, sent)).body.code;
};
const read = (index: number, query = '') =>
  market.guest.client.expect<Reviews>(200, 'GET', `/v1/products/${size(index).productId}/reviews${query}`);
const decide = (id: string, verdict: string, reason = '') =>
  officer.send<{ code: string }>('POST', `/v1/staff/reviews/${id}/verdict`, { body: { verdict, reason } });
const queued = async (): Promise<number> =>
  (await officer.expect<{ items: readonly unknown[] }>(200, 'GET', '/v1/staff/queues/reviews?limit=100')).items.length;
const told = async (kind: string): Promise<number> =>
  (await market.node.db.execute<{ n: number }>(sql`select count(*)::int as n from notices where kind = ${kind}`))
    .rows[0]?.n ?? 0;

describe('a review', () => {
  test('comes from whoever received it, is shown with the figure of all, and reaches card, page and search', async () => {
    const code = await bought('delivered', 0);
    const made = await write(code, 0, { points: 4, text: 'Hành thơm, củ chắc.' });
    expect(made).toMatchObject({ state: 'published', points: 4, name: 'Nguyễn T. B.', cameBack: false, reply: null });
    await write(await bought('delivered', 0), 0, { points: 5, named: false });
    const { rating, items } = await read(0);
    expect(rating).toEqual({ count: 2, average: 4.5, distribution: [0, 0, 0, 1, 1] });
    expect(items.map(({ name }) => name)).toEqual(['', 'Nguyễn T. B.']);
    const product = await market.guest.client.expect<{ rating: unknown }>(200, 'GET', `/v1/products/${size(0).slug}`);
    expect(product.rating).toEqual({ average: 4.5, count: 2 });
    const { text } = await market.guest.client.send('GET', `/san-pham/${size(0).slug}`);
    expect(text).toContain('"aggregateRating":{"@type":"AggregateRating","ratingValue":4.5,"reviewCount":2');
    expect(text).toContain('Hành thơm, củ chắc.');
    await market.node.runJobs();
    const { rows } = await market.node.db.execute<{ points: number; n: number }>(
      sql`select (document->'facts'->>'points')::float8 as points, (document->'facts'->>'pointsCount')::int as n from search_documents where product_id = ${size(0).productId}`,
    );
    expect(rows).toEqual([{ points: 4.5, n: 2 }]);
  });

  test('of nobody is no figure: neither in the page’s data nor in the product', async () => {
    const { items } = await market.guest.products('limit=1&partner=own');
    const { slug } = items[0] ?? { slug: '' };
    const { text } = await market.guest.client.send('GET', `/san-pham/${slug}`);
    expect(text).not.toContain('aggregateRating');
    expect(await market.guest.client.expect(200, 'GET', `/v1/products/${slug}`)).toMatchObject({
      rating: null,
    });
  });

  test('is refused before delivery, of what is not in the order, and to whoever cannot show whose it is', async () => {
    const paid = await bought('paid', 1);
    expect(await refusal(paid, 1)).toBe('review-before-delivery');
    const code = await bought('delivered', 1);
    expect(await refusal(code, 2)).toBe('review-before-delivery');
    expect(await refusal(code, 1, { phone: '0987654321' })).toBe('tracking-mismatch');
    expect(await refusal(code, 1, { phone: undefined })).toBe('tracking-mismatch');
    expect(await refusal(code, 1, { points: 6 })).toBe('invalid-request');
    expect(await refusal(code, 1, { text: 'x'.repeat(2_001) })).toBe('invalid-request');
    expect((await read(1)).rating.count).toBe(0);
  });

  test('is one an order and product: said again it changes, with what it said before kept, for thirty days', async () => {
    const code = await bought('delivered', 1, 2);
    const first = await write(code, 1, { points: 2, text: 'Hơi mặn' });
    const again = await write(code, 1, { points: 3, text: 'Hơi mặn, nhưng thơm' });
    expect([again.reviewId, again.points]).toEqual([first.reviewId, 3]);
    await write(code, 2, { points: 5 });
    expect((await read(1)).rating).toMatchObject({ count: 1, average: 3 });
    const history = sql`select part, version, points, text from review_versions where review_id = ${first.reviewId}`;
    expect((await market.node.db.execute(history)).rows).toEqual([
      { part: 'review', version: 1, points: 2, text: 'Hơi mặn' },
    ]);
    await expect(market.node.db.execute(sql`update review_versions set points = 5`)).rejects.toThrow();
    await expect(market.node.db.execute(sql`delete from review_versions`)).rejects.toThrow();
    market.node.clock.advance(30 * dayMs + 1_000);
    expect(await refusal(code, 1)).toBe('review-closed');
  });

  test('written five times at the same instant is one', async () => {
    const code = await bought('delivered', 3);
    const sent = { body: { phone, variantId: size(3).variantId, points: 4 } };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => market.guest.client.send('POST', `/v1/orders/${code}/reviews`, sent)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await read(3)).rating).toMatchObject({ count: 1, average: 4 });
  });

  test('is not of a member of the business itself', async () => {
    const code = await bought('delivered', 4);
    await market.node.db.execute(
      sql`update accounts set phone = '+84912345678' where id = (select account_id from business_members m join businesses b on b.id = m.business_id where b.slug = 'htx-hanh-tim-bai-giong' limit 1)`,
    );
    expect(await refusal(code, 4)).toBe('review-own-business');
    await market.node.db.execute(sql`update accounts set phone = null where phone = '+84912345678'`);
    expect((await write(code, 4, {})).state).toBe('published');
  });

  test('says when the goods went back', async () => {
    const code = await bought('delivered', 3);
    await write(code, 3, { points: 1, text: 'Vỡ hết' });
    const lines = [{ variantId: size(3).variantId, quantity: 1 }];
    const made = await market.guest.client.expect<{ code: string }>(201, 'POST', `/v1/orders/${code}/returns`, {
      body: { phone, reason: 'damaged', lines },
    });
    await seller.expect(200, 'POST', `/v1/seller/returns/${made.code}/accept`, {
      body: { keepGoods: true },
      headers: fresh(),
    });
    expect((await read(3)).items.find(({ text }) => text === 'Vỡ hết')).toMatchObject({ cameBack: true, points: 1 });
  });

  test('takes four photos, shown without the place where they were made, and only while it is shown', async () => {
    const code = await bought('delivered', 4);
    const { reviewId } = await write(code, 4, { text: 'Có ảnh' });
    const photo = await withExif(await photograph(400, 300));
    const add = async () => {
      const form = new FormData();
      form.set('phone', phone);
      form.set('photo', new Blob([new Uint8Array(photo)]), 'a.jpg');
      const path = `/v1/orders/${code}/reviews/${reviewId}/photos`;
      return (await market.guest.client.send('POST', path, { body: form })).status;
    };
    const statuses = [];
    for (let sent = 0; sent < 5; sent += 1) statuses.push(await add());
    expect(statuses).toEqual([204, 204, 204, 204, 409]);
    await market.node.runJobs();
    const { items } = await read(4, '?sort=detailed');
    expect(items[0]?.reviewId).toBe(reviewId);
    const src = items[0]?.photos[0] ?? '';
    const shown = await market.guest.client.send('GET', src);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(shown.text).not.toContain('MAY-ANH-BI-MAT');
    expect((await decide(reviewId, 'hide', 'Ảnh có mặt trẻ em')).status).toBe(204);
    expect((await market.guest.client.send('GET', src)).status).toBe(404);
  });
});

describe('what the filter marks', () => {
  test('waits for an officer, is not in the figure meanwhile, and its buyer is told what becomes of it', async () => {
    const [before, waiting] = [await read(2), await queued()];
    const code = await bought('delivered', 2);
    const made = await write(code, 2, { points: 1, text: 'Gọi 0912 345 678 mua rẻ hơn' });
    expect(made.state).toBe('waiting');
    expect(await queued()).toBe(waiting + 1);
    expect((await read(2)).rating).toEqual(before.rating);
    expect((await seller.expect<Reviews>(200, 'GET', '/v1/seller/reviews?limit=100')).items).not.toContainEqual(
      expect.objectContaining({ reviewId: made.reviewId }),
    );
    expect((await decide(made.reviewId, 'hide')).body.code).toBe('review-words-missing');
    expect((await decide(made.reviewId, 'hide', 'Có số điện thoại')).status).toBe(204);
    expect(await queued()).toBe(waiting);
    expect((await decide(made.reviewId, 'hide', 'Lần nữa')).body.code).toBe('review-settled');
    expect(await told('review.hidden')).toBeGreaterThan(0);
    // Said otherwise it waits again, and is shown when the officer says so.
    expect((await write(code, 2, { points: 1, text: 'Không ngon' })).state).toBe('waiting');
    expect((await decide(made.reviewId, 'show')).status).toBe(204);
    expect((await read(2)).rating.count).toBe(before.rating.count + 1);
    expect(await told('review.shown')).toBe(1);
  });
});

describe('the seller', () => {
  test('answers once, may say it otherwise, and is read by everybody; another seller and a stranger do not get there', async () => {
    const code = await bought('delivered', 0);
    const { reviewId } = await write(code, 0, { points: 3 });
    const reply = (who: Client, text: string) =>
      who.send<{ code: string }>('PUT', `/v1/seller/reviews/${reviewId}/reply`, { body: { text } });
    expect((await reply(other, 'x')).status).toBe(404);
    expect((await reply(seller, ' ')).body.code).toBe('review-words-missing');
    expect((await reply(seller, 'Cảm ơn quý khách.')).status).toBe(204);
    expect((await reply(seller, 'Cảm ơn quý khách, lần sau bên em gói kỹ hơn.')).status).toBe(204);
    const mine = async () => (await read(0)).items.find((one) => one.reviewId === reviewId);
    expect(await mine()).toMatchObject({ reply: 'Cảm ơn quý khách, lần sau bên em gói kỹ hơn.' });
    const { rows } = await market.node.db.execute(
      sql`select part, points, text from review_versions where review_id = ${reviewId}`,
    );
    expect(rows).toEqual([{ part: 'reply', points: null, text: 'Cảm ơn quý khách.' }]);
    // What is marked in an answer waits as well.
    const waiting = await queued();
    expect((await reply(seller, 'Gọi 0912 345 678')).status).toBe(204);
    expect([await mine(), await queued()]).toMatchObject([{ reply: null }, waiting + 1]);
    expect((await decide(reviewId, 'hide-reply', 'Có số điện thoại')).status).toBe(204);
    expect([await queued(), await told('review.reply-hidden')]).toEqual([waiting, 1]);
    expect((await decide(reviewId, 'hide-reply', 'x')).body.code).toBe('review-settled');
  });

  test('flags a review and does not hide it: it stays until an officer has looked', async () => {
    const code = await bought('delivered', 1);
    const { reviewId } = await write(code, 1, { points: 1, text: 'Dở' });
    const flag = (reason: string) =>
      seller.send<{ code: string }>('POST', `/v1/seller/reviews/${reviewId}/flag`, { body: { reason } });
    const { count } = (await read(1)).rating;
    expect((await flag('')).body.code).toBe('review-words-missing');
    expect((await flag('Khách này không mua hàng')).status).toBe(204);
    expect((await flag('Lần nữa')).body.code).toBe('review-flagged');
    expect((await read(1)).rating.count).toBe(count);
    const { items } = await officer.expect<Reviews>(200, 'GET', '/v1/staff/reviews?flagged=true');
    expect(items).toMatchObject([{ reviewId, flagReason: 'Khách này không mua hàng' }]);
    expect((await decide(reviewId, 'show')).status).toBe(204);
    expect((await decide(reviewId, 'show')).body.code).toBe('review-settled');
    expect([await told('review.kept'), (await read(1)).rating.count]).toEqual([1, count]);
  });
});

test('texts of all kinds are kept as they are and shown as words', async () => {
  const hostile = `"><img src=x onerror=alert(1)>{{constructor}}\u202e𝕏';drop table reviews;--`;
  const code = await bought('delivered', 2);
  const made = await write(code, 2, { text: hostile });
  expect(made.state).toBe('waiting');
  await decide(made.reviewId, 'show');
  const { text } = await market.guest.client.send('GET', `/san-pham/${size(2).slug}/danh-gia`);
  expect(text).not.toContain('<img src=x');
  expect(text).toContain('&lt;img src=x');
});

test('pages go on from each other, in both orders', async () => {
  for (const sort of ['newest', 'detailed']) {
    const all = (await read(0, `?sort=${sort}`)).items.map(({ reviewId }) => reviewId);
    const first = await read(0, `?sort=${sort}&limit=1`);
    const second = await read(0, `?sort=${sort}&limit=100&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ reviewId }) => reviewId)).toEqual(all);
    expect(all.length).toBeGreaterThan(2);
  }
});

test('whoever is forgotten leaves points without name, words, photos or history', async () => {
  const before = (await read(1)).rating;
  await transact(market.node.db, 'test', async (tx) => {
    await reviewPersonalData.erase?.(
      tx,
      { accountId: size(0).productId as never, phone: '+84912345678', email: null },
      market.node.clock.now(),
    );
  });
  const { rating, items } = await read(1);
  expect(rating).toEqual(before);
  expect(items.every(({ name, text, photos }) => name === '' && text === '' && photos.length === 0)).toBe(true);
  const { rows } = await market.node.db.execute(sql`select distinct text from review_versions where part = 'review'`);
  expect(rows).toEqual([{ text: '' }]);
});

test('the figures are those of the reviews that are shown', async () => {
  const { rows } = await market.node.db.execute(sql`select r.product_id from product_ratings r
    left join lateral (select count(*)::int as n, coalesce(sum(points), 0)::int as points from reviews where product_id = r.product_id and state = 'published') s on true
    where (r.count, r.points) <> (s.n, s.points)`);
  expect(rows).toEqual([]);
});
