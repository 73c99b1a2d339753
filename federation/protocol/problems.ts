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
      'keyid phải là dấu vân tay RFC 7638 của khóa mà hai sàn đã trao đổi, và đối tác phải đang hoạt động.',
    ],
    en: [
      'This key is not pinned',
      'keyid is the RFC 7638 thumbprint of the key that was exchanged, and the partner must be active.',
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
  'unsupported-version': {
    status: 400,
    retryable: false,
    vi: ['Phiên bản giao thức không được hỗ trợ', 'Chọn một phiên bản trong `supported`.'],
    en: ['The protocol version is not supported', 'Choose one of `supported`.'],
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
