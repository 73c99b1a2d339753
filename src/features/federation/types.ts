import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';
import { PEER_PROBLEMS } from '#federation/protocol/problems.ts';

export type QuarantineId = Id<'Quarantine'>;
export type RecallId = Id<'Recall'>;
export type ReferralId = Id<'Referral'>;
/** `sent`: a shopper of ours to a partner; `received`: one of a partner's to us. */
export const REFERRAL_DIRECTIONS = ['sent', 'received'] as const;
export type ReferralDirection = (typeof REFERRAL_DIRECTIONS)[number];
/** An authority had the goods taken down, or a decision on their stars no longer counts. */
export const RECALL_REASONS = ['taken-down', 'star-lost'] as const;
export type RecallReason = (typeof RECALL_REASONS)[number];
/**
 * How far an exchange has come (`rules/states.ts`): `inactive` is known by name alone, `invited` by its agreement, `proved`
 * holds the key that the agreement prints, `sandbox` passed the kit and is read but not shown, `probation` is shown within
 * bounds, `active` may do what it was granted. `suspended` is shut out until it is resumed, `retired` for good.
 */
export const PARTNER_STATES = [
  'inactive',
  'invited',
  'proved',
  'sandbox',
  'probation',
  'active',
  'suspended',
  'retired',
] as const;
export type PartnerState = (typeof PARTNER_STATES)[number];
/** What may be asked and told between two exchanges. `relay` is to pass on what a third one published. */
export const VERBS = ['pull', 'push', 'quote', 'order', 'relay'] as const;
export type Verb = (typeof VERBS)[number];
export const LANE_STATES = ['ok', 'failed', 'held'] as const;

export const federationProblems = defineProblems({
  ...PEER_PROBLEMS,
  'partner-not-found': {
    status: 404,
    vi: ['Không có sàn đối tác này', 'Xem danh sách bằng `npm run cli -- partner:list`.'],
    en: ['There is no such partner', 'See the list with `npm run cli -- partner:list`.'],
  },
  'partner-unreachable': {
    status: 502,
    vi: ['Không đọc được hồ sơ của đối tác', 'Kiểm tra địa chỉ và máy chủ của họ; `detail` nói đã gặp gì.'],
    en: ["The partner's profile cannot be read", 'Check the address and their server; `reason` says what happened.'],
  },
  'partner-fingerprint-mismatch': {
    status: 409,
    vi: [
      'Dấu vân tay không thuộc khóa nào của đối tác',
      'So với văn bản ký kết; đừng dùng dấu vân tay do máy chủ đọc cho.',
    ],
    en: [
      'The fingerprint belongs to none of the partner’s keys',
      'Compare with the signed agreement; never take it from the server itself.',
    ],
  },
  'partner-is-ourselves': {
    status: 409,
    vi: ['Đây là chính sàn này', 'Nhập địa chỉ của sàn đối tác.'],
    en: ['This is our own exchange', 'Give the address of the partner.'],
  },
  'partner-key-taken': {
    status: 409,
    vi: ['Khóa hoặc địa chỉ này đã thuộc một đối tác khác', 'Xem `npm run cli -- partner:list`.'],
    en: ['Another partner has this key or address', 'See `npm run cli -- partner:list`.'],
  },
  'partner-adapter-unknown': {
    status: 422,
    vi: ['Không có bộ đọc cho hệ thống này', 'Chọn một trong các loại ghi ở `federation/README.md`.'],
    en: ['There is no adapter of this kind', 'Take one of those that `federation/README.md` names.'],
  },
  'partner-settings-wrong': {
    status: 422,
    vi: ['Thiết lập không đúng với loại đối tác này', 'Sửa mục mà `reason` nêu rồi gửi lại.'],
    en: ['The settings are not what this kind of partner needs', 'Correct what `reason` names and send them again.'],
  },
  'partner-secret-unknown': {
    status: 422,
    vi: ['Loại đối tác này không dùng khóa bí mật tên đó', 'Chỉ gửi các tên trong `declared`.'],
    en: ['This kind of partner uses no secret of that name', 'Give only those that `declared` names.'],
  },
  'partner-address-wrong': {
    status: 422,
    vi: ['Địa chỉ đối tác không dùng được', 'Nhập địa chỉ https đầy đủ, không kèm tên người dùng hay mật khẩu.'],
    en: ['The address of the partner cannot be used', 'Give a whole https address, without user name or password.'],
  },
  'partner-is-native': {
    status: 409,
    vi: ['Đối tác này đã ghim khóa của giao thức chung', 'Đặt tên khác, hoặc giới thiệu lại bằng `--fingerprint`.'],
    en: ['This partner has a pinned key of our protocol', 'Take another name, or introduce it by `--fingerprint`.'],
  },
  'partner-not-promoted': {
    status: 409,
    vi: ['Đối tác chưa đi hết các bước', 'Làm lần lượt từng bước; cho vào hẳn phải do hai cán bộ duyệt.'],
    en: ['The partner has not taken all steps', 'Go step by step; two officers let it in at the end.'],
  },
  'partner-state-forbids': {
    status: 409,
    vi: ['Bước này chưa đến lượt', '`from` là trạng thái hiện nay; xem đối tác còn thiếu gì rồi làm lần lượt.'],
    en: ['This step is not next', '`from` is the state now; see what the partner still lacks and go step by step.'],
  },
  'quarantine-not-found': {
    status: 404,
    vi: ['Không có bản ghi cách ly này', 'Xem danh sách bằng `npm run cli -- partner:quarantine --key …`.'],
    en: ['There is no such quarantined record', 'See the list with `npm run cli -- partner:quarantine --key …`.'],
  },
  'quarantine-cut': {
    status: 409,
    vi: ['Bản ghi quá dài nên không giữ đủ để đọc lại', 'Chờ đối tác gửi lại, hoặc kéo lại từ đầu.'],
    en: ['The record was too long to be kept whole', 'Wait until the partner sends it again, or pull anew.'],
  },
  'partner-listing-not-found': {
    status: 404,
    vi: ['Không có mặt hàng này của sàn đối tác', 'Dán địa chỉ ocop://… hoặc đường dẫn của mặt hàng.'],
    en: ['There is no such listing of a partner', 'Paste its ocop://… address or the link of its page.'],
  },
  'twins-not-found': {
    status: 404,
    vi: ['Không có hai mặt hàng này', 'Tải lại danh sách hàng trùng; có thể một mặt hàng đã thôi hiện.'],
    en: ['There are no such two listings', 'Reload the list; one of them may be shown no longer.'],
  },
  'partner-not-active': {
    status: 409,
    vi: ['Sàn đối tác này đang không được kết nối', 'Mở lại kết nối trước, rồi thử lấy dữ liệu.'],
    en: ['This partner is not connected now', 'Connect it again first, then try to pull.'],
  },
  'partner-reason-required': {
    status: 422,
    vi: ['Thiếu lý do', 'Ghi lý do; nhật ký giữ lại lý do này.'],
    en: ['The reason is missing', 'Give the reason; the log keeps it.'],
  },
  'overlay-category-unknown': {
    status: 422,
    vi: ['Không có bộ sản phẩm này', 'Chọn một bộ sản phẩm trong danh sách.'],
    en: ['There is no such product set', 'Choose one of the list.'],
  },
  'partner-not-ready': {
    status: 409,
    vi: ['Đối tác chưa có địa chỉ và khóa', 'Chạy `partner:add --url … --fingerprint …` trước.'],
    en: ['The partner has no address and key yet', 'Run `partner:add --url … --fingerprint …` first.'],
  },
});
