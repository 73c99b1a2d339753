import { newId } from '#core/ids.ts';
import { transact } from '#db/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { signIn } from '#test/support/people.ts';
import type { Expected, Row } from './expected.ts';
import type { Side, Stage } from './stage.ts';

/** One session more of that shopper. */
async function session({ node, clients }: Stage, side: Side) {
  const client = clients[`shopper${side}`];
  type List = { readonly items: readonly { readonly sessionId: string; readonly current: boolean }[] };
  await signIn(node.url, `shopper${side.toLowerCase()}@thu.example`, demoPassword);
  const { items } = await client.expect<List>(200, 'GET', '/v1/me/sessions');
  return { sessionId: items.find(({ current }) => !current)?.sessionId ?? '' };
}

async function key({ node, accounts, businesses }: Stage, side: Side) {
  const wish = {
    name: 'Kho',
    scopes: ['stock:write'],
    expiresAt: new Date(node.clock.now().getTime() + 86_400_000),
  } as const;
  const { id } = await node.services.identity.keys.make(accounts[`owner${side}`], businesses[side].businessId, wish);
  return { keyId: id };
}

/** Somebody without a role, for an administrator to act on. */
async function account({ node }: Stage) {
  const login = `${newId()}@thu.example`;
  const accountId = await transact(node.db, 'test', (tx) =>
    node.services.identity.addAccount(tx, { name: 'Người lạ', login, password: demoPassword }),
  );
  return { accountId };
}

const onAccount = (body: unknown = {}): Row => ({
  access: 'staff:admin',
  of: account,
  ids: { own: 204, missing: 404 },
  changes: true,
  body,
});

export const identity: Expected = {
  'GET /dang-nhap': 'public',
  'GET /ban-hang/khoa-api': 'seller:owner',
  'POST /ban-hang/khoa-api': { access: 'seller:owner', status: 404 },
  'GET /dang-ky': 'public',
  'POST /dang-ky': { access: 'public', status: 422 },
  'GET /dang-nhap/buoc-hai': 'halfway',
  'POST /dang-nhap/buoc-hai': { access: 'halfway', status: 422 },
  'GET /dang-nhap/cai-buoc-hai': 'halfway',
  'POST /dang-nhap/cai-buoc-hai': { access: 'halfway', status: 200 },
  'POST /dang-nhap/nha-cung-cap': { access: 'public', status: 422 },
  'GET /dang-nhap/nha-cung-cap/ve': { access: 'public', status: 422 },
  'GET /dat-lai-mat-khau': { access: 'public', status: 410 },
  'POST /dat-lai-mat-khau': { access: 'public', status: 410 },
  'GET /loi-moi': { access: 'public', status: 410 },
  'POST /loi-moi': { access: 'public', status: 410 },
  'GET /quan-tri/nguoi-dung': 'staff:admin',
  'POST /quan-tri/nguoi-dung': { access: 'staff:admin', status: 404 },
  'GET /quen-mat-khau': 'public',
  'POST /quen-mat-khau': { access: 'public', status: 303 },
  'GET /quyen-rieng-tu': 'public',
  'GET /tai-khoan': 'shopper',
  'POST /tai-khoan': { access: 'shopper', status: 422 },
  'GET /tai-khoan-da-xoa': 'public',
  'GET /tai-khoan/du-lieu': 'shopper',
  'GET /tai-khoan/lien-he': 'shopper',
  'POST /tai-khoan/lien-he': { access: 'shopper', status: 422 },
  'POST /tai-khoan/lien-he/ma': { access: 'shopper', status: 422 },
  'GET /tai-khoan/mat-khau': 'shopper',
  'POST /tai-khoan/mat-khau': { access: 'shopper', status: 422 },
  'GET /tai-khoan/phien': 'shopper',
  'POST /tai-khoan/phien': { access: 'shopper', status: 303 },
  'GET /tai-khoan/quyen-rieng-tu': 'shopper',
  'POST /tai-khoan/quyen-rieng-tu': { access: 'shopper', status: 303 },
  'GET /tai-khoan/xac-thuc': 'shopper',
  'POST /tai-khoan/xac-thuc': { access: 'shopper', status: 200 },
  'POST /tai-khoan/xoa': { access: 'shopper', status: 303 },
  'GET /xac-nhan': 'shopper',
  'POST /xac-nhan': { access: 'shopper', status: 401 },

  'POST /dang-nhap': { access: 'public', status: 401 },
  'POST /dang-xuat': { access: 'public', status: 303 },
  'POST /v1/auth/factor': { access: 'halfway', status: 400 },
  'POST /v1/auth/factor/passkey': { access: 'halfway', status: 400 },
  'POST /v1/auth/factor/passkey-challenge': { access: 'halfway', status: 200 },
  'POST /v1/auth/passkeys/challenge': { access: 'public', status: 200 },
  'POST /v1/auth/passkeys/sign-in': { access: 'public', status: 400 },
  'POST /v1/auth/password-resets': { access: 'public', status: 400 },
  'POST /v1/auth/password-resets/complete': { access: 'public', status: 400 },
  'POST /v1/auth/sign-in': { access: 'public', status: 400 },
  'POST /v1/auth/sign-out': { access: 'public', status: 204 },
  'POST /v1/auth/sign-up': { access: 'public', status: 400 },
  'GET /v1/me': 'shopper',
  'PATCH /v1/me': { access: 'shopper', status: 400 },
  'GET /v1/me/consents': 'shopper',
  'PUT /v1/me/consents/:purpose': {
    access: 'shopper',
    of: () => ({ purpose: 'marketing' }),
    ids: { own: 204, missing: 400 },
    body: { granted: true },
  },
  'POST /v1/me/contact': { access: 'shopper', status: 400 },
  'POST /v1/me/contact/confirm': { access: 'shopper', status: 400 },
  'POST /v1/me/erasure': { access: 'shopper', status: 400 },
  'GET /v1/me/export': 'shopper',
  'GET /v1/me/factors': 'shopper',
  'POST /v1/me/passkeys': { access: 'halfway', status: 400 },
  'POST /v1/me/passkeys/challenge': { access: 'halfway', status: 200 },
  'DELETE /v1/me/passkeys/:passkeyId': { access: 'shopper', ids: { missing: 404 } },
  'PUT /v1/me/password': { access: 'shopper', status: 400 },
  'POST /v1/me/reauthentication': { access: 'shopper', status: 400 },
  'POST /v1/me/recovery-codes': { access: 'shopper', status: 404 },
  'DELETE /v1/me/sessions': { access: 'shopper', status: 204 },
  'GET /v1/me/sessions': 'shopper',
  'DELETE /v1/me/sessions/:sessionId': {
    access: 'shopper',
    of: session,
    ids: { own: 204, other: 404, missing: 404 },
    changes: true,
  },
  'POST /v1/me/totp': { access: 'halfway', status: 201 },
  'DELETE /v1/me/totp': { access: 'shopper', status: 404 },
  'POST /v1/me/totp/confirm': { access: 'halfway', status: 400 },
  'GET /v1/seller/keys': 'seller:owner',
  'POST /v1/seller/keys': { access: 'seller:owner', status: 400 },
  'DELETE /v1/seller/keys/:keyId': {
    access: 'seller:owner',
    of: key,
    ids: { own: 204, other: 404, missing: 404 },
    changes: true,
  },
  'GET /v1/staff/users': 'staff:admin',
  'POST /v1/staff/users': { access: 'staff:admin', status: 400 },
  'POST /v1/staff/users/:accountId/clear-factors': onAccount(),
  'POST /v1/staff/users/:accountId/disable': onAccount(),
  'POST /v1/staff/users/:accountId/enable': onAccount(),
  'POST /v1/staff/users/:accountId/end-sessions': onAccount(),
  'PUT /v1/staff/users/:accountId/role': onAccount({ role: 'support' }),
};
