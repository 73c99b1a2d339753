/** What buying and paying may bring, each wrong in one way. */

import { sepayKey } from '#test/support/exchange-env.ts';
import { fresh } from '#test/support/people.ts';
import { type Case, type Facts, line, sepay, unknownCode } from './bad-input.facts.ts';

export const checkouts: readonly Case[] = [
  { name: 'an empty cart', path: ({ empty }: Facts) => empty, status: 409, code: 'cart-empty' },
  { name: 'no delivery', path: ({ homeless }: Facts) => homeless, status: 409, code: 'delivery-missing' },
  { name: 'a cart that was ordered', path: ({ ordered }: Facts) => ordered, status: 409, code: 'cart-already-ordered' },
  { name: 'more than one may buy', path: ({ greedy }: Facts) => greedy, status: 422, code: 'quantity-outside-limits' },
  { name: 'more than there is', path: ({ short }: Facts) => short, status: 409, code: 'stock-short' },
  {
    name: 'another total than was shown',
    path: ({ cart }: Facts) => cart,
    body: { expectedTotalVnd: 1 },
    status: 409,
    code: 'price-changed',
  },
  {
    name: 'a total below nothing',
    path: ({ cart }: Facts) => cart,
    body: { expectedTotalVnd: -1 },
    status: 400,
    code: 'invalid-request',
  },
].map(({ path, ...one }) => ({
  body: {},
  headers: fresh(),
  ...one,
  method: 'POST',
  path: (known: Facts) => `/v1/carts/${path(known)}/checkout`,
}));

export const payments: readonly Case[] = [
  {
    name: 'a way to pay that is none',
    method: 'POST',
    path: ({ group }) => `/v1/order-groups/${group}/payments`,
    body: { method: 'cash' },
    headers: fresh(),
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'a hold that has lapsed',
    method: 'POST',
    path: ({ lapsed }) => `/v1/order-groups/${lapsed}/payments`,
    body: { method: 'vietqr' },
    headers: fresh(),
    status: 409,
    code: 'order-not-payable',
  },
  {
    name: 'a line for a cart that was ordered',
    method: 'PUT',
    path: ({ ordered, variant }) => `/v1/carts/${ordered}/lines/${variant.variantId}`,
    body: { quantity: 2 },
    status: 409,
    code: 'cart-already-ordered',
  },
  {
    name: 'a voucher',
    method: 'PUT',
    path: ({ cart }) => `/v1/carts/${cart}/voucher`,
    body: { code: 'TET2027' },
    status: 422,
    code: 'voucher-unknown',
  },
  {
    name: 'an If-Match of yesterday',
    method: 'PUT',
    path: line,
    body: { quantity: 2 },
    headers: { 'if-match': '"v99"' },
    status: 412,
    code: 'precondition-failed',
  },
  {
    name: 'somebody else tracking',
    method: 'POST',
    path: '/v1/orders/track',
    body: { code: unknownCode, phone: '0912345678' },
    status: 404,
    code: 'tracking-mismatch',
  },
];

export const keys: readonly Case[] = [
  { name: 'no key', headers: {}, status: 400, code: 'idempotency-key-missing' },
  { name: 'an empty key', headers: { 'idempotency-key': '' }, status: 400, code: 'idempotency-key-missing' },
  { name: 'a key with spaces', headers: { 'idempotency-key': 'a b' }, status: 400, code: 'idempotency-key-invalid' },
  {
    name: 'a key as long as a page',
    headers: { 'idempotency-key': 'x'.repeat(201) },
    status: 400,
    code: 'idempotency-key-invalid',
  },
].map((one) => ({ method: 'POST', path: ({ cart }: Facts) => `/v1/carts/${cart}/checkout`, body: {}, ...one }));

export const right = { authorization: `Apikey ${sepayKey}` };
export const webhooks: readonly Case[] = [
  {
    name: 'a wrong key',
    body: sepay(),
    headers: { authorization: 'Apikey wrong-key-0123456789' },
    status: 401,
    code: 'webhook-signature-invalid',
  },
  { name: 'no key', body: sepay(), status: 401, code: 'webhook-signature-invalid' },
  {
    name: 'a key in another scheme',
    body: sepay(),
    headers: { authorization: `Bearer ${sepayKey}` },
    status: 401,
    code: 'webhook-signature-invalid',
  },
  {
    name: 'a negative amount',
    body: sepay({ transferAmount: -5 }),
    headers: right,
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'an amount with a fraction',
    body: sepay({ transferAmount: 0.5 }),
    headers: right,
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'an amount beyond counting',
    body: sepay({ transferAmount: 2 ** 60 }),
    headers: right,
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'no amount',
    body: sepay({ transferAmount: undefined }),
    headers: right,
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'another direction',
    body: sepay({ transferType: 'sideways' }),
    headers: right,
    status: 400,
    code: 'invalid-request',
  },
].map((one) => ({ method: 'POST', path: '/v1/webhooks/bank/sepay', ...one }));

export const accounts: readonly Case[] = [
  {
    name: 'a wrong password',
    method: 'POST',
    path: '/v1/auth/sign-in',
    body: { login: 'nguoiban@cho-noi.example', password: 'falsch' },
    status: 401,
    code: 'wrong-credentials',
  },
  { name: 'nobody signed in', path: '/v1/seller/orders', status: 401, code: 'sign-in-required' },
  {
    name: 'a session that never was',
    path: '/v1/me',
    headers: { cookie: 'session=xyz' },
    status: 401,
    code: 'sign-in-required',
  },
  {
    name: "another site's form",
    method: 'POST',
    path: '/v1/carts',
    body: {},
    headers: { cookie: 'session=xyz', origin: 'https://evil.example' },
    status: 403,
    code: 'cross-site-request',
  },
  {
    name: 'a form without its token',
    method: 'POST',
    path: '/v1/carts',
    body: 'a=1',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 400,
    code: 'invalid-request',
  },
];
