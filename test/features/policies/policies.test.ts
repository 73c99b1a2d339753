import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readOperator } from '#config/operator.ts';
import { rankingCriteria } from '#features/search/index.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { createVisitor } from '#test/web/visitor.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.close());
const read = async (path: string) => (await createVisitor(node.url).get(path)).text;

test('the ranking page shows each weight that the program orders by', async () => {
  const text = await read('/thu-tu-hien-thi');
  const weights = [...Object.values(rankingCriteria.fields), ...Object.values(rankingCriteria.evidence)];
  for (const weight of weights) expect(text).toContain(`${Math.round(weight * 100)}%`);
});

test('the times of complaints are those of the row by which they are judged', async () => {
  await node.db.execute(sql`update complaint_rules set answer_hours = 37`).catch(() => undefined);
  const rule = await node.services.complaints.currentRule();
  expect(await read('/chinh-sach-khieu-nai')).toContain(`trả lời trong ${rule.answerHours} giờ`);
});

test('every paper stands in the list with the day since which it holds, and is linked from each page', async () => {
  const html = (await createVisitor(node.url).get('/chinh-sach')).html;
  const papers = [
    '/quy-che',
    '/quyen-rieng-tu',
    '/chinh-sach-doi-tra',
    '/chinh-sach-khieu-nai',
    '/bieu-phi',
    '/thu-tu-hien-thi',
  ];
  for (const path of papers) expect(html).toContain(`href="${path}"`);
  expect(html.match(/Áp dụng từ \d\d\/\d\d\/\d{4}/g)?.length).toBe(papers.length);
  expect((await createVisitor(node.url).get('/')).html).toContain('href="/chinh-sach"');
});

test.each([
  ['nothing', undefined, false, undefined],
  ['nothing in the demonstration', undefined, true, 'Đơn vị vận hành mẫu (không có thật)'],
  ['half of it', '{"name":"Sở"}', false, undefined],
  ['no JSON', 'Sở Công Thương', false, undefined],
  [
    'all of it',
    JSON.stringify({ name: 'Sở', address: 'a', phone: 'p', email: 'e', licence: 'l', representative: 'r' }),
    false,
    'Sở',
  ],
])('of the operator %s is written', (_, text, demo, name) => {
  const folder = mkdtempSync(join(tmpdir(), 'cho-noi-operator-'));
  try {
    if (text !== undefined) writeFileSync(join(folder, 'operator.json'), text);
    expect(readOperator(folder, demo)?.name).toBe(name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
