import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { readAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { createQuestions, questionPersonalData } from '#features/questions/index.ts';
import type { Client } from '#test/support/client.ts';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { type Product, signIn } from '#test/support/people.ts';
import { createVisitor } from '#test/web/visitor.ts';

type Shown = {
  readonly questionId: string;
  readonly text: string;
  readonly name: string;
  readonly answer: string | null;
};
type Page = { readonly count: number; readonly items: readonly Shown[] };
type Asked = { readonly questionId: string; readonly state: string };

let node: TestNode;
let seller: Client;
let other: Client;
let officer: Client;
let product: Product;
beforeAll(async () => {
  node = await startNode();
  seller = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  other = await signIn(node.url, 'nguoiban2@cho-noi.example', demoPassword);
  officer = await signIn(node.url, 'kiemduyet@cho-noi.example', demoPassword);
  const { items } = await node.guest.products('limit=1&business=htx-hanh-tim-bai-giong');
  if (!items[0]) throw new Error('The demonstration has changed');
  product = items[0];
});
afterAll(() => node.close());

const phone = '0912 345 678';
const ask = (body: object, status = 200) =>
  node.guest.client.expect<Asked & { code: string }>(status, 'POST', `/v1/products/${product.slug}/questions`, {
    body: { phone, ...body },
  });
const read = () => node.guest.client.expect<Page>(200, 'GET', `/v1/products/${product.productId}/questions`);
const answer = (who: Client, id: string, text: string) =>
  who.send<{ code: string }>('PUT', `/v1/seller/questions/${id}/answer`, { body: { text } });
const decide = (id: string, verdict: string, reason = '') =>
  officer.send<{ code: string }>('POST', `/v1/staff/questions/${id}/verdict`, { body: { verdict, reason } });
const queued = async () =>
  (await officer.expect<{ items: readonly unknown[] }>(200, 'GET', '/v1/staff/queues/questions?limit=100')).items
    .length;
const told = async () =>
  (
    await node.db.execute<{ kind: string }>(
      sql`select kind from notices where kind like 'question.%' order by created_at, kind`,
    )
  ).rows.map(({ kind }) => kind);

describe('a question', () => {
  test('is asked with a phone number that nobody is shown, answered by the seller alone, and both are told', async () => {
    const { questionId, state } = await ask({ text: 'Mở gói rồi để được bao lâu?', name: 'Nguyễn Thị Bé' });
    expect(state).toBe('published');
    expect(await answer(other, questionId, 'Dạ')).toMatchObject({ status: 404, body: { code: 'question-not-found' } });
    expect((await answer(seller, questionId, 'Dạ, ngăn mát được mười ngày.')).status).toBe(204);
    const { count, items } = await read();
    expect([count, items[0]?.name, items[0]?.answer]).toEqual([1, 'Nguyễn T. B.', 'Dạ, ngăn mát được mười ngày.']);
    expect(JSON.stringify(items)).not.toMatch(/912/);
    expect(await told()).toEqual(['question.asked', 'question.answered']);
    const { text } = await node.guest.client.send('GET', `/san-pham/${product.slug}`);
    expect(text).toContain('Mở gói rồi để được bao lâu?');
    expect(text).toContain('Dạ, ngăn mát được mười ngày.');
  });

  test('that is pressed twice is one question', async () => {
    const before = (await read()).count;
    const asked = await Promise.all([1, 2, 3].map(() => ask({ text: 'Có giao Cà Mau không?' })));
    expect(new Set(asked.map(({ questionId }) => questionId)).size).toBe(1);
    expect((await read()).count).toBe(before + 1);
  });

  test.each([
    [{ text: '  ' }, 422, 'question-words-missing'],
    [{ text: 'Còn không?', phone: '12' }, 422, 'question-contact-missing'],
  ])('%j is refused', async (body, status, code) => {
    expect((await ask(body, status)).code).toBe(code);
  });

  test('in the form keeps what was typed when it is refused', async () => {
    const visitor = createVisitor(node.url);
    const path = `/san-pham/${product.slug}/hoi-dap`;
    await visitor.get(path);
    const refused = await visitor.post(path, { text: 'Hàng mùa này có ngọt không?', phone: '12', name: 'Bé Ba' });
    expect([refused.status, refused.fieldValue('name'), refused.fieldValue('phone')]).toEqual([422, 'Bé Ba', '12']);
    expect(refused.text).toContain('Hàng mùa này có ngọt không?');
    const taken = await visitor.post(path, { text: 'Hàng mùa này có ngọt không?', phone, name: 'Bé Ba' });
    expect(taken.location).toBe(`${path}?da-gui=published`);
    expect((await visitor.get(taken.location)).text).toContain('Câu hỏi đã được đăng');
  });

  test('with a phone number in it waits for an officer, who shows or hides it with a reason, and the asker hears', async () => {
    const before = await queued();
    const { questionId, state } = await ask({ text: 'Gọi em 0987 654 321 nhé?' });
    expect(state).toBe('waiting');
    expect(await queued()).toBe(before + 1);
    expect((await read()).items.map(({ questionId: id }) => id)).not.toContain(questionId);
    expect(await decide(questionId, 'hide')).toMatchObject({ status: 422, body: { code: 'question-words-missing' } });
    expect((await decide(questionId, 'hide', 'Có số điện thoại')).status).toBe(204);
    expect(await decide(questionId, 'hide', 'Lần nữa')).toMatchObject({
      status: 409,
      body: { code: 'question-settled' },
    });
    expect(await queued()).toBe(before);
    expect((await told()).at(-1)).toBe('question.hidden');
    expect((await decide(questionId, 'show')).status).toBe(204);
    expect((await read()).items.map(({ questionId: id }) => id)).toContain(questionId);
  });

  test('whose answer promises a cure has the answer looked at first', async () => {
    const { questionId } = await ask({ text: 'Ăn vào có khỏe không?' });
    await answer(seller, questionId, 'Chữa khỏi tiểu đường!');
    expect((await read()).items.find(({ questionId: id }) => id === questionId)?.answer).toBeNull();
    expect((await decide(questionId, 'hide-answer', 'Không được nói chữa bệnh')).status).toBe(204);
    expect((await told()).at(-1)).toBe('question.answer-hidden');
    expect((await answer(seller, questionId, 'Dạ, ăn ngon miệng.')).status).toBe(204);
    // What was hidden and is said otherwise is looked at again.
    expect((await decide(questionId, 'show-answer')).status).toBe(204);
    expect((await read()).items.find(({ questionId: id }) => id === questionId)?.answer).toBe('Dạ, ăn ngon miệng.');
  });

  test('of a partner’s goods is asked there', async () => {
    const { services } = node;
    const products = {
      getProduct: async (slug: string) => ({
        ...(await services.products.getProduct(slug)),
        partner: { name: 'Sàn bạn' } as never,
      }),
    };
    const { atMost } = services.identity;
    const { ask: askAway } = createQuestions({ ...services, atMost, products });
    const asking = { actor: 'guest', address: '10.0.0.9', accountId: undefined, phone, name: '' };
    await expect(askAway(asking, product.slug, 'Còn không?')).rejects.toMatchObject({ code: 'question-for-partner' });
  });
});

test('who asked is closed to sellers, whatever they ask', async () => {
  const { rows } = await node.db.execute<{ id: string }>(
    sql`select id from businesses where slug = 'htx-hanh-tim-bai-giong'`,
  );
  const own = [(rows[0]?.id ?? '') as BusinessId];
  const seen = (table: string) =>
    readAsSeller(
      node.db,
      own,
      async (reader) => (await reader.execute(sql`select from ${sql.identifier(table)}`)).rows.length,
    );
  expect(await seen('questions')).toBeGreaterThan(0);
  expect(await seen('question_askers')).toBe(0);
});

test('so many an hour from one place', async () => {
  const codes: string[] = [];
  for (let turn = 0; turn < 24; turn += 1) {
    const sent = { body: { text: `Câu thứ ${turn}?`, phone } };
    codes.push(
      (await node.guest.client.send<{ code?: string }>('POST', `/v1/products/${product.slug}/questions`, sent)).body
        .code ?? 'taken',
    );
  }
  expect(codes.at(-1)).toBe('too-many-attempts');
});

test('whoever is forgotten takes words, name and number along, and no officer brings them back', async () => {
  const person = { accountId: product.productId as never, phone: '+84912345678', email: null };
  const own = await questionPersonalData.read(node.db, person);
  expect((own as readonly unknown[]).length).toBeGreaterThan(3);
  await transact(
    node.db,
    'test',
    (tx) => questionPersonalData.erase?.(tx, person, node.clock.now()) ?? Promise.resolve(),
  );
  expect(await questionPersonalData.read(node.db, person)).toEqual([]);
  expect((await read()).count).toBe(0);
  const { rows } = await node.db.execute<{ id: string }>(sql`select id from questions limit 1`);
  expect((await decide(rows[0]?.id ?? '', 'show')).body.code).toBe('question-settled');
});
