/** What shoppers look for and put together, each wrong in one way. */
import { fresh, home, recipient } from '#test/support/people.ts';
import {
  type Case,
  cursorOf,
  delivery,
  deliveryPath,
  line,
  nested,
  nobodysCart,
  someone,
  unknownCode,
} from './bad-input.facts.ts';

export const unknownIds: readonly Case[] = [
  { name: 'a product', path: '/v1/products/khong-co', status: 404, code: 'product-not-found' },
  { name: 'a business', path: `/v1/businesses/${someone}`, status: 404, code: 'business-not-found' },
  { name: 'a certificate', path: `/v1/certificates/${unknownCode}`, status: 404, code: 'certificate-not-found' },
  { name: 'a province', path: '/v1/places/provinces/99/wards', status: 404, code: 'province-not-found' },
  {
    name: "a cart, which somebody else's is as well",
    path: `/v1/carts/${nobodysCart}`,
    status: 404,
    code: 'cart-not-found',
  },
  {
    name: 'a cart to check out',
    method: 'POST',
    path: `/v1/carts/${nobodysCart}/checkout`,
    headers: fresh(),
    status: 404,
    code: 'cart-not-found',
  },
  {
    name: 'a cart to deliver',
    method: 'PUT',
    path: `/v1/carts/${nobodysCart}/delivery`,
    body: delivery,
    status: 404,
    code: 'cart-not-found',
  },
  {
    name: 'a variant',
    method: 'PUT',
    path: ({ cart }) => `/v1/carts/${cart}/lines/${someone}`,
    body: { quantity: 1 },
    status: 404,
    code: 'variant-not-found',
  },
  {
    name: 'a variant that is no id',
    method: 'PUT',
    path: ({ cart }) => `/v1/carts/${cart}/lines/12`,
    body: { quantity: 1 },
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'a line',
    method: 'DELETE',
    path: ({ cart }) => `/v1/carts/${cart}/lines/${someone}`,
    status: 404,
    code: 'line-not-found',
  },
  { name: 'an order group', path: `/v1/order-groups/${unknownCode}`, status: 404, code: 'order-not-found' },
  { name: 'an order', path: '/v1/orders/khong', status: 404, code: 'order-not-found' },
  {
    name: 'an order group to pay',
    method: 'POST',
    path: `/v1/order-groups/${unknownCode}/payments`,
    body: { method: 'vietqr' },
    headers: fresh(),
    status: 404,
    code: 'order-not-found',
  },
  { name: 'a payment', path: `/v1/payments/${nobodysCart}`, status: 404, code: 'payment-not-found' },
  { name: 'a payment to watch', path: `/v1/payments/${nobodysCart}/events`, status: 404, code: 'payment-not-found' },
  { name: 'an address', path: '/v1/khong-co', status: 404, code: 'not-found' },
];

export const quantities: readonly Case[] = [-1, 0, 1.5, 100_001, 1e15, '2', null, true].map((quantity) => ({
  name: `quantity ${JSON.stringify(quantity)}`,
  method: 'PUT',
  path: line,
  body: { quantity },
  status: 400,
  code: 'invalid-request',
}));

export const addresses: readonly Case[] = [
  {
    name: 'a ward outside its province',
    body: { recipient, address: { ...home, provinceCode: '01' } },
    status: 422,
    code: 'ward-outside-province',
  },
  {
    name: 'a ward that is not',
    body: { recipient, address: { ...home, wardCode: '00000' } },
    status: 422,
    code: 'ward-unknown',
  },
  {
    name: 'a province that is not',
    body: { recipient, address: { ...home, provinceCode: '99' } },
    status: 422,
    code: 'province-unknown',
  },
  {
    name: 'no ward',
    body: { recipient, address: { line: 'x', provinceCode: '01' } },
    status: 422,
    code: 'ward-missing',
  },
  {
    name: 'a phone that is none',
    body: { recipient: { ...recipient, phone: '12345' }, address: home },
    status: 422,
    code: 'phone-invalid',
  },
  {
    name: 'a foreign phone',
    body: { recipient: { ...recipient, phone: '+12125550123' }, address: home },
    status: 422,
    code: 'phone-invalid',
  },
  {
    name: 'a blank name',
    body: { recipient: { ...recipient, name: ' ' }, address: home },
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'a name as long as a book',
    body: { recipient: { ...recipient, name: 'x'.repeat(201) }, address: home },
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'an e-mail that is none',
    body: { recipient: { ...recipient, email: 'x' }, address: home },
    status: 400,
    code: 'invalid-request',
  },
].map((one) => ({ method: 'PUT', path: deliveryPath, ...one }));

export const bodies: readonly Case[] = [
  { name: 'JSON that ends too soon', body: '{"quantity":', status: 400, code: 'malformed-json' },
  { name: 'a number beyond numbers', body: '{"quantity":1e400}', status: 400, code: 'invalid-request' },
  { name: 'a list instead of an object', body: '[]', status: 400, code: 'invalid-request' },
  { name: 'nothing', body: '', status: 400, code: 'invalid-request' },
  { name: 'null', body: 'null', status: 400, code: 'invalid-request' },
  { name: 'a member that nobody asked for', body: { quantity: 1, priceVnd: 1 }, status: 400, code: 'invalid-request' },
  { name: '__proto__', body: '{"quantity":1,"__proto__":{"x":1}}', status: 400, code: 'invalid-request' },
  { name: 'ten thousand levels', body: nested(10_000), status: 400, code: 'malformed-json' },
  { name: 'a hundred thousand levels', body: nested(100_000), status: 400, code: 'malformed-json' },
  {
    name: 'more than a megabyte',
    body: { quantity: 1, note: 'x'.repeat(1_100_000) },
    status: 413,
    code: 'body-too-large',
  },
].map((one) => ({ method: 'PUT', path: line, ...one }));

/** The parsers of content types that were fooled before (CVE-2026-25223 and its kin): none may let `-1` pass. */
export const contentTypes: readonly Case[] = [
  ['application/json\t;x', 415],
  ['text/plain', 415],
  ['text/plain;application/json', 415],
  ['application/xml', 415],
  ['multipart/form-data; boundary=x', 415],
  ['application/jsonx', 415],
  ['application/json, text/plain', 415],
  ['APPLICATION/JSON ;', 400],
  ['application/json; charset=utf-8', 400],
].map(([type, status]) => ({
  name: JSON.stringify(type),
  method: 'PUT',
  path: line,
  body: '{"quantity":-1}',
  headers: { 'content-type': String(type) },
  status: Number(status),
  code: status === 415 ? 'unsupported-media-type' : 'invalid-request',
}));

export const characters: readonly Case[] = [
  {
    name: 'NUL in a name',
    method: 'PUT',
    path: deliveryPath,
    body: { ...delivery, recipient: { ...recipient, name: 'a\0b' } },
    status: 400,
    code: 'invalid-characters',
  },
  {
    name: 'half a surrogate pair in a name',
    method: 'PUT',
    path: deliveryPath,
    body: '{"recipient":{"name":"\\ud800","phone":"0912345678"},"address":{"line":"x","provinceCode":"01","ward":"y"}}',
    status: 400,
    code: 'invalid-characters',
  },
  { name: 'NUL in a path', path: '/v1/products/a%00b', status: 400, code: 'invalid-characters' },
  { name: 'NUL in a cart', path: '/v1/carts/a%00b', status: 400, code: 'invalid-characters' },
  { name: 'NUL in a payment', path: '/v1/payments/a%00b', status: 400, code: 'invalid-characters' },
  { name: 'NUL in a code', path: '/v1/order-groups/a%00b', status: 400, code: 'invalid-characters' },
  { name: 'a path that is not percent-encoded', path: '/v1/products/%zz', status: 400, code: 'invalid-request' },
];

export const queries: readonly Case[] = [
  ['limit=0', 'invalid-request'],
  ['limit=101', 'invalid-request'],
  ['limit=viele', 'invalid-request'],
  ['limit=5&limit=6', 'invalid-request'],
  ['sort=id;drop', 'invalid-request'],
  ['stars=9', 'invalid-request'],
  ['priceMin=-1', 'invalid-request'],
  ['cursor=***', 'invalid-cursor'],
  [`cursor=${cursorOf({ value: 'x' })}`, 'invalid-cursor'],
  [`cursor=${cursorOf(['gestern', someone])}`, 'invalid-cursor'],
  [`cursor=${cursorOf(['2026-01-01', 'keine-id'])}`, 'invalid-cursor'],
  [`sort=price&cursor=${cursorOf(['99999999999999999999', someone])}`, 'invalid-cursor'],
].map(([query, code]) => ({
  name: `products?${query}`.slice(0, 60),
  path: `/v1/products?${query}`,
  status: 400,
  code: String(code),
}));
export const searches: readonly Case[] = [
  'cursor=***',
  `cursor=${cursorOf(['x', 'y'])}`,
  `cursor=${cursorOf(['1', someone])}`,
  `sort=price&cursor=${cursorOf(['x', someone])}`,
  `cursor=${cursorOf(['99999999999999999999', someone])}`,
].map((query) => ({
  name: `search?${query}`.slice(0, 60),
  path: `/v1/search?q=banh&${query}`,
  status: 400,
  code: query === 'cursor=***' ? 'invalid-cursor' : 'search-cursor-of-another-query',
}));
