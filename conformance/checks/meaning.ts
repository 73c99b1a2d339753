import { checksOf, every, must, type Profile, same } from '../kit/check.ts';
import { type FedRecord, liveOf, type Session } from '../kit/session.ts';

const profiles: readonly Profile[] = ['native', 'pull-only'];
const check = checksOf({ name: 'meaning', profiles, spec: 'README: Records' });

const liveIn = async (t: Session, lane: 'catalogue' | 'offer'): Promise<readonly FedRecord[]> =>
  liveOf((await t.wholeLane(lane)).items).flatMap(({ record }) => record ?? []);
const offers = (t: Session) => liveIn(t, 'offer');
const listings = (t: Session) => liveIn(t, 'catalogue');

const uri = /^ocop:\/\/([^/]+)\/([a-z]+)\/[A-Za-z0-9._~-]{1,100}$/;
const states = ['in-stock', 'out-of-stock', 'pre-order'];

function isSameSite(url: string, origin: string): boolean {
  const host = URL.parse(url)?.host ?? '';
  return host === origin || host.endsWith(`.${origin}`) || origin.endsWith(`.${host}`);
}

export const meaning = [
  check(
    'uri',
    'bronze',
    ['Địa chỉ đúng dạng và đúng loại', 'Addresses have their form and kind'],
    ['ocop://{origin}/{listing|offer}/{id}.', 'ocop://{origin}/{listing|offer}/{id}.'],
    async (t) => {
      for (const record of [...(await listings(t)), ...(await offers(t))]) {
        const [, origin, kind] = uri.exec(record.uri) ?? [];
        same([origin, kind], [record.origin, record.kind], 'origin and kind in the address');
      }
    },
  ),
  check(
    'currency',
    'bronze',
    ['Giá là số đồng nguyên', 'Prices are whole đồng'],
    [
      'amount là số nguyên, currency là VND, không nhân 100.',
      'amount is an integer, currency is VND, nothing times 100.',
    ],
    async (t) =>
      every(
        await offers(t),
        ({ price }) => Number.isSafeInteger(Object(price).amount) && Object(price).currency === 'VND',
        'a whole number of VND',
      ),
  ),
  check(
    'plausible',
    'silver',
    ['Không giá nào dưới 100 đ hay trên 10 tỉ', 'No price is below 100 ₫ or above ten billion'],
    ['Có lẽ giá bị chia hoặc nhân.', 'A price was probably divided or multiplied.'],
    async (t) =>
      every(
        await offers(t),
        ({ price }) => Object(price).amount >= 100 && Object(price).amount <= 10_000_000_000,
        'a plausible price',
      ),
  ),
  check(
    'offer-of-listing',
    'bronze',
    ['Mỗi chào bán thuộc một sản phẩm đang có', 'Each offer is of a live listing'],
    ['Rút chào bán cùng sản phẩm; uri listing phải đúng.', 'Withdraw offers with their listing; name it rightly.'],
    async (t) => {
      const known = new Set((await listings(t)).map((listing) => listing.uri));
      every(await offers(t), ({ listing }) => known.has(String(listing)), 'an offer of a live listing');
    },
  ),
  check(
    'landing-page',
    'bronze',
    ['Trang đích nằm trên chính sàn', 'Landing pages are on the exchange itself'],
    ['landingUrl dẫn về tên miền của sàn.', 'landingUrl leads to your own domain.'],
    async (t) =>
      every(
        await listings(t),
        ({ landingUrl, origin }) => isSameSite(String(landingUrl), origin),
        'a page of the exchange',
      ),
  ),
  check(
    'availability',
    'silver',
    ['Tình trạng hàng là từ đã định', 'Availability is one of the words'],
    ['in-stock, out-of-stock hoặc pre-order.', 'in-stock, out-of-stock or pre-order.'],
    async (t) =>
      every(await offers(t), ({ availability }) => states.includes(Object(availability).state), 'a known state'),
  ),
  check(
    'stock-agrees',
    'silver',
    ['Số lượng không trái với tình trạng', 'Quantity and state agree'],
    ['Hết hàng thì out-of-stock.', 'Nothing left is out-of-stock.'],
    async (t) =>
      every(
        await offers(t),
        ({ availability }) => !(Object(availability).state === 'in-stock' && Object(availability).quantity === 0),
        'a state that agrees with the quantity',
      ),
  ),
  check(
    'quantities',
    'silver',
    ['minQty không lớn hơn maxQty', 'minQty is not above maxQty'],
    ['Sửa giới hạn đặt mua.', 'Mend the bounds of an order.'],
    async (t) =>
      every(
        await offers(t),
        ({ minQty, maxQty }) => maxQty === undefined || Number(minQty) <= Number(maxQty),
        'minQty ≤ maxQty',
      ),
  ),
  check(
    'list-price',
    'gold',
    ['Giá niêm yết không thấp hơn giá bán', 'The list price is not below the price'],
    ['Bỏ listPrice khi không giảm giá.', 'Leave listPrice out when nothing is reduced.'],
    async (t) =>
      every(
        await offers(t),
        ({ price, listPrice }) => listPrice === undefined || Object(listPrice).amount >= Object(price).amount,
        'listPrice ≥ price',
      ),
  ),
  check(
    'in-the-past',
    'silver',
    ['at không ở tương lai', 'at is not in the future'],
    ['at là lúc tạo phiên bản, theo UTC.', 'at is when the revision was made, in UTC.'],
    async (t) => {
      const latest = t.now() + 60_000;
      every(
        [...(await listings(t)), ...(await offers(t))],
        ({ at }) => Date.parse(String(at)) <= latest,
        'a time that has come',
      );
    },
  ),
  check(
    'certificate',
    'silver',
    ['Sao OCOP có quyết định và hạn hợp lý', 'OCOP stars have a decision and a sound term'],
    ['expiresOn sau issuedOn.', 'expiresOn is after issuedOn.'],
    async (t) =>
      every(
        await listings(t),
        ({ ocop }) => ocop === undefined || !Object(ocop).expiresOn || Object(ocop).issuedOn < Object(ocop).expiresOn,
        'issued before it expires',
      ),
  ),
  check(
    'no-private-person',
    'gold',
    ['Không lộ mã số cá nhân', 'No identity number of a person is given'],
    [
      'Mã 12 số là căn cước của chủ hộ; chỉ xuất mã số doanh nghiệp 10 hoặc 13 số.',
      'Twelve digits are a person; give codes of companies alone, 10 or 13 digits.',
    ],
    async (t) =>
      every(
        await listings(t),
        ({ producer }) => !/^\d{12}$/.test(String(Object(producer).taxCode ?? '')),
        'no code of twelve digits',
      ),
  ),
  check(
    'clean-text',
    'silver',
    ['Chữ không có ký tự điều khiển', 'Texts hold no control characters'],
    ['Bỏ U+0000 và nửa cặp surrogate khi nhập hàng.', 'Remove U+0000 and lone surrogates when goods come in.'],
    async (t) => {
      for (const record of [...(await listings(t)), ...(await offers(t))]) {
        const text = JSON.stringify(record);
        must(!/\\u00(?:0[0-8bcef]|1[0-9a-f])|\\ud[89a-f]/i.test(text), 'clean text', text);
      }
    },
  ),
];
