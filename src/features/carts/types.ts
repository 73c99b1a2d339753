import { defineProblems } from '#core/problem.ts';
import type { DeliveryMethod } from '#features/shipping/types.ts';
import type { Locale } from '#web/locale.ts';

/** 128 random bits in base64url: whoever knows it holds the cart. */
export type CartId = string;

export type Recipient = { readonly name: string; readonly phone: string; readonly email?: string };
export type Address = {
  readonly line: string;
  readonly provinceCode: string;
  readonly wardCode?: string;
  readonly ward: string;
  /** Absent in what was typed before parcels named it. */
  readonly province?: string;
};
/** How the goods of a business are to reach the buyer, by its id; `standard` where nothing is said. */
export type Choices = Readonly<Record<string, DeliveryMethod>>;
export type Delivery = {
  readonly recipient: Recipient;
  readonly address: Address;
  readonly choices?: Choices;
  /** In which the buyer ordered, and is told of the order. */
  readonly language?: Locale;
};

export const maxLines = 100;
export const maxQuantity = 100_000;

export const cartProblems = defineProblems({
  'cart-not-found': {
    status: 404,
    vi: ['Không tìm thấy giỏ hàng', 'Mở giỏ mới bằng POST /v1/carts.'],
    en: ['There is no such cart', 'Open a new one with POST /v1/carts.'],
  },
  'cart-already-ordered': {
    status: 409,
    vi: ['Giỏ hàng này đã đặt', 'Xem đơn bằng mã trong groupCode; mua thêm thì mở giỏ mới.'],
    en: ['This cart has been ordered', 'See the order under groupCode; open a new cart to buy more.'],
  },
  'cart-empty': {
    status: 409,
    vi: ['Giỏ hàng trống', 'Thêm ít nhất một sản phẩm rồi đặt.'],
    en: ['The cart is empty', 'Add at least one product before checking out.'],
  },
  'cart-full': {
    status: 422,
    vi: ['Giỏ hàng có quá nhiều dòng', 'Đặt giỏ này trước, rồi mở giỏ mới.'],
    en: ['The cart has too many lines', 'Check this cart out first, then open a new one.'],
  },
  'line-not-found': {
    status: 404,
    vi: ['Giỏ không có dòng hàng này', 'Đọc lại giỏ bằng GET /v1/carts/{cartId}.'],
    en: ['The cart has no such line', 'Read the cart again with GET /v1/carts/{cartId}.'],
  },
  'not-for-sale': {
    status: 409,
    vi: ['Sản phẩm hiện không bán', 'Bỏ các dòng nêu trong variantIds khỏi giỏ.'],
    en: ['The product is not for sale now', 'Take the lines named in variantIds out of the cart.'],
  },
  'sold-by-partner': {
    status: 409,
    vi: ['Sản phẩm do sàn đối tác bán', 'Mở trang của sàn đối tác để mua.'],
    en: ['A partner exchange sells this product', 'Open the page at the partner exchange to buy it.'],
  },
  'delivery-missing': {
    status: 409,
    vi: ['Chưa có địa chỉ giao hàng', 'Gửi PUT /v1/carts/{cartId}/delivery trước khi đặt.'],
    en: ['The delivery address is missing', 'Send PUT /v1/carts/{cartId}/delivery before checking out.'],
  },
  'pickup-not-offered': {
    status: 422,
    vi: ['Cơ sở này không cho đến lấy hàng', 'Chọn giao tận nơi, hoặc một cách nhận nêu trong deliveryOptions.'],
    en: ['This business offers no pick-up', 'Choose delivery, or a way that deliveryOptions names.'],
  },
  'not-in-cart': {
    status: 422,
    vi: ['Giỏ không có hàng của cơ sở này', 'Chỉ chọn cách nhận cho các cơ sở nêu trong businesses.'],
    en: ['The cart has nothing of this business', 'Choose ways of delivery for the businesses of the cart only.'],
  },
  'freight-changed': {
    status: 409,
    vi: ['Phí giao đã tính lại', 'Xem tổng mới trong totalVnd rồi đặt lại.'],
    en: ['The freight was worked out again', 'See the new total under totalVnd, and order again.'],
  },
  'goods-would-spoil': {
    status: 422,
    vi: [
      'Hàng tươi không kịp giao đến nơi này',
      'Chọn đến lấy tại điểm nhận, đổi sang địa chỉ gần hơn, hoặc bỏ các món nêu trong products.',
    ],
    en: [
      'Fresh goods would not reach this place in time',
      'Choose pick-up, an address that is nearer, or take out what products names.',
    ],
  },
  'phone-invalid': {
    status: 422,
    vi: ['Số điện thoại không hợp lệ', 'Nhập số di động Việt Nam, ví dụ 0912 345 678.'],
    en: ['The phone number is not valid', 'Enter a Vietnamese mobile number, for example 0912 345 678.'],
  },
  'name-missing': {
    status: 422,
    vi: ['Thiếu tên người nhận', 'Nhập tên người nhận hàng.'],
    en: ['The name of the recipient is missing', 'Enter who receives the parcel.'],
  },
  'street-missing': {
    status: 422,
    vi: ['Thiếu số nhà, đường hoặc ấp', 'Nhập số nhà, tên đường hoặc ấp.'],
    en: ['The street is missing', 'Enter the house number, street or hamlet.'],
  },
  'email-invalid': {
    status: 422,
    vi: ['Email không hợp lệ', 'Nhập email như ten@vidu.vn, hoặc để trống.'],
    en: ['The e-mail address is not valid', 'Enter one like name@example.com, or leave it empty.'],
  },
  'province-unknown': {
    status: 422,
    vi: ['Không có tỉnh, thành phố mang mã này', 'Chọn mã trong /v1/places/provinces.'],
    en: ['No province has this code', 'Choose a code of /v1/places/provinces.'],
  },
  'ward-unknown': {
    status: 422,
    vi: ['Không có phường, xã mang mã này', 'Chọn mã trong /v1/places/provinces/{code}/wards.'],
    en: ['No ward has this code', 'Choose a code of /v1/places/provinces/{code}/wards.'],
  },
  'ward-outside-province': {
    status: 422,
    vi: ['Phường, xã không thuộc tỉnh đã chọn', 'Chọn lại phường, xã trong tỉnh này.'],
    en: ['The ward is not in the chosen province', 'Choose a ward of this province.'],
  },
  'ward-missing': {
    status: 422,
    vi: ['Thiếu phường, xã', 'Gửi wardCode, hoặc ward là tên phường, xã.'],
    en: ['The ward is missing', 'Send wardCode, or ward with its name.'],
  },
  'quantity-outside-limits': {
    status: 422,
    vi: ['Số lượng ngoài mức cho phép', 'Mua từ minOrder đến maxOrder nêu trong lines.'],
    en: ['The quantity is outside the limits', 'Buy between minOrder and maxOrder as lines says.'],
  },
  'price-changed': {
    status: 409,
    vi: ['Giá đã thay đổi', 'Đọc lại giỏ, báo giá mới cho khách, rồi đặt lại.'],
    en: ['The price has changed', 'Read the cart again, show the new price, and check out again.'],
  },
  'age-not-confirmed': {
    status: 422,
    vi: ['Chưa xác nhận đủ 18 tuổi', 'Giỏ có đồ uống có cồn: gửi ageConfirmed là true khi người mua đã đủ 18 tuổi.'],
    en: [
      'Nobody has confirmed to be 18',
      'The cart has alcohol: send ageConfirmed as true when the buyer is 18 or older.',
    ],
  },
  'voucher-unknown': {
    status: 422,
    vi: ['Mã giảm giá không dùng được', 'Kiểm tra lại mã, hoặc bỏ trống để đặt không giảm giá.'],
    en: ['The voucher cannot be used', 'Check the code, or leave it out to order without one.'],
  },
});
