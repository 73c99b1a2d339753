import { type Check, every, must, same } from '../kit/check.ts';
import { type Goods, readCsv, textOf } from '../kit/feed-files.ts';

import { check, feeds, google, isAtHome, items, names, rows, textIn, types } from './feed-reading.ts';

const price = /^\d{1,11} VND$/;
const availabilities = ['in_stock', 'out_of_stock', 'preorder', 'backorder', 'in stock', 'out of stock'];

/** GS1: the last digit makes the weighted sum a multiple of ten. */
function isGtin(gtin: string): boolean {
  if (!/^\d{8}$|^\d{12,14}$/.test(gtin)) return false;
  const sum = [...gtin]
    .toReversed()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 1 ? 3 : 1), 0);
  return sum % 10 === 0;
}

const perFile = feeds.flatMap((feed): readonly Check[] => [
  check(
    `${feed}-found`,
    'bronze',
    [`Tệp ${names[feed]} đọc được`, `The ${names[feed]} file is served`],
    ['Trả 200 không cần ký; hoặc chỉ đường dẫn cho bộ kiểm thử.', 'Answer 200 unsigned, or tell the kit the path.'],
    async (t) => {
      must((await textIn(t, feed)).length > 0, 'a file', 'nothing');
    },
  ),
  check(
    `${feed}-type`,
    'bronze',
    [`Tệp ${names[feed]} đúng kiểu`, `The ${names[feed]} file has its type`],
    ['XML: application/xml; bảng: text/csv.', 'XML: application/xml; table: text/csv.'],
    async (t) => {
      const type = (await t.file(t.feeds[feed])).headers['content-type'] ?? '';
      must(types[feed].test(type), String(types[feed]), type);
    },
  ),
  check(
    `${feed}-etag`,
    'silver',
    [`Tệp ${names[feed]} chưa đổi thì trả 304`, `An unchanged ${names[feed]} file costs a 304`],
    ['Gửi ETag, và 304 khi If-None-Match khớp.', 'Send an ETag, and 304 when If-None-Match holds it.'],
    async (t) => {
      const { etag } = (await t.file(t.feeds[feed])).headers;
      must(etag !== undefined, 'an ETag', (await t.file(t.feeds[feed])).headers);
      const held = await t.plain('GET', t.feeds[feed], { 'if-none-match': etag });
      same([held.status, held.body.length], [304, 0], 'status and bytes');
      same((await t.plain('GET', t.feeds[feed], { 'if-none-match': '"other"' })).status, 200, 'status for another tag');
    },
  ),
  check(
    `${feed}-gzip`,
    'silver',
    [`Tệp ${names[feed]} nén được`, `The ${names[feed]} file can be packed`],
    ['Hỗ trợ Accept-Encoding: gzip.', 'Honour Accept-Encoding: gzip.'],
    async (t) => {
      const packed = await t.plain('GET', t.feeds[feed], { 'accept-encoding': 'gzip' });
      same(packed.headers['content-encoding'], 'gzip', 'content-encoding');
      same(textOf(packed), await textIn(t, feed), 'the same text');
    },
  ),
]);

const xml = [
  check(
    'google-root',
    'bronze',
    ['XML là RSS 2.0 hoặc Atom với không gian tên g', 'The XML is RSS 2.0 or Atom with the namespace g'],
    ['xmlns:g="http://base.google.com/ns/1.0".', 'xmlns:g="http://base.google.com/ns/1.0".'],
    async (t) => {
      const { root, spaces } = await google(t);
      must(['rss', 'feed'].includes(root), 'rss or feed', root);
      must(spaces.includes('http://base.google.com/ns/1.0'), 'the namespace of Google', spaces);
    },
  ),
  check(
    'google-no-doctype',
    'bronze',
    ['XML không có DOCTYPE', 'The XML has no DOCTYPE'],
    ['Bỏ DOCTYPE: bên đọc từ chối vì bom thực thể.', 'Leave it out: readers refuse it for entity bombs.'],
    async (t) => same((await google(t)).hasDoctype, false, 'doctype'),
  ),
  check(
    'google-members',
    'bronze',
    ['Mỗi mục đủ id, title, link, price, availability', 'Each item has id, title, link, price, availability'],
    ['Bổ sung trường thiếu.', 'Add what is missing.'],
    async (t) =>
      every(
        await items(t),
        (goods) => ['id', 'title', 'link', 'price', 'availability'].every((name) => goods[name]),
        'an item with all of them',
      ),
  ),
  check(
    'google-unique',
    'bronze',
    ['id không lặp', 'Ids do not repeat'],
    ['Một mục một quy cách.', 'One item a pack.'],
    async (t) => {
      const all = await items(t);
      same(new Set(all.map(({ id }) => id)).size, all.length, 'ids');
    },
  ),
  check(
    'google-price',
    'bronze',
    ['Giá dạng "65000 VND"', 'Prices are written "65000 VND"'],
    ['Số nguyên, không dấu chấm phân nhóm, kèm mã tiền.', 'A whole number without grouping, and the currency.'],
    async (t) => every(await items(t), (goods) => price.test(goods.price ?? ''), 'a price like 65000 VND'),
  ),
  check(
    'google-sale',
    'silver',
    ['Giá giảm thấp hơn giá gốc', 'A sale price is below the price'],
    ['price là giá gốc, sale_price là giá đang bán.', 'price is the former one, sale_price what is asked.'],
    async (t) =>
      every(
        await items(t),
        ({ sale_price: sale, price: full }) =>
          !sale || (price.test(sale) && Number.parseInt(sale, 10) < Number.parseInt(full ?? '0', 10)),
        'sale_price < price',
      ),
  ),
  check(
    'google-availability',
    'bronze',
    ['Tình trạng là từ của Google', 'Availability is a word of Google’s'],
    ['in_stock, out_of_stock, preorder, backorder.', 'in_stock, out_of_stock, preorder, backorder.'],
    async (t) =>
      every(await items(t), ({ availability }) => availabilities.includes(availability ?? ''), 'a known word'),
  ),
  check(
    'google-stock',
    'silver',
    ['Số lượng không trái với tình trạng', 'Quantity and availability agree'],
    ['0 là out_of_stock.', '0 is out_of_stock.'],
    async (t) =>
      every(
        await items(t),
        ({ availability, quantity }) => !(quantity === '0' && /^in.stock$/.test(availability ?? '')),
        'words that agree',
      ),
  ),
  check(
    'google-link',
    'bronze',
    ['Liên kết dẫn về chính sàn', 'Links lead to the shop itself'],
    ['Không liên kết sang miền khác.', 'Link to no other domain.'],
    async (t) => every(await items(t), ({ link }) => isAtHome(t, link), `links to ${t.target.host}`),
  ),
  check(
    'google-gtin',
    'silver',
    ['GTIN đúng số kiểm tra', 'A GTIN has its check digit'],
    ['Bỏ gtin khi không có mã GS1 thật.', 'Leave gtin out when there is none of GS1.'],
    async (t) => every(await items(t), ({ gtin }) => !gtin || isGtin(gtin), 'a GTIN'),
  ),
];

const tables = [
  check(
    'table-shape',
    'bronze',
    ['Mọi dòng CSV có số ô như dòng đầu', 'All rows have as many cells as the heading'],
    ['Đặt ô có dấu phẩy, xuống dòng trong ngoặc kép.', 'Quote cells with commas and line ends.'],
    async (t) => {
      const [head = [], ...body] = readCsv(await textIn(t, 'table'));
      must(body.length > 0, 'a row', 'none');
      every(body, (row) => row.length === head.length, `${head.length} cells`);
    },
  ),
  check(
    'table-head',
    'bronze',
    ['Dòng đầu có id, title, link, price, availability', 'The heading has id, title, link, price, availability'],
    ['Dùng tên của Google.', 'Use the names of Google.'],
    async (t) => {
      const [head = []] = readCsv(await textIn(t, 'table'));
      every(['id', 'title', 'link', 'price', 'availability'], (name) => head.includes(name), 'a column');
    },
  ),
  check(
    'table-formulas',
    'bronze',
    ['Không ô nào là công thức', 'No cell is a formula'],
    ['Thêm dấu nháy đơn trước = + - @ và tab.', 'Put an apostrophe before = + - @ and tab.'],
    async (t) => {
      every(readCsv(await textIn(t, 'table')).flat(), (cell) => !/^[=+\-@\t\r]/.test(cell), 'no formula');
    },
  ),
  check(
    'table-as-google',
    'silver',
    ['CSV và XML nói như nhau', 'Table and XML say the same'],
    ['Xuất cả hai từ một nguồn.', 'Make both of one source.'],
    async (t) => {
      const brief = (all: readonly Goods[]) =>
        all.map(({ id, price: asked, availability }) => `${id} ${asked} ${availability}`).toSorted();
      same(brief(await rows(t)), brief(await items(t)), 'ids, prices and availability');
    },
  ),
];

export const feedFiles = [...perFile, ...xml, ...tables];
