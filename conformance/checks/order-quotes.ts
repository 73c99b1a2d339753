import { recordHash } from '../kit/canonical.ts';
import { must } from '../kit/check.ts';
import { arrival, isGone, withdraw } from '../kit/goods.ts';
import { alike, askQuote, leftOf, quoted, termsHashOf } from '../kit/ordering.ts';
import { mustFit } from '../kit/schemas.ts';
import { mustRefuse } from '../kit/session.ts';
import { check, recordOf } from './order-goods.ts';

/** Prices for a shopper of another exchange. */
export const orderQuotes = [
  check(
    'quote',
    ['Báo giá đúng giá đang chào', 'A quote has the price of the offer'],
    ['Tính giá bằng chính mã tính giỏ hàng.', 'Price it by the code that prices your own carts.'],
    async (t, { offer, amount }) => {
      const quote = await quoted(t, offer, { quantity: 3, amount });
      const [line] = quote.lines;
      alike([quote.lines.length, line?.uri, line?.quantity], [1, offer, 3], 'the line that was asked for');
      alike([line?.unit.amount, line?.total.amount], [amount, amount * 3], 'price and sum of the line');
      alike(quote.goods.amount, amount * 3, 'sum of the goods');
      alike(line?.rev, (await recordOf(t, offer)).rev, 'rev of the offer');
    },
  ),
  check(
    'terms-hash',
    ['termsHash đúng từng byte', 'termsHash, byte by byte'],
    [
      'SHA-256 của dạng chuẩn {lines, shipping, goods, expiresAt}.',
      'SHA-256 of the canonical form of the four members.',
    ],
    async (t, { offer }) => {
      const quote = await quoted(t, offer, { quantity: 2 });
      alike(quote.termsHash, termsHashOf(quote), 'termsHash');
    },
  ),
  check(
    'quote-life',
    ['Báo giá giữ ít nhất mười phút', 'A quote holds for ten minutes at least'],
    ['expiresAt không sớm hơn mười phút nữa.', 'expiresAt is ten minutes from now or later.'],
    async (t, { offer }) => {
      const { expiresAt } = await quoted(t, offer);
      must(Date.parse(expiresAt) >= t.now() + 590_000, 'ten minutes from now', expiresAt);
    },
  ),
  check(
    'quote-holds-nothing',
    ['Báo giá không giữ hàng', 'A quote holds nothing'],
    ['Chỉ giữ khi đặt.', 'Hold when it is ordered.'],
    async (t, { offer }) => {
      await quoted(t, offer, { quantity: 40 });
      await quoted(t, offer, { quantity: 40 });
      alike(await leftOf(t, offer), 40, 'what is left');
    },
  ),
  check(
    'quote-price-changed',
    ['Giá khác giá mong đợi thì từ chối, kèm chào giá mới', 'Another price than expected is refused, with the offer'],
    ['Trả 409 price-changed với `offers` hiện tại.', 'Answer 409 price-changed with the current `offers`.'],
    async (t, { offer, amount }) => {
      const { offers } = mustRefuse(await askQuote(t, offer, { amount: amount - 1_000 }), 409, 'price-changed');
      const [first] = Array.isArray(offers) ? offers : [];
      mustFit('offer.json', first);
      alike([first.uri, first.price.amount, first.hash], [offer, amount, recordHash(first)], 'the offer as it is');
    },
  ),
  check(
    'quote-quantity',
    ['Không đủ hàng thì nói còn bao nhiêu', 'Too many: it says how many are left'],
    ['Trả 409 quantity-unavailable với `lines`.', 'Answer 409 quantity-unavailable with `lines`.'],
    async (t, { offer }) => {
      alike(await leftOf(t, offer), 40, 'available');
      mustRefuse(await askQuote(t, offer, { quantity: 41 }), 409, 'quantity-unavailable');
      await quoted(t, offer, { quantity: 40 });
    },
  ),
  check(
    'quote-unknown',
    ['Không có chào giá này: 404', 'No such offer: 404'],
    ['Trả 404 unknown-record.', 'Answer 404 unknown-record.'],
    async (t, { offer, listing }) => {
      mustRefuse(await askQuote(t, `${offer}-none`), 404, 'unknown-record');
      mustRefuse(await askQuote(t, listing), 404, 'unknown-record');
    },
  ),
  check(
    'quote-withdrawn',
    ['Hàng đã rút: 410', 'Withdrawn goods: 410'],
    ['Trả 410 record-withdrawn.', 'Answer 410 record-withdrawn.'],
    async (t, { offer, listing }) => {
      const from = await t.tail('offer');
      await withdraw(t, listing);
      await arrival(t, 'offer', from, offer, isGone);
      mustRefuse(await askQuote(t, offer), 410, 'record-withdrawn');
    },
  ),
];
