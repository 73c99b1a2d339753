import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';
import type { MemberRole } from '#core/roles.ts';

export type BusinessId = Id<'Business'>;
export const BUSINESS_TYPES = ['cooperative', 'enterprise', 'household', 'cooperative_group', 'farm'] as const;
export type BusinessType = (typeof BUSINESS_TYPES)[number];
export const BUSINESS_STATES = ['draft', 'submitted', 'approved', 'rejected', 'suspended', 'closed'] as const;
export type BusinessState = (typeof BUSINESS_STATES)[number];
export const PAYMENT_METHODS = ['stripe', 'vietqr', 'vnpay'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

/** The steps of an application, in the order in which a phone shows them. Each is saved by itself. */
export const STEPS = ['who', 'where', 'papers', 'bank', 'product', 'preview'] as const;
export type Step = (typeof STEPS)[number];

export const PAPER_KINDS = [
  'registration',
  'personal-id',
  'food-safety',
  'self-declaration',
  'test-report',
  'ocop-decision',
] as const;
export type PaperKind = (typeof PAPER_KINDS)[number];
/** `food`: of those who sell food; whether this business does is what the officer decides. */
export const PAPER_NEEDS = ['required', 'food', 'optional'] as const;
export type PaperNeed = (typeof PAPER_NEEDS)[number];
export const PAPER_VERDICTS = ['waiting', 'accepted', 'refused'] as const;
export type PaperVerdict = (typeof PAPER_VERDICTS)[number];
export type PaperId = Id<'Paper'>;
/** A paper photographed by a phone, or a scan of a few pages. */
export const MAX_PAPER_BYTES = 10_485_760;

export const REVIEW_VERDICTS = ['approved', 'changes-requested', 'rejected'] as const;
export type ReviewVerdict = (typeof REVIEW_VERDICTS)[number];
/** What an officer says of one field, shown beside it: `wardCode`, `papers.registration`. */
export type Remarks = Readonly<Record<string, string>>;

/** What is done to a business against its will or at its wish, with what the law asks of either. */
export const MEASURE_KINDS = ['suspension', 'closure'] as const;
export type MeasureKind = (typeof MEASURE_KINDS)[number];
export const MEASURE_GROUNDS = ['authority', 'notice', 'own-wish'] as const;
export type MeasureGround = (typeof MEASURE_GROUNDS)[number];
export type MeasureId = Id<'Measure'>;

/** Who declares and pays tax on the sales: households by the exchange (Decree 117/2025), unless they declare themselves. */
export const WITHHOLDING_MODES = ['exchange', 'self', 'none'] as const;
export type WithholdingMode = (typeof WITHHOLDING_MODES)[number];

export type InvitationId = Id<'Invitation'>;
/** Roles that an owner can give; `assistant` comes from a household's consent alone. */
export const INVITED_ROLES = ['owner', 'manager', 'packer'] as const satisfies readonly MemberRole[];
export type InvitedRole = (typeof INVITED_ROLES)[number];

export type Bank = { readonly bin: string; readonly name: string };

/** Who acts on a business, as the routes know it. */
export type By = {
  readonly actor: string;
  readonly address?: string | undefined;
  /** The business when an assistant acts for it. */
  readonly onBehalfOf?: BusinessId | undefined;
  /** Of a seller's request: the business that was found to be the caller's own. Row security then hides all others. */
  readonly businessIds?: readonly BusinessId[] | undefined;
};

export const businessProblems = defineProblems({
  'business-not-found': {
    status: 404,
    vi: ['Không có cơ sở này', 'Kiểm tra mã cơ sở; danh sách ở /v1/businesses.'],
    en: ['There is no such business', 'Check the id; /v1/businesses lists them all.'],
  },
  'ward-without-businesses': {
    status: 404,
    vi: ['Chưa có cơ sở nào trên sàn ở xã, phường này', 'Xem các xã, phường có cơ sở ở trang bản đồ (/ban-do).'],
    en: ['Nobody in this ward sells on the exchange yet', 'The map at /en/ban-do shows the wards where somebody does.'],
  },
  'business-closed': {
    status: 410,
    vi: ['Cơ sở đã ngừng hoạt động trên sàn', 'Xem các cơ sở khác ở trang danh sách cơ sở.'],
    en: ['The business has left this exchange', 'Look at the other businesses of the list.'],
  },
  'business-state-forbids': {
    status: 409,
    vi: ['Cơ sở đang ở trạng thái không làm được việc này', 'Tải lại trang để xem trạng thái hiện tại.'],
    en: ['The business is in a state that does not allow this', 'Reload the page to see its state.'],
  },
  'tax-code-invalid': {
    status: 422,
    vi: ['Mã số thuế không đúng', 'Nhập 10 hoặc 13 chữ số đúng số kiểm tra, hoặc số định danh 12 chữ số.'],
    en: [
      'The tax code is not valid',
      'Give 10 or 13 digits with a correct check digit, or the 12-digit personal number.',
    ],
  },
  'tax-code-taken': {
    status: 409,
    vi: ['Mã số thuế này đã có cơ sở trên sàn', 'Hỏi chủ cơ sở mời bạn vào, hoặc gọi cán bộ sàn.'],
    en: ['A business with this tax code exists', 'Ask its owner to invite you, or call the exchange.'],
  },
  'business-name-missing': {
    status: 422,
    vi: ['Chưa có tên', 'Nhập tên cơ sở, từ 2 đến 200 chữ.'],
    en: ['The name is missing', 'Give the name of the business, 2 to 200 characters.'],
  },
  'business-phone-invalid': {
    status: 422,
    vi: ['Số điện thoại không đúng', 'Nhập số di động hoặc số bàn của Việt Nam đang dùng.'],
    en: ['The phone number is not valid', 'Give a Vietnamese mobile or land line number that is in use.'],
  },
  'business-email-invalid': {
    status: 422,
    vi: ['Địa chỉ email không đúng', 'Nhập dạng ten@noi.vn, hoặc để trống.'],
    en: ['The e-mail address is not valid', 'Write it as name@place.vn, or leave it empty.'],
  },
  'business-street-missing': {
    status: 422,
    vi: ['Chưa có số nhà, đường hoặc ấp', 'Nhập nơi đặt cơ sở trong xã, phường.'],
    en: ['The house, street or hamlet is missing', 'Say where in the ward the business is.'],
  },
  'application-incomplete': {
    status: 422,
    vi: ['Hồ sơ còn thiếu', 'Điền các mục được chỉ ra rồi gửi lại; phần đã điền vẫn còn.'],
    en: ['The application is incomplete', 'Fill in what is pointed out and send again; nothing was lost.'],
  },
  'paper-not-found': {
    status: 404,
    vi: ['Không có giấy tờ này', 'Tải lại trang để xem danh sách hiện tại.'],
    en: ['There is no such paper', 'Reload the page to see the current list.'],
  },
  'paper-expired': {
    status: 422,
    vi: ['Giấy tờ đã hết hạn', 'Gửi bản còn hạn.'],
    en: ['The paper has expired', 'Send one that is still valid.'],
  },
  'paper-dates-invalid': {
    status: 422,
    vi: ['Ngày trên giấy tờ không đúng', 'Ngày cấp không sau hôm nay và phải trước ngày hết hạn.'],
    en: ['The dates of the paper are not valid', 'It was issued today at the latest, and before it expires.'],
  },
  'papers-not-accepted': {
    status: 409,
    vi: ['Còn giấy tờ bắt buộc chưa được chấp nhận', 'Xem và kết luận từng giấy tờ trước khi duyệt cơ sở.'],
    en: ['Required papers are not accepted yet', 'Look at each paper and decide on it before you approve.'],
  },
  'business-reason-missing': {
    status: 422,
    vi: ['Chưa có lý do', 'Viết lý do để cơ sở hiểu và làm theo được.'],
    en: ['The reason is missing', 'Say why, so that the business can act on it.'],
  },
  'own-business': {
    status: 403,
    vi: ['Không được duyệt cơ sở của chính mình', 'Nhờ cán bộ khác xem xét.'],
    en: ['Nobody decides on a business of their own', 'Ask another officer.'],
  },
  'measure-invalid': {
    status: 422,
    vi: [
      'Biện pháp chưa đủ căn cứ',
      'Theo yêu cầu của cơ quan: ghi cơ quan, số văn bản và giờ nhận. Trường hợp khác: báo trước ít nhất 5 ngày.',
    ],
    en: [
      'The measure lacks its ground',
      'On an authority’s request: name it, its document and when it came. Otherwise: at least 5 days’ notice.',
    ],
  },
  'measure-not-found': {
    status: 404,
    vi: ['Không có biện pháp này', 'Tải lại trang để xem danh sách hiện tại.'],
    en: ['There is no such measure', 'Reload the page to see the current list.'],
  },
  'holiday-invalid': {
    status: 422,
    vi: ['Ngày nghỉ không đúng', 'Ngày cuối không trước ngày đầu, không trước hôm nay, và nghỉ không quá 90 ngày.'],
    en: ['The holiday is not valid', 'It ends today or later, not before it begins, and lasts at most 90 days.'],
  },
  'bank-account-invalid': {
    status: 422,
    vi: ['Tài khoản ngân hàng không đúng', 'Chọn ngân hàng, nhập số tài khoản 6–19 chữ số và tên chủ tài khoản.'],
    en: ['The bank account is not valid', 'Choose the bank, give the number of 6 to 19 digits and the holder’s name.'],
  },
  'member-not-found': {
    status: 404,
    vi: ['Không có thành viên này', 'Tải lại trang để xem danh sách hiện tại.'],
    en: ['There is no such member', 'Reload the page to see the current list.'],
  },
  'last-owner': {
    status: 409,
    vi: ['Chủ cuối cùng không rời được cơ sở', 'Mời thêm một chủ nữa trước.'],
    en: ['The last owner cannot leave', 'Invite another owner first.'],
  },
  'invitation-not-valid': {
    status: 410,
    vi: ['Lời mời không còn dùng được', 'Nhờ chủ cơ sở gửi lời mời mới.'],
    en: ['The invitation can no longer be used', 'Ask the owner for a new one.'],
  },
  'invitation-not-found': {
    status: 404,
    vi: ['Không có lời mời này', 'Tải lại trang để xem danh sách hiện tại.'],
    en: ['There is no such invitation', 'Reload the page to see the current list.'],
  },
});
