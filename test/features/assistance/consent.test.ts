import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import type { Client } from '#test/support/client.ts';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';

let node: TestNode;
let assistant: Client;
let stranger: Client;
let household: Client;
let b002: string;
beforeAll(async () => {
  node = await startNode({ env: { DEMO: '1' } });
  await transact(node.db, 'test', (tx) =>
    node.services.identity.addAccount(tx, { name: 'Người lạ', login: 'la@thu.example', password: demoPassword }),
  );
  assistant = await signIn(node.url, 'totro@cho-noi.example', demoPassword);
  stranger = await signIn(node.url, 'la@thu.example', demoPassword);
  household = await signIn(node.url, 'nguoiban2@cho-noi.example', demoPassword);
  const { rows } = await node.db.execute<{ id: string }>(sql`select id from businesses where code = 'B002'`);
  b002 = rows[0]?.id ?? '';
});
afterAll(() => node.close());

const ask = (client: Client, body: object) =>
  client.send<{ consentId: string }>('POST', '/v1/assist/consents', { body });
const wanted = { scopes: ['profile', 'products'], months: 6 };
const newborn = { ...wanted, name: 'Hộ Dưa cải Tám Chua', phone: '0987654321' };
/** What the household reads on its phone: the recording carrier keeps the last messages. */
async function message(): Promise<{ code: string; link: string }> {
  await node.runJobs();
  const page = await node.guest.client.send('GET', '/minh-hoa/tin-nhan');
  const [, code = ''] = /Mã đồng ý (\d{6})/.exec(page.text) ?? [];
  const [, link = ''] = /(\/uy-quyen\/[\w-]+)/.exec(page.text) ?? [];
  return { code, link };
}
const confirm = (client: Client, id: string, code: string) =>
  client.send<{ businessId: string }>('POST', `/v1/assist/consents/${id}/confirm`, { body: { code } });
const own = (client: Client, id: string, path = '') => client.send('GET', `/v1/seller/business/${id}${path}`);

describe('consent', () => {
  test('is asked by members of a team only, of households in its wards, for a year at the most', async () => {
    expect(await ask(stranger, newborn)).toMatchObject({ status: 403, body: { code: 'not-an-assistant' } });
    expect(await ask(assistant, { ...wanted, phone: '0987654321' })).toMatchObject({
      status: 404,
      body: { code: 'household-not-found' },
    });
    expect((await ask(assistant, { ...newborn, months: 13 })).status).toBe(400);
    expect((await ask(assistant, { ...newborn, scopes: ['bank'] })).status).toBe(400);
    expect(await ask(assistant, { ...newborn, phone: '0123456789' })).toMatchObject({
      body: { code: 'business-phone-invalid' },
    });
  });

  let consentId: string;
  let businessId: string;
  test('opens nothing before the household has read its code aloud', async () => {
    const asked = await ask(assistant, newborn);
    expect(asked.status).toBe(201);
    consentId = asked.body.consentId;
    const { rows } = await node.db.execute<{ id: string }>(
      sql`select business_id as id from consents where id = ${consentId}`,
    );
    businessId = rows[0]?.id ?? '';
    expect((await own(assistant, businessId)).status).toBe(404);
    const { code } = await message();
    expect(code).toMatch(/^\d{6}$/);
    const wrong = code === '000000' ? '000001' : '000000';
    expect(await confirm(assistant, consentId, wrong)).toMatchObject({
      status: 422,
      body: { code: 'consent-code-wrong' },
    });
    expect(await confirm(stranger, consentId, code)).toMatchObject({
      status: 404,
      body: { code: 'consent-not-found' },
    });
    expect(await confirm(assistant, consentId, code)).toMatchObject({ status: 200, body: { businessId } });
    expect((await own(assistant, businessId)).status).toBe(200);
  });

  test('covers what was named and nothing else; never money and members', async () => {
    for (const path of ['/bank-account', '/members', '/consents'])
      expect((await own(assistant, businessId, path)).status).toBe(403);
    expect((await assistant.send('GET', '/v1/seller/stock')).status).toBe(403);
  });

  test('every act is stored and shown with both names', async () => {
    const where = { provinceCode: '92', wardCode: '31804', addressLine: 'Khóm Biển Dưới' };
    await assistant.expect(204, 'PUT', `/v1/seller/business/${businessId}/where`, { body: where });
    const acts = await node.services.businesses.listActsFor(businessId as never);
    expect(acts[0]).toMatchObject({ action: 'business.placed', assistant: 'Lê Văn Tổ', household: newborn.name });
    const { link } = await message();
    const page = await node.guest.client.send('GET', link);
    expect(page.text).toContain('Lê Văn Tổ hỗ trợ, thay mặt Hộ Dưa cải Tám Chua');
  });

  test('is taken back by the household with one press, and the next request finds the door closed', async () => {
    const { link } = await message();
    expect((await node.guest.client.send('POST', link, { body: {} })).status).toBe(303);
    expect((await own(assistant, businessId)).status).not.toBe(200);
    expect((await node.guest.client.send('POST', link, { body: {} })).status).toBe(404);
    expect((await confirm(assistant, consentId, (await message()).code)).status).toBe(422);
  });

  test('five wrong codes spend it, and a phone gets three codes an hour', async () => {
    const { body } = await ask(assistant, newborn);
    const { code } = await message();
    const wrong = code === '111111' ? '111112' : '111111';
    for (let tries = 0; tries < 5; tries += 1)
      expect((await confirm(assistant, body.consentId, wrong)).status).toBe(422);
    expect((await confirm(assistant, body.consentId, code)).status).toBe(422);
    expect((await ask(assistant, newborn)).status).toBe(201);
    expect(await ask(assistant, newborn)).toMatchObject({ status: 429, body: { code: 'consent-asked-too-often' } });
  });

  test('ends by itself on its day', async () => {
    expect((await own(assistant, b002)).status).toBe(200);
    node.clock.set(new Date(node.clock.now().getTime() + 345 * 24 * 3_600_000));
    assistant = await signIn(node.url, 'totro@cho-noi.example', demoPassword);
    expect((await own(assistant, b002)).status).toBe(403);
  });
});

describe('teams', () => {
  test('a list of 775 is taken at once, and whoever leaves a team loses what was consented to through it', async () => {
    const moderator = await signIn(node.url, 'kiemduyet@cho-noi.example', demoPassword);
    const teams = Array.from({ length: 775 }, (_one, index) => ({
      code: `T${index}`,
      name: `Tổ ${index}`,
      wardCode: '31804',
    }));
    expect(await moderator.send('POST', '/v1/staff/assist-teams', { body: { teams } })).toMatchObject({
      status: 200,
      body: { added: 775 },
    });
    expect(await moderator.send('POST', '/v1/staff/assist-teams', { body: { teams } })).toMatchObject({
      body: { added: 0 },
    });
    const bad = { teams: [{ code: 'X', name: 'X', wardCode: '99999' }] };
    expect((await moderator.send('POST', '/v1/staff/assist-teams', { body: bad })).status).toBe(422);
    const { items } = await moderator.expect<{
      items: { teamId: string; members: { accountId: string; name: string }[] }[];
    }>(200, 'GET', '/v1/staff/assist-teams');
    const team = items.find(({ members }) => members.some(({ name }) => name === 'Lê Văn Tổ'));
    const member = team?.members.find(({ name }) => name === 'Lê Văn Tổ');
    await moderator.expect(204, 'DELETE', `/v1/staff/assist-teams/${team?.teamId}/members/${member?.accountId}`);
    household = await signIn(node.url, 'nguoiban2@cho-noi.example', demoPassword);
    const { items: left } = await household.expect<{ items: { state: string }[] }>(
      200,
      'GET',
      `/v1/seller/business/${b002}/consents`,
    );
    expect(left.map(({ state }) => state)).not.toContain('given');
  });
});
