import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';

let node: TestNode;
let household: Client;
let moderator: Client;
let id: string;
let cookie: string;
beforeAll(async () => {
  node = await startNode();
  const credentials = { login: 'dangky@cho-noi.example', password: demoPassword };
  const signedIn = await node.guest.client.send('POST', '/v1/auth/sign-in', { body: credentials });
  cookie = (signedIn.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  household = await signIn(node.url, 'dangky@cho-noi.example', demoPassword);
  moderator = await signIn(node.url, 'kiemduyet@cho-noi.example', demoPassword);
});
afterAll(() => node.close());

type Application = {
  readonly status: string;
  readonly code: string | null;
  readonly taxCode: string | null;
  readonly personalNumberLast4: string | null;
  readonly missing: readonly { readonly field: string }[];
  readonly papers: readonly { readonly paperId: string; readonly kind: string; readonly verdict: string }[];
  readonly reviews: readonly { readonly remarks: Record<string, string> }[];
};
const at = (path = ''): string => `/v1/seller/business/${id}${path}`;
const read = () => household.expect<Application>(200, 'GET', at());
const pdf = '%PDF-1.7\nmau\n%%EOF';
const who = {
  name: 'Hộ Mứt bí Năm Hiền',
  type: 'household',
  representative: 'Trần Thị Năm',
  taxCode: '094187001822',
  phone: '0912 345 678',
};
const where = { provinceCode: '92', wardCode: '31804', addressLine: 'Ấp Biển Dưới' };

/** A paper as a program sends it: multipart, with a header that no form of another site can carry. */
async function sendPaper(kind: string, more: Record<string, string> = {}, bytes = pdf) {
  const form = new FormData();
  const stated = { kind, number: '59A8', issuer: 'UBND phường', issuedOn: '2025-01-10', ...more };
  for (const [name, value] of Object.entries(stated)) form.set(name, value);
  form.set('file', new Blob([bytes]), `${kind}.pdf`);
  const response = await fetch(`${node.url}${at('/papers')}`, {
    method: 'POST',
    body: form,
    headers: { cookie, 'x-requested-with': 'test' },
  });
  return { status: response.status, body: (await response.json()) as { code?: string; paperId?: string } };
}

describe('an application', () => {
  test('is begun by anybody who has an account, who then is its owner', async () => {
    const begun = await household.expect<{ businessId: string }>(201, 'POST', '/v1/seller/business', {
      body: { name: who.name, type: 'household', phone: who.phone },
    });
    id = begun.businessId;
    expect(await read()).toMatchObject({ status: 'draft', code: null });
    expect((await read()).missing.map(({ field }) => field)).toEqual([
      'representative',
      'taxCode',
      'wardCode',
      'addressLine',
      'papers.registration',
      'papers.personal-id',
    ]);
    expect((await node.guest.client.send('GET', `/v1/businesses/${id}`)).status).toBe(404);
  });

  test.each([
    ['who', { ...who, taxCode: '1234567890' }, 'tax-code-invalid'],
    ['who', { ...who, phone: '0123456789' }, 'business-phone-invalid'],
    ['who', { ...who, email: 'khong-phai' }, 'business-email-invalid'],
    ['who', { ...who, name: ' ' }, 'business-name-missing'],
    ['where', { ...where, wardCode: '00001' }, 'ward-not-in-province'],
    ['where', { ...where, provinceCode: '91' }, 'ward-not-in-province'],
    ['where', { ...where, addressLine: ' ' }, 'business-street-missing'],
  ])('says what is wrong with a step (%s) and changes nothing', async (step, body, code) => {
    const before = await read();
    expect(await household.send('PUT', at(`/${step}`), { body })).toMatchObject({ status: 422, body: { code } });
    expect(await read()).toEqual(before);
  });

  test.each(['role', 'status', 'businessId', 'code'])('takes no %s from whoever fills it in', async (member) => {
    const body = { ...who, [member]: 'approved' };
    expect((await household.send('PUT', at('/who'), { body })).status).toBe(400);
  });

  test('keeps a person’s number sealed: four digits are shown, none are in the database, and an empty field keeps it', async () => {
    await household.expect(204, 'PUT', at('/who'), { body: who });
    await household.expect(204, 'PUT', at('/who'), { body: { ...who, taxCode: '' } });
    expect(await read()).toMatchObject({ taxCode: null, personalNumberLast4: '1822' });
    const { rows } = await node.db.execute<{ row: string }>(
      sql`select b::text as row from businesses b where id = ${id}`,
    );
    expect(rows[0]?.row).not.toContain('0941870018');
    const { rows: acts } = await node.db.execute<{ row: string }>(
      sql`select a::text as row from audit_entries a where subject_id = ${id}`,
    );
    expect(acts.map(({ row }) => row).join()).not.toContain('0941870018');
  });

  test('is sent when nothing is missing, and not before', async () => {
    await household.expect(204, 'PUT', at('/where'), { body: where });
    const early = await household.send('POST', at('/submit'));
    expect(early).toMatchObject({ status: 422, body: { code: 'application-incomplete' } });
    expect(await sendPaper('registration', { expiresOn: '2020-01-01' })).toMatchObject({
      status: 422,
      body: { code: 'paper-expired' },
    });
    expect(await sendPaper('registration', { issuedOn: '2999-01-01' })).toMatchObject({
      status: 422,
      body: { code: 'paper-dates-invalid' },
    });
    expect((await sendPaper('registration', {}, '<svg xmlns="x"/>')).status).toBe(415);
    expect((await read()).papers).toEqual([]);
    for (const kind of ['registration', 'personal-id']) expect((await sendPaper(kind)).status).toBe(201);
    await household.expect(204, 'POST', at('/submit'));
    expect((await read()).status).toBe('submitted');
    expect((await household.send('PUT', at('/who'), { body: who })).status).toBe(409);
  });
});

describe('its review', () => {
  const staff = (): string => `/v1/staff/businesses/${id}`;
  const review = (body: object) => moderator.send('POST', `${staff()}/review`, { body });

  test('needs a reason for a no, and each required paper for a yes', async () => {
    expect(await review({ verdict: 'rejected' })).toMatchObject({
      status: 422,
      body: { code: 'business-reason-missing' },
    });
    expect(await review({ verdict: 'approved' })).toMatchObject({ status: 409, body: { code: 'papers-not-accepted' } });
  });

  test('sends it back with remarks beside the fields; mended, it is approved and shown', async () => {
    const remarks = { 'papers.registration': 'Ảnh mờ' };
    expect((await review({ verdict: 'changes-requested', reason: 'Chụp lại', remarks })).status).toBe(204);
    expect(await read()).toMatchObject({ status: 'draft', reviews: [{ remarks }] });
    const page = await household.send('GET', `/ban-hang/dang-ky/${id}/giay-to`);
    expect(page.text).toContain('Ảnh mờ');
    expect((await sendPaper('registration')).status).toBe(201);
    await household.expect(204, 'POST', at('/submit'));
    const papers = (await moderator.expect<Application>(200, 'GET', staff())).papers;
    for (const { paperId } of papers) {
      const refused = await moderator.send('POST', `/v1/staff/papers/${paperId}/verdict`, {
        body: { verdict: 'refused' },
      });
      expect(refused).toMatchObject({ status: 422, body: { code: 'business-reason-missing' } });
      await moderator.expect(204, 'POST', `/v1/staff/papers/${paperId}/verdict`, { body: { verdict: 'accepted' } });
    }
    expect((await review({ verdict: 'approved' })).status).toBe(204);
    const shown = await node.guest.client.expect<{ code: string; taxCode: string | null }>(
      200,
      'GET',
      '/v1/businesses/ho-mut-bi-nam-hien',
    );
    expect(shown).toMatchObject({ code: expect.stringMatching(/^B\d+$/), taxCode: null });
    expect((await review({ verdict: 'rejected', reason: 'x' })).status).toBe(409);
  });

  test('of one’s own business is another officer’s', async () => {
    await household.expect(201, 'POST', at('/invitations'), { body: { role: 'packer', to: 'kiemduyet@thu.example' } });
    const { rows } = await node.db.execute<{ account: string }>(
      sql`insert into business_members (business_id, account_id, role) select ${id}, id, 'packer' from accounts where email = 'kiemduyet@cho-noi.example' returning account_id as account`,
    );
    expect(rows).toHaveLength(1);
    expect(await review({ verdict: 'rejected', reason: 'x' })).toMatchObject({ body: { code: 'own-business' } });
    await node.db.execute(sql`delete from business_members where account_id = ${rows[0]?.account}`);
  });

  test('reads a person’s number only with a reason, and that reading stays in the log', async () => {
    expect((await moderator.send('POST', `${staff()}/personal-number`, { body: { reason: ' ' } })).status).toBe(422);
    const full = await moderator.expect<{ personalNumber: string }>(200, 'POST', `${staff()}/personal-number`, {
      body: { reason: 'Đối chiếu căn cước' },
    });
    expect(full.personalNumber).toBe('094187001822');
    const { rows } = await node.db.execute<{ reason: string }>(
      sql`select reason from audit_entries where subject_id = ${id} and action = 'personal-data.read'`,
    );
    expect(rows).toEqual([{ reason: 'Đối chiếu căn cước' }]);
  });

  test('the database itself refuses a state that cannot follow', async () => {
    await expect(node.db.execute(sql`update businesses set status = 'draft' where id = ${id}`)).rejects.toThrow();
  });
});

describe('the bank account', () => {
  const account = { bankBin: '970436', number: '0123 4567 89', holderName: 'TRAN THI NAM' };
  test.each([[{ ...account, bankBin: '000000' }], [{ ...account, number: '12' }], [{ ...account, holderName: ' ' }]])(
    'is refused when it cannot be one',
    async (body) => {
      expect(await household.send('PUT', at('/bank-account'), { body })).toMatchObject({
        status: 422,
        body: { code: 'bank-account-invalid' },
      });
    },
  );

  test('is sealed, keeps the log of its changes, and every change is told', async () => {
    await household.expect(204, 'PUT', at('/bank-account'), { body: account });
    await household.expect(204, 'PUT', at('/bank-account'), { body: { ...account, number: '9876543210' } });
    const { items } = await household.expect<{ items: { last4: string }[] }>(200, 'GET', at('/bank-account'));
    expect(items.map(({ last4 }) => last4)).toEqual(expect.arrayContaining(['6789', '3210']));
    const { rows } = await node.db.execute<{ row: string }>(
      sql`select a::text as row from bank_accounts a where business_id = ${id}`,
    );
    expect(rows.map(({ row }) => row).join()).not.toContain('01234567');
    const told = await node.db.execute<{ count: number }>(
      sql`select count(*)::int as count from notices where kind = 'business.bank-account-changed'`,
    );
    expect(told.rows[0]?.count).toBeGreaterThanOrEqual(2);
    await expect(node.db.execute(sql`update bank_accounts set holder_name = 'x'`)).rejects.toThrow();
  });
});
