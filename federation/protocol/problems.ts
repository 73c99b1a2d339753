type Text = readonly [title: string, detail: string];
type PeerProblem = { readonly status: number; readonly retryable: boolean; readonly vi: Text; readonly en: Text };

const define = <const C extends Readonly<Record<string, PeerProblem>>>(catalogue: C): C => catalogue;

/** What a node may answer to a peer. Codes are part of the protocol: they are never renamed, and clients switch on them. */
export const PEER_PROBLEMS = define({
  'signature-missing': {
    status: 401,
    retryable: false,
    vi: ['Yêu cầu chưa được ký', 'Hãy ký yêu cầu theo hồ sơ ocop-fed/1 (RFC 9421, Ed25519), đúng một chữ ký.'],
    en: [
      'The request is not signed',
      'Sign it by the profile ocop-fed/1 (RFC 9421, Ed25519), with exactly one signature.',
    ],
  },
  'signature-malformed': {
    status: 401,
    retryable: false,
    vi: ['Không đọc được chữ ký', 'Kiểm tra tiêu đề Signature và Signature-Input: một nhãn, đủ tham số, dưới 4 KiB.'],
    en: [
      'The signature cannot be read',
      'Check Signature and Signature-Input: one label, all parameters, under 4 KiB.',
    ],
  },
  'unsupported-algorithm': {
    status: 401,
    retryable: false,
    vi: ['Thuật toán ký không được chấp nhận', 'Chỉ dùng ed25519; có thể bỏ tham số alg.'],
    en: ['The signature algorithm is not accepted', 'Use ed25519 only; the alg parameter may be left out.'],
  },
  'unknown-key': {
    status: 401,
    retryable: false,
    vi: [
      'Khóa này chưa được ghim',
      'keyid phải là dấu vân tay RFC 7638 của khóa ghi trong thỏa thuận, và đối tác không bị tạm ngừng.',
    ],
    en: [
      'This key is not pinned',
      'keyid is the RFC 7638 thumbprint of the key in the agreement, and the partner must not be suspended.',
    ],
  },
  'missing-component': {
    status: 401,
    retryable: false,
    vi: ['Chữ ký không phủ đúng các thành phần', 'Phủ đúng danh sách trong `required`, không thiếu và không thừa.'],
    en: [
      'The signature does not cover the right components',
      'Cover exactly the list in `required`, no less and no more.',
    ],
  },
  'clock-skew': {
    status: 401,
    retryable: true,
    vi: [
      'Thời gian của chữ ký không hợp lệ',
      'Chỉnh đồng hồ (lệch tối đa 60 giây) và để expires không quá 300 giây sau created.',
    ],
    en: [
      'The signature is outside its time window',
      'Set the clock (60 s of skew at most) and expires no later than 300 s after created.',
    ],
  },
  'bad-signature': {
    status: 401,
    retryable: false,
    vi: ['Chữ ký sai', 'Nội dung đã đổi sau khi ký, hoặc cơ sở chữ ký khác với RFC 9421.'],
    en: ['The signature is wrong', 'Something changed after signing, or the signature base differs from RFC 9421.'],
  },
  'digest-mismatch': {
    status: 401,
    retryable: false,
    vi: ['Content-Digest không khớp với nội dung', 'Tính SHA-256 trên đúng các byte được gửi.'],
    en: ['Content-Digest does not match the body', 'Compute SHA-256 over the very bytes that are sent.'],
  },
  replayed: {
    status: 401,
    retryable: false,
    vi: ['Yêu cầu này đã được nhận', 'Ký lại với nonce mới.'],
    en: ['This request was received before', 'Sign again with a fresh nonce.'],
  },
  'invalid-cursor': {
    status: 400,
    retryable: false,
    vi: ['Con trỏ không hợp lệ', 'Dùng nguyên văn giá trị `next` của trang trước.'],
    en: ['The cursor is not valid', 'Use the `next` of the previous page as it was given.'],
  },
  'foreign-cursor': {
    status: 403,
    retryable: false,
    vi: ['Con trỏ này thuộc đối tác hoặc luồng khác', 'Mỗi đối tác và mỗi luồng giữ con trỏ riêng.'],
    en: ['The cursor belongs to another partner or lane', 'Each partner and each lane keeps its own cursor.'],
  },
  'cursor-expired': {
    status: 410,
    retryable: false,
    vi: ['Con trỏ đã quá cũ', 'Lấy /federation/v1/snapshot rồi tiếp tục từ cursorAtStart.'],
    en: ['The cursor is too old', 'Fetch /federation/v1/snapshot and go on from its cursorAtStart.'],
  },
  'epoch-changed': {
    status: 409,
    retryable: false,
    vi: ['Sàn này đã khôi phục dữ liệu', 'Các mốc cũ không còn nghĩa; lấy /federation/v1/snapshot.'],
    en: ['This exchange restored its data', 'Old positions mean nothing now; fetch /federation/v1/snapshot.'],
  },
  'unknown-record': {
    status: 404,
    retryable: false,
    vi: ['Không có bản ghi này', 'Chỉ hỏi những uri có trong /federation/v1/changes.'],
    en: ['There is no such record', 'Ask only for uris that /federation/v1/changes has named.'],
  },
  'record-withdrawn': {
    status: 410,
    retryable: false,
    vi: ['Bản ghi đã được rút', 'Gỡ bản sao; `tombstone` là giấy báo.'],
    en: ['The record was withdrawn', 'Remove the copy; `tombstone` is the notice.'],
  },
  'unknown-referral': {
    status: 404,
    retryable: false,
    vi: ['Không có lượt giới thiệu này', 'Chỉ báo mã `jti` của lượt mà sàn này đã gửi sang bạn.'],
    en: ['There is no such referral', 'Report only a `jti` of a shopper whom this exchange has sent to you.'],
  },
  'unsupported-version': {
    status: 400,
    retryable: false,
    vi: ['Phiên bản giao thức không được hỗ trợ', 'Chọn một phiên bản trong `supported`.'],
    en: ['The protocol version is not supported', 'Choose one of `supported`.'],
  },
  'verb-not-granted': {
    status: 403,
    retryable: false,
    vi: ['Sàn của bạn chưa được phép hỏi điều này', 'Hai sàn thỏa thuận trước; `verb` nói quyền còn thiếu.'],
    en: ['Your exchange may not ask this yet', 'The two exchanges agree on it first; `verb` names what is missing.'],
  },
  'price-changed': {
    status: 409,
    retryable: false,
    vi: ['Giá đã thay đổi', 'Xem giá mới trong `offers`, hỏi lại người mua, rồi báo giá lại.'],
    en: ['The price has changed', 'See the new price in `offers`, ask the shopper again, then ask for another quote.'],
  },
  'quantity-unavailable': {
    status: 409,
    retryable: false,
    vi: ['Không đủ hàng', '`lines` nói còn bao nhiêu; giảm số lượng hoặc bỏ dòng.'],
    en: ['There is not enough of it', '`lines` says how much is left; lower the quantity or leave the line out.'],
  },
  'quantity-outside-limits': {
    status: 422,
    retryable: false,
    vi: ['Số lượng ngoài mức cho phép', 'Đặt từ minQty đến maxQty của chào giá; `lines` nói mức nào.'],
    en: ['The quantity is outside the limits', 'Stay between minQty and maxQty of the offer, as `lines` says.'],
  },
  'destination-unserved': {
    status: 422,
    retryable: false,
    vi: ['Không giao được đến nơi này', 'Kiểm tra mã tỉnh và xã; hàng tươi chỉ giao được nơi gần.'],
    en: [
      'These goods cannot be sent there',
      'Check the codes of province and ward; fresh goods go to near places only.',
    ],
  },
  'recipient-invalid': {
    status: 422,
    retryable: false,
    vi: ['Thông tin người nhận chưa đúng', '`pointer` nói chỗ sai; tỉnh phải là nơi đã báo giá.'],
    en: ['The recipient is not right', '`pointer` says what; the province is the one that was quoted.'],
  },
  'age-not-confirmed': {
    status: 422,
    retryable: false,
    vi: ['Chưa xác nhận đủ 18 tuổi', 'Hỏi người mua, rồi gửi `ageConfirmed` là true.'],
    en: ['Nobody has confirmed to be 18', 'Ask the shopper, then send `ageConfirmed` as true.'],
  },
  'quote-expired': {
    status: 409,
    retryable: false,
    vi: ['Báo giá đã hết hạn hoặc không có', 'Hỏi báo giá mới rồi đặt theo báo giá đó.'],
    en: ['The quote has expired, or there is none', 'Ask for a new quote and order by that.'],
  },
  'terms-mismatch': {
    status: 409,
    retryable: false,
    vi: ['Không đúng điều khoản đã báo', 'termsHash và shippingCode phải là của báo giá này.'],
    en: ['These are not the terms that were quoted', 'termsHash and shippingCode are those of this very quote.'],
  },
  'total-mismatch': {
    status: 409,
    retryable: false,
    vi: ['Số tiền không khớp', 'Xác nhận đúng `total` của đơn; không tính lại.'],
    en: ['The total is another', "Confirm the order's own `total`; do not work it out again."],
  },
  'order-expired': {
    status: 409,
    retryable: false,
    vi: ['Đã quá hạn xác nhận', 'Hàng đã được thả ra; hoàn tiền cho người mua hoặc báo giá lại.'],
    en: ['It is too late to confirm', 'The goods were released; give the money back, or ask for another quote.'],
  },
  'order-cancelled': {
    status: 409,
    retryable: false,
    vi: ['Đơn đã hủy', 'Hoàn tiền cho người mua; `order` là đơn như hiện nay.'],
    en: ['The order was cancelled', 'Give the money back; `order` is the order as it is now.'],
  },
  'order-under-way': {
    status: 409,
    retryable: false,
    vi: ['Hàng đã gửi đi', 'Chờ nhận rồi trả hàng; `order` là đơn như hiện nay.'],
    en: ['The goods have left', 'Wait for them and return them; `order` is the order as it is now.'],
  },
  'unknown-order': {
    status: 404,
    retryable: false,
    vi: ['Không có đơn này', 'Chỉ hỏi đơn do chính sàn bạn đặt.'],
    en: ['There is no such order', 'Ask only for orders that your own exchange made.'],
  },
  'unknown-idempotency-key': {
    status: 404,
    retryable: false,
    vi: ['Chưa từng nhận yêu cầu nào với khóa này', 'Gửi lại chính yêu cầu đó với chính khóa đó.'],
    en: ['No request with this key has arrived', 'Send that very request again, with that very key.'],
  },
  'idempotency-key-missing': {
    status: 400,
    retryable: false,
    vi: ['Thiếu Idempotency-Key', 'Gửi một chuỗi ngẫu nhiên trong tiêu đề này và ký nó cùng yêu cầu.'],
    en: ['Idempotency-Key is missing', 'Send a random value in this header, and sign it with the request.'],
  },
  'idempotency-key-invalid': {
    status: 400,
    retryable: false,
    vi: ['Idempotency-Key không hợp lệ', 'Dùng 1 đến 200 ký tự ASCII nhìn thấy được, ví dụ một UUID.'],
    en: ['Idempotency-Key is not valid', 'Use 1 to 200 visible ASCII characters, for example a UUID.'],
  },
  'idempotency-key-reused': {
    status: 422,
    retryable: false,
    vi: ['Idempotency-Key đã dùng cho yêu cầu khác', 'Khóa cũ chỉ để gửi lại đúng yêu cầu cũ.'],
    en: ['This Idempotency-Key belongs to another request', 'An old key only repeats the old request.'],
  },
  'idempotency-key-in-use': {
    status: 409,
    retryable: true,
    vi: ['Yêu cầu cùng khóa đang được xử lý', 'Chờ một giây rồi gửi lại với cùng khóa.'],
    en: ['A request with this key is still running', 'Wait a second and send it again with the same key.'],
  },
  'settlement-not-closed': {
    status: 409,
    retryable: true,
    vi: ['Ngày này chưa kết thúc', 'Hỏi lại sau 0 giờ của ngày hôm sau, giờ Việt Nam.'],
    en: ['The day is not over yet', 'Ask again after midnight of that day in Vietnam.'],
  },
});

export type PeerProblemCode = keyof typeof PEER_PROBLEMS;

/** A message from a peer, or to us, that the protocol refuses. The host turns it into an RFC 9457 document. */
export class PeerRefusal extends Error {
  override readonly name = 'PeerRefusal';
  readonly code: PeerProblemCode;
  readonly extra: Readonly<Record<string, unknown>>;
  constructor(code: PeerProblemCode, extra: Readonly<Record<string, unknown>> = {}) {
    super(`${code}: ${PEER_PROBLEMS[code].en[0]}`);
    this.code = code;
    this.extra = extra;
  }
}
