import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type CertificateId = Id<'Certificate'>;
/** A decision of an authority that was sent as a list of products. */
export type ImportId = Id<'CertificateImport'>;
export const CERTIFICATE_KINDS = ['ocop', 'gi', 'vietgap', 'organic', 'food-safety'] as const;
export type CertificateKind = (typeof CERTIFICATE_KINDS)[number];
/** Kinds that are shown by their name; OCOP is shown by its stars. */
export const NAMED_KINDS = ['gi', 'vietgap', 'organic', 'food-safety'] as const;
export type NamedKind = (typeof NAMED_KINDS)[number];
export const CERTIFICATE_STATES = ['submitted', 'verified', 'expired', 'revoked', 'rejected'] as const;
export type CertificateState = (typeof CERTIFICATE_STATES)[number];
/** What anybody may know of: what was once verified. */
export const PUBLIC_STATES = ['verified', 'expired', 'revoked'] as const;

/**
 * Why a certificate was taken back. The first six are the grounds of Decision 26/2026/QĐ-TTg art. 8, which need the
 * authority's decision; their wording is ours and is to be compared with the signed text. `recorded-in-error` is the
 * exchange's own correction: what was entered never stood on the paper.
 */
export const REVOCATION_CAUSES = [
  'fraud',
  'criteria-lost',
  'safety-violation',
  'mark-misused',
  'inspection-refused',
  'ceased',
  'recorded-in-error',
] as const;
export type RevocationCause = (typeof REVOCATION_CAUSES)[number];

/** What the officer says to have looked at with their own eyes before a certificate is verified. */
export const CHECKLIST = ['evidence-read', 'number-on-paper', 'holder-on-paper', 'product-on-paper'] as const;
export type CheckItem = (typeof CHECKLIST)[number];

/** What is entered of a certificate. Dates are days in Vietnam, `YYYY-MM-DD`. */
export type Submission = {
  readonly kind: CertificateKind;
  readonly issuer: string;
  readonly decisionNumber: string;
  readonly issuedOn: string;
  /** OCOP alone has stars. */
  readonly star: number | null;
  /** The last day on which it holds, as it stands on the paper. Null: by the law's table, or without end. */
  readonly expiresOn: string | null;
};

/** Of the copy of a paper: what the file store takes as a document. */
export const maxEvidenceBytes = 10 * 1_048_576;

/** How the machine found one thing about a submission; `unsure` is for the officer to look at. */
export const CHECK_OUTCOMES = ['passed', 'unsure', 'failed'] as const;
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number];
export const MACHINE_CHECKS = ['issuer', 'number', 'duplicates', 'holder', 'evidence', 'dates'] as const;
export type MachineCheck = {
  readonly check: (typeof MACHINE_CHECKS)[number];
  readonly outcome: CheckOutcome;
  /** Codes of other certificates that the outcome speaks of. */
  readonly codes: readonly string[];
};

export const certificateProblems = defineProblems({
  'certificate-not-found': {
    status: 404,
    vi: ['Không có chứng nhận mang mã này', 'Kiểm tra lại mã in cạnh sao trên trang sản phẩm.'],
    en: ['No certificate has this code', 'Check the code printed beside the stars on the product page.'],
  },
  'decision-already-recorded': {
    status: 409,
    vi: ['Quyết định này đã ghi cho sản phẩm', 'Mỗi quyết định chỉ ghi một lần cho một sản phẩm.'],
    en: ['This decision is already recorded for the product', 'A decision is recorded once for each product.'],
  },
  'certificate-not-submitted': {
    status: 409,
    vi: ['Chứng nhận không còn chờ thẩm tra', 'Tải lại để xem trạng thái hiện tại.'],
    en: ['The certificate no longer waits for verification', 'Reload to see its current state.'],
  },
  'certificate-not-in-force': {
    status: 409,
    vi: ['Chứng nhận không còn hiệu lực', 'Chỉ thu hồi được chứng nhận đang có hiệu lực. Tải lại để xem trạng thái.'],
    en: ['The certificate is not in force', 'Only one in force can be revoked. Reload to see its state.'],
  },
  'certificate-four-eyes': {
    status: 409,
    vi: ['Người nhập không được tự thẩm tra', 'Nhờ một cán bộ thẩm tra khác xem hồ sơ này.'],
    en: ['Whoever entered it may not verify it', 'Ask another certifier to look at it.'],
  },
  'certificate-from-the-future': {
    status: 422,
    vi: ['Ngày quyết định nằm trong tương lai', 'Nhập ngày ký trên quyết định.'],
    en: ['The decision is dated in the future', 'Enter the date of signature on the decision.'],
  },
  'certificate-date-invalid': {
    status: 422,
    vi: ['Ngày không có trên lịch', 'Nhập ngày như 15/09/2026.'],
    en: ['There is no such day', 'Enter a day like 2026-09-15.'],
  },
  'certificate-lapsed': {
    status: 422,
    vi: ['Giấy này đã hết hạn', 'Gửi giấy còn hiệu lực; sản phẩm vẫn bán được khi chưa có.'],
    en: ['This certificate has lapsed', 'Send one in force; the product can be sold meanwhile.'],
  },
  'certificate-expiry-invalid': {
    status: 422,
    vi: [
      'Ngày hết hạn chưa đúng',
      'Nhập ngày hết hạn in trên giấy: sau ngày cấp và không quá thời hạn của loại giấy này.',
    ],
    en: [
      'The day of expiry is not right',
      'Enter it as on the paper: after the issue, and within the longest life of this kind.',
    ],
  },
  'decision-number-invalid': {
    status: 422,
    vi: ['Số quyết định không đúng mẫu', 'Nhập đúng như trên giấy, ví dụ 1693/QĐ-UBND.'],
    en: ['The decision number has the wrong form', 'Enter it as on the paper, like 1693/QĐ-UBND.'],
  },
  'certificate-issuer-invalid': {
    status: 422,
    vi: ['Chưa rõ cơ quan cấp', 'Ghi tên cơ quan như trên giấy, ví dụ UBND thành phố Cần Thơ.'],
    en: [
      'It is not clear who issued it',
      'Give the name of the authority as on the paper, like UBND thành phố Cần Thơ.',
    ],
  },
  'issuer-not-competent': {
    status: 422,
    vi: [
      'Cơ quan này không cấp hạng sao đó vào ngày ký',
      '3 sao: cấp huyện đến 30/06/2025, sau đó cấp tỉnh. 4 sao: cấp tỉnh. 5 sao: Bộ.',
    ],
    en: [
      'This authority did not award that rank on that day',
      '3 stars: the district to 30 June 2025, then the province. 4 stars: the province. 5 stars: the ministry.',
    ],
  },
  'star-invalid': {
    status: 422,
    vi: ['Hạng sao không hợp lệ', 'Chứng nhận OCOP có 3, 4 hoặc 5 sao; loại giấy khác không có sao.'],
    en: ['The star rank is not valid', 'An OCOP certificate has 3, 4 or 5 stars; other kinds have none.'],
  },
  'score-outside-star': {
    status: 422,
    vi: ['Điểm không khớp hạng sao', '3 sao: từ 50 đến dưới 70 điểm. 4 sao: từ 70 đến dưới 90. 5 sao: từ 90 đến 100.'],
    en: ['The score does not fit the stars', '3 stars: 50 to below 70. 4 stars: 70 to below 90. 5 stars: 90 to 100.'],
  },
  'evidence-required': {
    status: 422,
    vi: ['Thiếu bản chụp giấy chứng nhận', 'Chụp hoặc quét quyết định, giấy chứng nhận rồi gửi kèm.'],
    en: ['A copy of the certificate is missing', 'Photograph or scan the decision and send it along.'],
  },
  'checklist-incomplete': {
    status: 422,
    vi: ['Chưa đánh dấu đủ các mục đã kiểm', 'Xem bản giấy, đánh dấu từng mục rồi mới xác nhận.'],
    en: ['The checklist is not complete', 'Look at the paper and tick each item before verifying.'],
  },
  'verdict-reason-required': {
    status: 422,
    vi: ['Chưa ghi lý do', 'Ghi rõ lý do, ít nhất 10 chữ cái, để cơ sở biết phải làm gì.'],
    en: ['The reason is missing', 'Say why in at least 10 letters, so that the business knows what to do.'],
  },
  'certificate-import-not-found': {
    status: 404,
    vi: ['Không có danh sách này', 'Tải lại để xem các danh sách đã gửi.'],
    en: ['There is no such list', 'Reload to see the lists that were sent.'],
  },
  'certificate-import-confirmed': {
    status: 409,
    vi: ['Danh sách này đã xác nhận', 'Sửa từng chứng nhận ở trang thẩm tra, hoặc gửi danh sách mới.'],
    en: ['This list is confirmed', 'Change single certificates on their pages, or send a new list.'],
  },
  'certificate-import-not-confirmed': {
    status: 409,
    vi: ['Danh sách này chưa xác nhận', 'Người gửi phải xem lại và xác nhận trước.'],
    en: ['This list is not confirmed', 'Whoever sent it must look at it and confirm it first.'],
  },
  'decision-sheet-required': {
    status: 422,
    vi: ['Thiếu danh sách sản phẩm', 'Chọn tập tin Excel (.xlsx) hoặc CSV.'],
    en: ['The list of products is missing', 'Choose an Excel file (.xlsx) or a CSV.'],
  },
  'decision-sheet-unreadable': {
    status: 422,
    vi: [
      'Không đọc được danh sách',
      'Dòng tiêu đề cần có mã hàng, mã vạch hoặc tên sản phẩm, và hạng sao. Tải mẫu để điền.',
    ],
    en: [
      'The list cannot be read',
      'Its headings need SKU, barcode or product name, and the stars. Download the template.',
    ],
  },
  'decision-sheet-too-long': {
    status: 422,
    vi: ['Danh sách quá dài', 'Một quyết định ghi tối đa 2.000 sản phẩm; hãy tách ra.'],
    en: ['The list is too long', 'A decision holds 2,000 products at most; split it.'],
  },
  'decision-nothing-new': {
    status: 422,
    vi: ['Không có dòng nào để ghi', 'Xem từng nhóm: chọn sản phẩm cho dòng chưa rõ, sửa dòng sai rồi gửi lại.'],
    en: [
      'No line can be recorded',
      'Look at each group: choose products where it is unclear, mend the list and send it again.',
    ],
  },
  'keys-rotated-lately': {
    status: 409,
    vi: ['Khóa ký vừa được thay', 'Chờ 24 giờ từ khi khóa mới bắt đầu ký rồi thay lần nữa.'],
    en: ['The signing key was renewed lately', 'Wait until 24 hours after the new key began to sign.'],
  },
  'revocation-incomplete': {
    status: 422,
    vi: ['Thiếu quyết định thu hồi', 'Ghi căn cứ, số và ngày của quyết định thu hồi; ngày không sau hôm nay.'],
    en: ['The decision to revoke is missing', 'Give its ground, number and date; the date is not after today.'],
  },
});
