import { sha256 } from '../kit/canonical.ts';
import { every, must } from '../kit/check.ts';
import {
  act,
  alike,
  allChanges,
  askCancel,
  askConfirm,
  cancelled,
  changesFrom,
  confirmed,
  leftOf,
  nowOf,
  type Order,
  ordersPath,
  otherOf,
  pathOf,
  reserved,
  told,
} from '../kit/ordering.ts';
import { mustFit } from '../kit/schemas.ts';
import { jsonOf, mustRefuse } from '../kit/session.ts';
import { ageing, backAt40, check, make, second } from './order-goods.ts';

const settling = [
  check(
    'confirm',
    ['Xác nhận: đã mua', 'Confirmed: the goods are bought'],
    ['state confirmed, rev tăng, confirmedAt.', 'state confirmed, a higher rev, confirmedAt.'],
    async (t, made) => {
      const order = await reserved(t, made, { quantity: 2 });
      const bought = await confirmed(t, order);
      alike([bought.orderId, bought.state, bought.total], [order.orderId, 'confirmed', order.total], 'the order');
      must(bought.rev > order.rev, 'a higher rev', [order.rev, bought.rev]);
      must(Math.abs(Date.parse(bought.confirmedAt ?? '') - t.now()) < 300_000, 'confirmedAt', bought.confirmedAt);
      alike(await leftOf(t, made.offer), 38, 'what is left');
    },
  ),
  check(
    'confirm-again',
    ['Xác nhận hai lần như một lần', 'Confirmed twice is confirmed once'],
    ['Lần sau không đổi gì, kể cả rev.', 'The second changes nothing, rev included.'],
    async (t, made) => {
      const order = await reserved(t, made, { quantity: 2 });
      const first = await confirmed(t, order);
      alike(await confirmed(t, order), first, 'the same order');
      alike(await leftOf(t, made.offer), 38, 'what is left');
    },
  ),
  check(
    'total-mismatch',
    ['Sai số tiền thì không mua', 'Another total buys nothing'],
    ['Trả 409 total-mismatch.', 'Answer 409 total-mismatch.'],
    async (t, made) => {
      const order = await reserved(t, made);
      mustRefuse(await askConfirm(t, order, order.total.amount - 1_000), 409, 'total-mismatch');
      mustRefuse(await askConfirm(t, order, order.total.amount + 1_000), 409, 'total-mismatch');
      alike((await nowOf(t, order)).state, 'reserved', 'state');
    },
  ),
  check(
    'cancel-reserved',
    ['Hủy khi chưa xác nhận: hàng về kệ', 'Called off before it was confirmed: the goods are back'],
    ['Thả hàng giữ ngay.', 'Release the hold at once.'],
    async (t, made) => {
      const order = await reserved(t, made, { quantity: 4 });
      const off = await cancelled(t, order);
      alike([off.state, off.refunds ?? []], ['cancelled', []], 'state and refunds');
      must(off.rev > order.rev, 'a higher rev', [order.rev, off.rev]);
      await backAt40(t, made);
      alike(await cancelled(t, order), off, 'the same again');
      await backAt40(t, made);
      mustRefuse(await askConfirm(t, order), 409, 'order-cancelled');
    },
  ),
  check(
    'cancel-confirmed',
    ['Hủy sau xác nhận: hoàn đủ, hàng về kệ', 'Called off after it was confirmed: all goes back'],
    ['refunds cộng lại bằng total.', 'refunds sum to the total.'],
    async (t, made) => {
      const bought = await confirmed(t, await reserved(t, made, { quantity: 4 }));
      const off = await cancelled(t, bought);
      const refunds = (off.refunds ?? []).reduce((sum, { amount }) => sum + amount.amount, 0);
      alike([off.state, refunds], ['cancelled', bought.total.amount], 'state and sum of refunds');
      must(off.rev > bought.rev, 'a higher rev', [bought.rev, off.rev]);
      await backAt40(t, made);
      alike((await cancelled(t, bought)).refunds, off.refunds, 'refunds when it is called off again');
    },
  ),
  check(
    'late',
    ['Quá confirmBy: không xác nhận được, hàng về kệ', 'After confirmBy: no confirmation, and the goods are back'],
    [
      'So confirmBy khi xác nhận, đừng chờ công việc định kỳ.',
      'Compare confirmBy when it is confirmed, not only in a job.',
    ],
    async (t, made) => {
      const order = await reserved(t, made, { quantity: 4 });
      await act(t, 'lapse', order);
      mustRefuse(await askConfirm(t, order), 409, 'order-expired');
      alike((await nowOf(t, order)).state, 'expired', 'state');
      await backAt40(t, made);
    },
    ageing,
  ),
  check(
    'unknown-order',
    ['Đơn không có: 404', 'No such order: 404'],
    ['Trả 404 unknown-order cho mọi mã lạ.', 'Answer 404 unknown-order to whatever is no order.'],
    async (t, made) => {
      const order: Order = { ...(await reserved(t, made)), orderId: 'khong-co' };
      mustRefuse(await t.get(pathOf(order)), 404, 'unknown-order');
      mustRefuse(await askConfirm(t, order), 404, 'unknown-order');
      mustRefuse(await askCancel(t, order), 404, 'unknown-order');
    },
  ),
  check(
    'others-order',
    ['Đơn của sàn khác như không có', 'The order of another exchange is no order'],
    ['Tìm đơn theo cả đối tác và mã.', 'Look for an order by partner and id.'],
    async (t, made) => {
      const [order, who] = [await reserved(t, made), otherOf(t)];
      mustRefuse(await t.get(pathOf(order), { by: who }), 404, 'unknown-order');
      mustRefuse(await t.get(`${ordersPath}?key=${order.key}`, { by: who }), 404, 'unknown-idempotency-key');
      mustRefuse(await askConfirm(t, order, order.total.amount, who), 404, 'unknown-order');
      mustRefuse(await askCancel(t, order, who), 404, 'unknown-order');
      alike((await nowOf(t, order)).state, 'reserved', 'state');
    },
    second,
  ),
];

const following = [
  check(
    'changes',
    ['order-changes báo mỗi đơn một lần, như hiện nay', 'order-changes tells each order once, as it is now'],
    ['Nén theo đơn; mỗi dòng là toàn bộ đơn.', 'Compact by order; each item is the whole order.'],
    async (t, made) => {
      const { next } = await allChanges(t);
      const order = await reserved(t, made);
      const bought = await confirmed(t, order);
      await told(t, next, order, ({ rev }) => rev >= bought.rev);
      const found = (await allChanges(t, next)).items.filter(({ orderId }) => orderId === order.orderId);
      alike(found, [await nowOf(t, order)], 'the order, once, as it is now');
    },
  ),
  check(
    'changes-pages',
    ['Từng trang một: đủ và có hồi kết', 'Page by page: all of them, and an end'],
    ['next trỏ sau đơn cuối của trang.', 'next points behind the last order of the page.'],
    async (t, made) => {
      const { next } = await allChanges(t);
      const orders = [await reserved(t, made), await reserved(t, made), await reserved(t, made)];
      for (const order of orders) await told(t, next, order, () => true);
      const one = (await allChanges(t, next, 1)).items.map(({ orderId }) => orderId);
      alike(
        one,
        orders.map(({ orderId }) => orderId),
        'the orders, each once, in their order',
      );
      alike((await changesFrom(t, (await allChanges(t, next)).next)).items, [], 'nothing after the end');
    },
  ),
  check(
    'changes-cursor',
    ['Con trỏ giả hoặc của luồng khác bị từ chối', 'A forged cursor, or one of another lane, is refused'],
    ['Niêm phong con trỏ theo đối tác và luồng.', 'Seal cursors by partner and lane.'],
    async (t) => {
      const path = '/federation/v1/order-changes?cursor=';
      mustRefuse(await t.get(`${path}forged.seal`), 400, 'invalid-cursor');
      mustRefuse(await t.get(`${path}${encodeURIComponent(await t.tail('offer'))}`), 403, 'foreign-cursor');
      mustRefuse(await t.get('/federation/v1/order-changes?limit=0'), 400);
    },
  ),
  check(
    'changes-own',
    ['Chỉ thấy đơn của mình', 'Only orders of one’s own'],
    ['Lọc theo đối tác; con trỏ của đối tác khác là 403.', 'Filter by partner; another’s cursor is a 403.'],
    async (t, made) => {
      const who = otherOf(t);
      const [mine, theirs] = [await reserved(t, made), await reserved(t, made, { who })];
      const { items, next } = await allChanges(t, undefined, undefined, who);
      every(items, ({ orderId }) => orderId !== mine.orderId, 'no order of another exchange');
      must(
        items.some(({ orderId }) => orderId === theirs.orderId),
        'the order of its own',
        items.length,
      );
      mustRefuse(await t.get(`/federation/v1/order-changes?cursor=${encodeURIComponent(next)}`), 403, 'foreign-cursor');
    },
    second,
  ),
  check(
    'seller-calls-off',
    [
      'Người bán hủy: đối tác được báo, kèm lý do và tiền hoàn',
      'A seller calls off: the partner hears, with reason and refund',
    ],
    [
      'Mỗi thay đổi của đơn tạo rev mới trong order-changes.',
      'Each change of the order is a new rev in order-changes.',
    ],
    async (t, made) => {
      const { next } = await allChanges(t);
      const bought = await confirmed(t, await reserved(t, made, { quantity: 4 }));
      await act(t, 'call-off', bought);
      const off = await told(t, next, bought, ({ state }) => state === 'cancelled');
      must(off.rev > bought.rev, 'a higher rev', [bought.rev, off.rev]);
      must((off.cancelReason ?? '') !== '', 'cancelReason', off);
      const refunds = (off.refunds ?? []).reduce((sum, { amount }) => sum + amount.amount, 0);
      alike(refunds, bought.total.amount, 'sum of refunds');
      await backAt40(t, made);
    },
    ageing,
  ),
  make(
    'settlement',
    'gold',
    ['Bảng kê ngày tự khớp', 'The statement of a day agrees with itself'],
    ['root băm các dòng đã sắp; due là tổng.', 'root hashes the sorted lines; due is their sum.'],
    async (t) => {
      const path = (ms: number) =>
        `/federation/v1/settlements/${new Date(t.now() + 7 * 3_600_000 + ms).toISOString().slice(0, 10)}`;
      const answer = await t.get(path(-86_400_000));
      alike(answer.status, 200, 'status for yesterday');
      const statement = jsonOf<{
        day: string;
        orders: {
          orderId: string;
          goods: { amount: number };
          shipping: { amount: number };
          refunded: { amount: number };
        }[];
        due: { amount: number };
        root: string;
      }>(answer);
      mustFit('settlement.json', statement);
      alike(statement.day, path(-86_400_000).slice(-10), 'day');
      const lines = statement.orders.map(
        ({ orderId, goods, shipping, refunded }) =>
          `${orderId} ${goods.amount} ${shipping.amount} ${refunded.amount}\n`,
      );
      alike(statement.root, sha256(lines.sort().join('')), 'root');
      const due = statement.orders.reduce(
        (sum, one) => sum + one.goods.amount + one.shipping.amount - one.refunded.amount,
        0,
      );
      alike(statement.due.amount, due, 'due');
      mustRefuse(await t.get(path(0)), 409, 'settlement-not-closed');
    },
  ),
];

/** What becomes of an order, and what is told of it. */
export const orderSteps = [...settling, ...following];
