import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';
import type { PublicJwk } from '#federation/protocol/keys.ts';
import { PEER_PROBLEMS } from '#federation/protocol/problems.ts';

export type QuarantineId = Id<'Quarantine'>;
export type RecallId = Id<'Recall'>;
export type ReferralId = Id<'Referral'>;
/** `sent`: a shopper of ours to a partner; `received`: one of a partner's to us. */
export const REFERRAL_DIRECTIONS = ['sent', 'received'] as const;
export type ReferralDirection = (typeof REFERRAL_DIRECTIONS)[number];
/** An authority had the goods taken down, or a decision on their stars no longer counts. */
/** Jobs that follow the orders that our shoppers have at a partner: it has said that some moved. */
export const ORDER_NEWS_QUEUE = 'exchange-orders.news';

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
export const CONFORMANCE_LEVELS = ['bronze', 'silver', 'gold'] as const;
export type ConformanceLevel = (typeof CONFORMANCE_LEVELS)[number];
/** What the kit writes into `result.signed.json`: signed is the canonical form of the payload. */
export type SignedResult = {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly signature: { readonly jwk: PublicJwk; readonly keyid: string; readonly value: string };
};
export const REVIEW_VERDICTS = ['fit', 'unfit'] as const;
export type ReviewVerdict = (typeof REVIEW_VERDICTS)[number];
export const PROMOTION_OUTCOMES = ['approved', 'refused'] as const;
export type PromotionOutcome = (typeof PROMOTION_OUTCOMES)[number];
export type InvitationId = Id<'Invitation'>;
export type MappingReviewId = Id<'MappingReview'>;
export type PromotionId = Id<'Promotion'>;
export const LANE_STATES = ['ok', 'failed', 'held'] as const;

export const federationProblems = defineProblems({
  ...PEER_PROBLEMS,
  'partner-not-found': {
    status: 404,
    vi: ['Không có sàn đối tác này', 'Mở mục Sàn đối tác, hoặc dùng lệnh `partner:list`, để xem danh sách.'],
    en: ['There is no such partner', 'See the list of partners, or `partner:list`.'],
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
    vi: ['Khóa hoặc địa chỉ này đã thuộc một đối tác khác', 'Tìm đối tác ấy trong danh sách, rồi so lại văn bản.'],
    en: ['Another partner has this key or address', 'Find it in the list and compare the agreement.'],
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
  'node-key-changing': {
    status: 409,
    vi: ['Khóa của sàn đang được thay', 'Chờ đến hết `until`: hai khóa cùng có giá trị cho đến lúc đó.'],
    en: ['The key of this exchange is being changed', 'Wait until `until`: both keys count until then.'],
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
  'partner-fingerprint-invalid': {
    status: 422,
    vi: ['Dấu vân tay không đúng dạng', 'Chép đủ 43 ký tự như in trong thỏa thuận.'],
    en: ['This is no fingerprint', 'Copy all 43 characters as the agreement prints them.'],
  },
  'agreement-incomplete': {
    status: 422,
    vi: ['Thiếu tên pháp nhân', 'Chép tên pháp nhân như văn bản đã ký.'],
    en: ['The legal entity is missing', 'Copy its name from the signed agreement.'],
  },
  'partner-domain-invalid': {
    status: 422,
    vi: ['Tên miền không đúng dạng', 'Chỉ nhập tên miền của sàn bạn, như san.angiang.example.'],
    en: ['This is no domain', 'Give only the domain of their exchange, such as san.angiang.example.'],
  },
  'invitation-unknown': {
    status: 403,
    vi: ['Mã mời không đúng', 'Nhập đúng mã của sàn đã mời; mã gắn với khóa ghi trong thỏa thuận.'],
    en: [
      'The invitation code is wrong',
      'Send the code that this exchange gave; it belongs to the key of the agreement.',
    ],
  },
  'invitation-expired': {
    status: 410,
    vi: ['Mã mời đã hết hạn', 'Mã dùng được 72 giờ; xin sàn mời một mã mới.'],
    en: ['The invitation has expired', 'A code lives for 72 hours; ask this exchange for another one.'],
  },
  'invitation-used': {
    status: 409,
    vi: ['Mã mời đã dùng rồi', 'Mỗi mã chỉ dùng một lần; xem trạng thái ở /federation/v1/health.'],
    en: ['The invitation was used before', 'A code is good for once; see /federation/v1/health for how you stand.'],
  },
  'challenge-failed': {
    status: 502,
    vi: [
      'Sàn đối tác không trả lời được câu hỏi thử',
      '`reason` nói đã gặp gì; sửa rồi gửi lại, mã mời vẫn còn dùng được.',
    ],
    en: [
      'The partner did not meet the challenge',
      '`reason` says what happened; mend it and try again, the code is still good.',
    ],
  },
  'partner-key-revoked': {
    status: 409,
    vi: ['Khóa này đã bị hủy', 'Cần khóa mới theo thỏa thuận bổ sung; khóa đã hủy không dùng lại được.'],
    en: ['This key was revoked', 'A new key by a new agreement is needed; a revoked one never counts again.'],
  },
  'partner-key-unknown': {
    status: 404,
    vi: ['Đối tác không có khóa này', 'Xem các khóa đang dùng ở trang của đối tác.'],
    en: ['The partner has no such key', 'See the keys in use on the page of the partner.'],
  },
  'conformance-not-genuine': {
    status: 422,
    vi: [
      'Kết quả kiểm thử không do khóa của đối tác ký',
      'Dùng nguyên tệp result.signed.json, ký bằng khóa ghi trong thỏa thuận.',
    ],
    en: [
      'The result is not signed by the partner’s key',
      'Take result.signed.json as it is, signed by the key of the agreement.',
    ],
  },
  'conformance-not-reached': {
    status: 422,
    vi: ['Kết quả kiểm thử chưa đạt', '`reason` nói thiếu gì; sửa rồi chạy lại bộ kiểm thử.'],
    en: ['The result is not enough', '`reason` says what is missing; mend it and run the kit again.'],
  },
  'partner-not-read': {
    status: 409,
    vi: ['Chưa đọc xong hàng của đối tác', 'Chờ đọc xong cả hai luồng, hoặc bấm “Thử lấy ngay” ở trang của sàn này.'],
    en: ['The partner was not read to the end yet', 'Wait until both lanes were read, or press “Try now” on its page.'],
  },
  'mapping-review-not-found': {
    status: 404,
    vi: ['Không có mục soát này', 'Tải lại trang soát hàng mẫu.'],
    en: ['There is no such item to judge', 'Load the review again.'],
  },
  'review-unfinished': {
    status: 409,
    vi: ['Chưa soát xong hàng mẫu', 'Soát đủ mọi mục; quá một phần mười không hợp thì sửa cách đọc rồi lấy mẫu mới.'],
    en: [
      'The review is not finished',
      'Judge every item; with more than a tenth unfit, mend the mapping and draw a new sample.',
    ],
  },
  'probation-too-short': {
    status: 409,
    vi: ['Chưa đủ thời gian chạy thử', 'Đối tác chạy thử 14 ngày; `until` nói đến khi nào.'],
    en: ['The probation is not over', 'It lasts 14 days; `until` says when it ends.'],
  },
  'promotion-open': {
    status: 409,
    vi: ['Đã có đề nghị đang chờ duyệt', 'Duyệt hoặc không duyệt đề nghị ấy trước.'],
    en: ['A proposal is waiting already', 'Decide about that one first.'],
  },
  'promotion-not-found': {
    status: 404,
    vi: ['Không có đề nghị nào đang chờ', 'Tải lại trang; có thể người khác đã quyết định.'],
    en: ['No proposal is waiting', 'Reload the page; somebody else may have decided.'],
  },
  'promotion-four-eyes': {
    status: 403,
    vi: ['Người đề nghị không tự duyệt được', 'Nhờ một cán bộ khác duyệt.'],
    en: ['Who proposed it may not approve it', 'Ask another officer to approve it.'],
  },
  'grants-need-two': {
    status: 409,
    vi: ['Một cán bộ chỉ bớt được quyền', 'Muốn thêm quyền thì đề nghị, và một cán bộ khác duyệt.'],
    en: ['One officer may only take verbs away', 'Propose what is to be added; another officer approves it.'],
  },
  'grants-empty': {
    status: 422,
    vi: ['Chưa chọn quyền nào', 'Đánh dấu ít nhất một quyền; muốn dừng hẳn thì tạm ngừng sàn này.'],
    en: ['No verb was chosen', 'Tick at least one; to stop it all, suspend the partner.'],
  },
  'review-note-required': {
    status: 422,
    vi: ['Mặt hàng đánh dấu “sai” phải ghi sai ở đâu', 'Ghi một câu để đối tác biết mà sửa.'],
    en: ['A record that is marked wrong must say what is wrong', 'Write a sentence, so that the partner can mend it.'],
  },
  'confirmation-required': {
    status: 422,
    vi: ['Chưa xác nhận', 'Đọc điều sẽ xảy ra, đánh dấu vào ô xác nhận rồi gửi lại.'],
    en: ['It was not confirmed', 'Read what will happen, tick the box and send it again.'],
  },
  'promotion-level': {
    status: 409,
    vi: [
      'Mức kiểm thử chưa cho phép đặt hàng',
      'Quyền `quote` và `order` cần mức vàng; bỏ các quyền ấy hoặc chờ kết quả mới.',
    ],
    en: [
      'The level reached does not allow orders',
      '`quote` and `order` need gold; leave them out or wait for a new result.',
    ],
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
    vi: ['Đối tác chưa có địa chỉ và khóa', 'Mời họ theo thỏa thuận trước, hoặc dùng lệnh `partner:add`.'],
    en: ['The partner has no address and key yet', 'Invite them by their agreement first, or use `partner:add`.'],
  },
});
