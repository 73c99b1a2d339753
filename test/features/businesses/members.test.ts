import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import type { Client } from '#test/support/client.ts';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';

let node: TestNode;
let owner: Client;
let guest: Client;
let other: Client;
let id: string;
beforeAll(async () => {
  node = await startNode({ env: { DEMO: '1' } });
  await transact(node.db, 'test', async (tx) => {
    for (const login of ['moi@thu.example', 'khac@thu.example'])
      await node.services.identity.addAccount(tx, { name: login, login, password: demoPassword });
  });
  owner = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  guest = await signIn(node.url, 'moi@thu.example', demoPassword);
  other = await signIn(node.url, 'khac@thu.example', demoPassword);
  const { rows } = await node.db.execute<{ id: string }>(sql`select id from businesses where code = 'B001'`);
  id = rows[0]?.id ?? '';
});
afterAll(() => node.close());

type Members = {
  readonly items: readonly { readonly accountId: string; readonly role: string; readonly name: string }[];
  readonly invitations: readonly { readonly invitationId: string }[];
};
const path = (rest: string): string => `/v1/seller/business/${id}${rest}`;
const members = () => owner.expect<Members>(200, 'GET', path('/members'));
const invite = (to: string, role = 'packer') => owner.send('POST', path('/invitations'), { body: { to, role } });
/** What the invitation's message leads to. */
async function token(): Promise<string> {
  await node.runJobs();
  const { text } = await node.guest.client.send('GET', '/minh-hoa/tin-nhan');
  return /\/moi\/([\w-]+)/.exec(text)?.[1] ?? '';
}
const accept = (client: Client, secret: string) => client.send('POST', `/v1/invitations/${secret}/accept`);

describe('an invitation', () => {
  test.each(['khong-phai', '0123456789', 'a@b'])('to %s is refused', async (to) => {
    expect((await invite(to)).status).toBe(422);
  });

  test('is good once, for whoever holds its link', async () => {
    expect((await invite('moi@thu.example')).status).toBe(201);
    const secret = await token();
    expect((await guest.send('GET', `/moi/${secret}`)).text).toContain('HTX Hành tím Bãi Giồng');
    expect((await guest.send('GET', '/ban-hang')).status).toBe(403);
    expect((await accept(guest, secret)).status).toBe(200);
    expect((await guest.send('GET', '/ban-hang')).status).toBe(200);
    expect(await accept(other, secret)).toMatchObject({ status: 410, body: { code: 'invitation-not-valid' } });
    const { rows } = await node.db.execute<{ row: string }>(sql`select i::text as row from business_invitations i`);
    expect(rows.map(({ row }) => row).join()).not.toContain(secret);
  });

  test('can be withdrawn, and is over after a week', async () => {
    await invite('khac@thu.example');
    const secret = await token();
    const [open] = (await members()).invitations;
    await owner.expect(204, 'DELETE', path(`/invitations/${open?.invitationId}`));
    expect((await accept(other, secret)).status).toBe(410);
    await invite('khac@thu.example');
    const late = await token();
    node.clock.set(new Date(node.clock.now().getTime() + 8 * 24 * 3_600_000));
    expect((await accept(other, late)).status).toBe(410);
  });
});

describe('members', () => {
  const find = async (name: string) => (await members()).items.find((one) => one.name === name)?.accountId ?? '';

  test('a packer is no owner: invites nobody, sees no account', async () => {
    expect(
      (await guest.send('POST', path('/invitations'), { body: { to: 'x@thu.example', role: 'owner' } })).status,
    ).toBe(403);
    expect((await guest.send('GET', path('/bank-account'))).status).toBe(403);
  });

  test('who was taken out is out with the next request', async () => {
    await owner.expect(204, 'DELETE', path(`/members/${await find('moi@thu.example')}`));
    expect((await guest.send('GET', '/ban-hang')).status).toBe(403);
  });

  test('the last owner neither leaves nor steps down', async () => {
    const self = (await members()).items.find(({ role }) => role === 'owner')?.accountId;
    const refused = { status: 409, body: { code: 'last-owner' } };
    expect(await owner.send('DELETE', path(`/members/${self}`))).toMatchObject(refused);
    expect(await owner.send('PUT', path(`/members/${self}`), { body: { role: 'packer' } })).toMatchObject(refused);
    expect((await owner.send('PUT', path(`/members/${self}`), { body: { role: 'assistant' } })).status).toBe(400);
  });
});
