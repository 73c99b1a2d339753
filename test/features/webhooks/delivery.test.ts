import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { signIn } from '#test/support/people.ts';

type Heard = { readonly headers: IncomingHttpHeaders; readonly body: string };
type Endpoint = { readonly endpointId: string; readonly secret: string };
type Message = {
  readonly messageId: string;
  readonly type: string;
  readonly state: string;
  readonly status: number | null;
  readonly attempts: number;
};

/** Some business's own system. */
async function startReceiver() {
  const heard: Heard[] = [];
  let answer = 200;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/tin`,
    heard,
    answerWith: (status: number): void => {
      answer = status;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

let market: Market;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let owner: Client;
let businessId: string;
let endpoint: Endpoint;

beforeAll(async () => {
  receiver = await startReceiver();
  market = await openMarket({ env: { FEDERATION_ALLOW_LOOPBACK: '1' } });
  owner = await signIn(market.node.url, 'nguoiban@cho-noi.example', demoPassword);
  businessId = (await owner.expect<{ businessIds: string[] }>(200, 'GET', '/v1/me')).businessIds[0] ?? '';
  endpoint = await owner.expect<Endpoint>(201, 'POST', '/v1/seller/webhooks', {
    body: { businessId, url: receiver.url, events: ['order.paid', 'order.changed'] },
  });
});
afterAll(async () => {
  await market.node.close();
  await market.stripe.close();
  await receiver.close();
});

const open = async (): Promise<void> => {
  await market.node.runScheduled('webhooks.plan');
  await market.node.runJobs('soon');
};
const log = async (): Promise<Message[]> =>
  (await owner.expect<{ items: Message[] }>(200, 'GET', `/v1/seller/webhooks/${endpoint.endpointId}/messages`)).items;

async function buy(): Promise<string> {
  const { guest, bank, node } = market;
  const { items } = await guest.products('limit=100&inStock=true&business=htx-hanh-tim-bai-giong');
  const variant = items[0]?.variants[0];
  const group = await guest.order([variant?.variantId ?? '', variant?.minOrder ?? 1]);
  const { qr } = await guest.pay(group.code, 'vietqr');
  await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  return group.orders[0]?.code ?? '';
}

describe('a business’s own system', () => {
  let code: string;

  test('is told of a paid order by a message that the standard’s own library verifies', async () => {
    code = await buy();
    await open();
    const paid = receiver.heard.find(({ body }) => body.includes('order.paid'));
    const payload = new Webhook(endpoint.secret).verify(paid?.body ?? '', paid?.headers as Record<string, string>);
    expect(payload).toMatchObject({ type: 'order.paid', data: { code, paymentStatus: 'paid' } });
    expect(paid?.body).not.toMatch(/0912345678|Nguyễn/);
    expect(() =>
      new Webhook(endpoint.secret).verify(`${paid?.body} `, paid?.headers as Record<string, string>),
    ).toThrow();
  });

  test('once, however often events are read again', async () => {
    const before = receiver.heard.length;
    await open();
    await open();
    expect(receiver.heard.length).toBe(before);
  });

  test('again with the same id while it does not answer, and its owner sees why', async () => {
    receiver.answerWith(503);
    await owner.expect(204, 'POST', `/v1/seller/orders/${code}/confirm`, { headers: { 'idempotency-key': 'k-1' } });
    await market.node.runScheduled('webhooks.plan');
    await market.node.runJobs();
    const [waiting] = await log();
    expect(waiting).toMatchObject({ type: 'order.changed', state: 'queued', status: 503, attempts: 1 });
    receiver.answerWith(204);
    await market.node.runJobs('soon');
    expect((await log())[0]).toMatchObject({ messageId: waiting?.messageId, state: 'delivered', status: 204 });
    const ids = receiver.heard.slice(-2).map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([waiting?.messageId, waiting?.messageId]);
  });

  test('by both secrets for a day after a new one was made', async () => {
    const renewed = await owner.expect<Endpoint>(200, 'POST', `/v1/seller/webhooks/${endpoint.endpointId}/secret`);
    expect(renewed.secret).not.toBe(endpoint.secret);
    await owner.expect(202, 'POST', `/v1/seller/webhooks/${endpoint.endpointId}/ping`);
    await market.node.runJobs('soon');
    const { body = '', headers = {} } = receiver.heard.at(-1) ?? {};
    for (const secret of [endpoint.secret, renewed.secret])
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({ type: 'ping' });
  });

  test('again when it asks for it', async () => {
    const [last] = await log();
    const path = `/v1/seller/webhooks/${endpoint.endpointId}/messages/${last?.messageId}/replay`;
    await owner.expect(202, 'POST', path);
    await market.node.runJobs('soon');
    expect(receiver.heard.at(-1)?.headers['webhook-id']).toBe(last?.messageId);
  });

  test('no more once it answers 410, until the owner switches it on again', async () => {
    receiver.answerWith(410);
    await owner.expect(202, 'POST', `/v1/seller/webhooks/${endpoint.endpointId}/ping`);
    await market.node.runJobs('soon');
    receiver.answerWith(200);
    const heard = receiver.heard.length;
    await owner.expect(202, 'POST', `/v1/seller/webhooks/${endpoint.endpointId}/ping`);
    await market.node.runJobs('soon');
    expect(receiver.heard.length).toBe(heard);
    const { items } = await owner.expect<{ items: { subject: string }[] }>(200, 'GET', '/v1/me/notices');
    expect(items.map(({ subject }) => subject)).toContain('Đã ngừng gửi tin tới phần mềm của bạn');
    await owner.expect(204, 'POST', `/v1/seller/webhooks/${endpoint.endpointId}/resume`);
    await owner.expect(202, 'POST', `/v1/seller/webhooks/${endpoint.endpointId}/ping`);
    await market.node.runJobs('soon');
    expect(receiver.heard.length).toBe(heard + 1);
  });
});

test('ten endpoints are enough for a business', async () => {
  const body = { businessId, url: receiver.url, events: ['order.paid'] };
  for (let count = 1; count < 10; count += 1) await owner.expect(201, 'POST', '/v1/seller/webhooks', { body });
  expect(await owner.send('POST', '/v1/seller/webhooks', { body })).toMatchObject({
    status: 409,
    body: { code: 'webhook-endpoints-full' },
  });
});

test.each([
  ['http://nhan.example/', 422],
  ['https://a:b@nhan.example/', 422],
  ['', 400],
])('%s is refused, and nothing is opened', async (url, status) => {
  const before = await market.node.countRows();
  const answer = await owner.send('POST', '/v1/seller/webhooks', { body: { businessId, url, events: ['order.paid'] } });
  expect(answer.status).toBe(status);
  expect((await market.node.countRows()).webhook_endpoints).toBe(before.webhook_endpoints);
});

test('the page shows a secret once, and never again', async () => {
  const page = await owner.send('GET', '/ban-hang/webhook');
  expect(page.text).toContain(receiver.url);
  expect(page.text).not.toContain('whsec_');
});

test('an address that is refused comes back in its field, with the reason', async () => {
  const body = { do: 'open', businessId, url: 'http://nhan.example/', events: 'order.paid' };
  const answer = await owner.send('POST', '/ban-hang/webhook', { body });
  expect(answer.status).toBe(422);
  expect(answer.text).toContain('value="http://nhan.example/"');
  expect(answer.text).toContain('Dùng địa chỉ https công khai');
});
