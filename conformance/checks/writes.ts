import { recordHash } from '../kit/canonical.ts';
import { every, must, same } from '../kit/check.ts';
import { amountOf, arrival, costs, holds, quantityOf, setPrice, setStock } from '../kit/goods.ts';

import { byAddress, check, pathOf, reprice, restock } from './driven.ts';

const making = [
  check(
    'create',
    'silver',
    ['Hàng mới xuất hiện, đúng tên và giá', 'New goods appear, by their name and price'],
    ['Xuất cả hai luồng trong giao dịch ghi hàng.', 'Feed both lanes in the transaction that writes.'],
    async (t, { listing, offer, title, amount }) => {
      same(Object((await byAddress(t, listing)).title).vi, title, 'title, letter by letter');
      same(amountOf(await byAddress(t, offer)), amount, 'price in đồng');
    },
  ),
  check(
    'offer-names-listing',
    'silver',
    ['Chào bán nêu đúng sản phẩm', 'The offer names its listing'],
    ['listing là uri của sản phẩm.', 'listing is the uri of the product.'],
    async (t, { listing, offer }) => {
      same((await byAddress(t, offer)).listing, listing, 'listing');
    },
  ),
  check(
    'quantity',
    'silver',
    ['Số lượng ban đầu đúng', 'The first quantity is right'],
    ['availability.quantity là số còn bán được.', 'availability.quantity is what can be sold.'],
    async (t, { offer }) => {
      same(quantityOf(await byAddress(t, offer)), 40, 'quantity');
    },
  ),
];

const repricing = [
  check(
    'price-only',
    'silver',
    ['Chỉ đổi giá: luồng offer báo giá mới', 'A price alone: the offer lane tells it'],
    ['Đổi giá phải tạo phiên bản mới.', 'A new price is a new revision.'],
    async (t, made) => {
      const [before, item] = await reprice(t, made);
      must(item.rev > before.rev, 'a higher rev', [before.rev, item.rev]);
      must(item.hash !== before.hash, 'another hash', item.hash);
    },
  ),
  check(
    'price-hash',
    'silver',
    ['Sau khi đổi giá hash vẫn đúng', 'The hash is right after a change'],
    ['Tính lại hash cùng lúc với bản ghi.', 'Compute the hash with the record.'],
    async (t, made) => {
      const [, { record, hash }] = await reprice(t, made);
      same(record && recordHash(record), hash, 'hash');
    },
  ),
  check(
    'price-keeps-rest',
    'silver',
    ['Đổi giá không đổi gì khác', 'A price changes nothing else'],
    ['Xuất mọi thành viên từ một lần đọc.', 'Take all members from one reading.'],
    async (t, made) => {
      const [before, { record }] = await reprice(t, made);
      const { price: _a, rev: _b, hash: _c, at: _d, ...old } = before;
      const { price: _e, rev: _f, hash: _g, at: _h, ...now } = record ?? before;
      same(now, old, 'the rest of the offer');
    },
  ),
  check(
    'price-not-in-catalogue',
    'silver',
    ['Đổi giá không làm ồn luồng catalogue', 'A price makes no noise in the catalogue'],
    ['Giá không thuộc listing.', 'The price is no part of the listing.'],
    async (t, made) => {
      const from = await t.tail('catalogue');
      await reprice(t, made);
      every((await t.walk('catalogue', from)).items, ({ uri }) => uri !== made.listing, 'nothing of this listing');
    },
  ),
  check(
    'same-price',
    'silver',
    ['Đặt lại cùng giá không tạo phiên bản', 'The same price again is no revision'],
    ['So hash trước khi ghi.', 'Compare hashes before you write.'],
    async (t, made) => {
      const from = await t.tail('offer');
      await setPrice(t, made.offer, made.amount);
      await setStock(t, made.offer, 39);
      const item = await arrival(t, 'offer', from, made.offer, holds(39));
      const again = await t.tail('offer');
      await setPrice(t, made.offer, made.amount);
      same(
        (await t.walk('offer', again)).items.filter(({ uri }) => uri === made.offer),
        [],
        `nothing after rev ${item.rev}`,
      );
    },
  ),
  check(
    'twice',
    'silver',
    ['Đổi hai lần giữa hai lần đọc chỉ còn lần cuối', 'Two changes between two readings leave the last'],
    ['Nén nhật ký theo địa chỉ.', 'Compact the log by address.'],
    async (t, made) => {
      const from = await t.tail('offer');
      await setPrice(t, made.offer, 71_000);
      await setPrice(t, made.offer, 72_000);
      await arrival(t, 'offer', from, made.offer, costs(72_000));
      const found = (await t.walk('offer', from)).items.filter(({ uri }) => uri === made.offer);
      same(
        found.map(({ record }) => amountOf(record)),
        [72_000],
        'one item with the last price',
      );
    },
  ),
  check(
    'etag-moves',
    'silver',
    ['ETag đổi cùng bản ghi', 'ETag moves with the record'],
    ['ETag là hash hiện tại.', 'ETag is the hash as it is now.'],
    async (t, made) => {
      const [before, item] = await reprice(t, made);
      const answer = await t.get(pathOf(made.offer), {}, { 'if-none-match': `"${before.hash}"` });
      same([answer.status, answer.headers.etag], [200, `"${item.hash}"`], 'status and ETag');
    },
  ),
];

const stocking = [
  check(
    'stock-only',
    'silver',
    ['Chỉ đổi tồn kho: luồng offer báo số mới', 'Stock alone: the offer lane tells it'],
    [
      'Nhiều hệ thống không đổi ngày khi đổi tồn kho: phải tự ghi.',
      'Many systems move no date with stock: note it yourself.',
    ],
    async (t, made) => {
      const [before, item] = await restock(t, made, 17);
      must(item.rev > before.rev, 'a higher rev', [before.rev, item.rev]);
      same(amountOf(item.record), made.amount, 'the price as before');
    },
  ),
  check(
    'sold-out',
    'silver',
    ['Hết hàng được báo', 'Sold out is told'],
    ['state là out-of-stock, quantity là 0.', 'state is out-of-stock, quantity is 0.'],
    async (t, made) => {
      const [, { record }] = await restock(t, made, 0);
      same(Object(record?.availability).state, 'out-of-stock', 'state');
      const [, back] = await restock(t, made, 5);
      same(Object(back.record?.availability).state, 'in-stock', 'state after it came in');
    },
  ),
];

export const writes = [...making, ...repricing, ...stocking];
