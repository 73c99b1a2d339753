import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type CertificateId = Id<'Certificate'>;
export const CERTIFICATE_KINDS = ['ocop', 'gi', 'vietgap', 'organic', 'food-safety'] as const;
export const CERTIFICATE_STATES = ['submitted', 'verified', 'expired', 'revoked'] as const;

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
  'certificate-from-the-future': {
    status: 422,
    vi: ['Ngày quyết định nằm trong tương lai', 'Nhập ngày ký trên quyết định.'],
    en: ['The decision is dated in the future', 'Enter the date of signature on the decision.'],
  },
  'decision-number-invalid': {
    status: 422,
    vi: ['Số quyết định không đúng mẫu', 'Nhập như 1693/QĐ-UBND.'],
    en: ['The decision number has the wrong form', 'Enter it like 1693/QĐ-UBND.'],
  },
  'star-invalid': {
    status: 422,
    vi: ['Hạng sao không hợp lệ', 'Chứng nhận OCOP chỉ có 3, 4 hoặc 5 sao.'],
    en: ['The star rank is not valid', 'An OCOP certificate has 3, 4 or 5 stars.'],
  },
});
