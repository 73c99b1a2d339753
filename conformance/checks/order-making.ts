import { must } from '../kit/check.ts';
import { arrival, costs, setPrice, setStock } from '../kit/goods.ts';
import {
  alike,
  askOrder,
  leftOf,
  newKey,
  nowOf,
  orderIn,
  ordersPath,
  otherOf,
  pathOf,
  quoted,
  requestBy,
  reserved,
} from '../kit/ordering.ts';
import { mustRefuse } from '../kit/session.ts';
import { check, second } from './order-goods.ts';

const reserving = [
  check(
    'reserve',
    ['Đặt giữ đúng điều đã báo', 'An order is what was quoted'],
    ['Chép dòng, phí giao và tổng từ báo giá.', 'Take lines, shipping and total from the quote.'],
    async (t, { offer }) => {
      const quote = await quoted(t, offer, { quantity: 2 });
      const key = newKey();
      const order = orderIn(await askOrder(t, requestBy(quote), key), 201);
      alike([order.state, order.key], ['reserved', key], 'state and key');
      alike(order.lines, quote.lines, 'lines');
      alike(order.shipping, quote.shipping[0], 'shipping');
      alike(order.total.amount, quote.goods.amount + (quote.shipping[0]?.amount.amount ?? 0), 'total');
      const left = Date.parse(order.confirmBy) - t.now();
      must(left > 60_000 && left <= 86_460_000, 'confirmBy within a day, and not at once', order.confirmBy);
    },
  ),
  check(
    'reserve-holds',
    ['Hàng đã đặt không còn bán cho ai khác', 'What is reserved is sold to nobody else'],
    ['Giữ kho trong giao dịch tạo đơn.', 'Hold the stock in the transaction that makes the order.'],
    async (t, made) => {
      await reserved(t, made, { quantity: 7 });
      alike(await leftOf(t, made.offer), 33, 'what is left');
    },
  ),
  check(
    'terms-mismatch',
    ['Sai termsHash hoặc cách giao thì không giữ gì', 'Other terms hold nothing'],
    ['So termsHash và shippingCode với báo giá.', 'Compare termsHash and shippingCode with the quote.'],
    async (t, { offer }) => {
      const asked = requestBy(await quoted(t, offer));
      mustRefuse(await askOrder(t, { ...asked, termsHash: '0'.repeat(64) }, newKey()), 409, 'terms-mismatch');
      mustRefuse(await askOrder(t, { ...asked, shippingCode: 'none' }, newKey()), 409, 'terms-mismatch');
      alike(await leftOf(t, offer), 40, 'what is left');
    },
  ),
  check(
    'quote-expired',
    ['Báo giá không có thì không đặt được', 'No quote, no order'],
    ['Trả 409 quote-expired.', 'Answer 409 quote-expired.'],
    async (t, { offer }) => {
      const asked = requestBy(await quoted(t, offer));
      mustRefuse(await askOrder(t, { ...asked, quoteId: `${asked.quoteId}-none` }, newKey()), 409, 'quote-expired');
    },
  ),
  check(
    'price-moved',
    ['Giá đổi sau báo giá thì không bán giá khác', 'A price that moved after the quote sells nothing at another'],
    [
      'Trả 409 price-changed; hoặc giữ đúng giá đã báo.',
      'Answer 409 price-changed, or keep the price that was quoted.',
    ],
    async (t, made) => {
      const quote = await quoted(t, made.offer);
      const from = await t.tail('offer');
      await setPrice(t, made.offer, made.amount + 9_000);
      await arrival(t, 'offer', from, made.offer, costs(made.amount + 9_000));
      const answer = await askOrder(t, requestBy(quote), newKey());
      if (answer.status === 201) return alike(orderIn(answer, 201).lines, quote.lines, 'lines as they were quoted');
      mustRefuse(answer, 409, 'price-changed');
      alike(await leftOf(t, made.offer), 40, 'what is left');
    },
  ),
  check(
    'last-piece',
    ['Hai sàn cùng mua món cuối: đúng một bên được', 'Two exchanges and one piece: exactly one has it'],
    ['Trừ kho bằng một câu lệnh có điều kiện.', 'Take from the shelf by one conditional statement.'],
    async (t, made) => {
      const [who, from] = [otherOf(t), await t.tail('offer')];
      await setStock(t, made.offer, 1);
      await arrival(t, 'offer', from, made.offer);
      const [mine, theirs] = [await quoted(t, made.offer), await quoted(t, made.offer, { who })];
      const answers = await Promise.all([
        askOrder(t, requestBy(mine), newKey()),
        askOrder(t, requestBy(theirs), newKey(), who),
      ]);
      alike(answers.map(({ status }) => status).sort(), [201, 409], 'statuses');
      for (const answer of answers) if (answer.status !== 201) mustRefuse(answer, 409, 'quantity-unavailable');
    },
    second,
  ),
  check(
    'others-quote',
    ['Không đặt được bằng báo giá của sàn khác', 'The quote of another exchange opens nothing'],
    ['Báo giá thuộc về sàn đã hỏi.', 'A quote belongs to the exchange that asked.'],
    async (t, { offer }) => {
      const quote = await quoted(t, offer);
      mustRefuse(await askOrder(t, requestBy(quote), newKey(), otherOf(t)), 409, 'quote-expired');
    },
    second,
  ),
];

const repeating = [
  check(
    'key-missing',
    ['Thiếu Idempotency-Key: 400', 'Without Idempotency-Key: 400'],
    ['Đòi khóa trước khi giữ hàng.', 'Ask for the key before anything is held.'],
    async (t, { offer }) => {
      const asked = requestBy(await quoted(t, offer));
      mustRefuse(await t.post(ordersPath, asked), 400, 'idempotency-key-missing');
      alike(await leftOf(t, offer), 40, 'what is left');
    },
  ),
  check(
    'key-again',
    ['Gửi lại cùng khóa: vẫn một đơn', 'The same key again: the same order'],
    ['Lưu khóa cùng giao dịch với đơn.', 'Keep the key in the transaction that makes the order.'],
    async (t, { offer }) => {
      const [asked, key] = [requestBy(await quoted(t, offer, { quantity: 5 })), newKey()];
      const [first, again] = [orderIn(await askOrder(t, asked, key), 201), orderIn(await askOrder(t, asked, key), 201)];
      alike(again.orderId, first.orderId, 'orderId');
      alike(await leftOf(t, offer), 35, 'what is left');
    },
  ),
  check(
    'key-at-once',
    ['Bốn lần cùng lúc: vẫn một đơn', 'Four at once: one order'],
    [
      'Khóa theo Idempotency-Key, hoặc trả 409 idempotency-key-in-use.',
      'Lock by the key, or answer 409 idempotency-key-in-use.',
    ],
    async (t, { offer }) => {
      const [asked, key] = [requestBy(await quoted(t, offer, { quantity: 5 })), newKey()];
      const answers = await Promise.all([1, 2, 3, 4].map(() => askOrder(t, asked, key)));
      const made = answers.filter(({ status }) => status === 201).map((answer) => orderIn(answer, 201).orderId);
      for (const answer of answers) if (answer.status !== 201) mustRefuse(answer, 409, 'idempotency-key-in-use');
      alike(new Set(made).size, 1, 'orders');
      alike(await leftOf(t, offer), 35, 'what is left');
    },
  ),
  check(
    'key-other-words',
    ['Cùng khóa, lời khác: 422', 'The same key with other words: 422'],
    ['So dấu băm của yêu cầu.', 'Compare the digest of the request.'],
    async (t, { offer }) => {
      const [asked, key] = [requestBy(await quoted(t, offer)), newKey()];
      orderIn(await askOrder(t, asked, key), 201);
      const changed = { ...asked, recipient: { ...asked.recipient, line: '2 Đường Khác' } };
      mustRefuse(await askOrder(t, changed, key), 422, 'idempotency-key-reused');
    },
  ),
  check(
    'key-lookup',
    ['Hỏi theo khóa: đúng đơn đó, hoặc chưa từng có', 'By its key: that order, or none that ever was'],
    [
      'GET /orders?key= trả đơn, hoặc 404 unknown-idempotency-key.',
      'GET /orders?key= gives the order, or 404 unknown-idempotency-key.',
    ],
    async (t, { offer }) => {
      const key = newKey();
      mustRefuse(await t.get(`${ordersPath}?key=${key}`), 404, 'unknown-idempotency-key');
      const order = orderIn(await askOrder(t, requestBy(await quoted(t, offer)), key), 201);
      alike(orderIn(await t.get(`${ordersPath}?key=${key}`)).orderId, order.orderId, 'orderId');
    },
  ),
  check(
    'other-path',
    ['Yêu cầu bắt được không dùng được ở đường dẫn khác', 'A captured request opens no other path'],
    ['Chữ ký phủ @path.', 'The signature covers @path.'],
    async (t, made) => {
      const [order, another] = [await reserved(t, made), await reserved(t, made)];
      const request = t.signed(t.postRequest(pathOf(order, '/confirm'), { total: order.total }));
      mustRefuse(await t.send({ ...request, target: pathOf(another, '/confirm') }), 401, 'bad-signature');
      alike((await nowOf(t, another)).state, 'reserved', 'state');
    },
  ),
];

/** Goods held for a shopper of another exchange, once a key. */
export const orderMaking = [...reserving, ...repeating];
