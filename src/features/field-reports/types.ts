import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type FieldReportId = Id<'FieldReport'>;

/** What somebody saw of a business or a product. */
export const REPORT_KINDS = [
  'wrong-origin',
  'fake-certificate',
  'unsafe',
  'hygiene',
  'price',
  'misleading',
  'other',
] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** What an officer decides. `takedown` opens a takedown of the product; `forwarded`: an authority has it now. */
export const REPORT_OUTCOMES = ['no-finding', 'warned', 'takedown', 'forwarded'] as const;
export type ReportOutcome = (typeof REPORT_OUTCOMES)[number];

export const reportProblems = defineProblems({
  'report-not-found': {
    status: 404,
    vi: ['Không tìm thấy phản ánh', 'Kiểm tra mã phản ánh; mã bắt đầu bằng ST và có 12 ký tự.'],
    en: ['There is no such report', 'Check its code; it starts with ST and has 12 characters.'],
  },
  'report-words-missing': {
    status: 422,
    vi: ['Chưa viết gì', 'Viết vài chữ để người đọc hiểu, tối đa 2.000 ký tự.'],
    en: ['The words are missing', 'Write a few words so that the reader understands, 2,000 characters at the most.'],
  },
  'report-contact-missing': {
    status: 422,
    vi: ['Thiếu số điện thoại', 'Nhập số điện thoại của bạn, hoặc đăng nhập. Cơ sở không được biết số này.'],
    en: ['A phone number is missing', 'Enter yours or sign in. The business is never told of it.'],
  },
  'report-photos-full': {
    status: 409,
    vi: ['Đã đủ số ảnh', 'Mỗi phản ánh kèm tối đa 4 ảnh, gửi trong một giờ đầu.'],
    en: ['There are enough photos', 'A report takes four photos, within its first hour.'],
  },
  'report-decided': {
    status: 409,
    vi: ['Phản ánh này đã được kết luận', 'Tải lại để xem kết luận.'],
    en: ['This report has been decided', 'Reload to see what was decided.'],
  },
  'report-of-no-product': {
    status: 409,
    vi: ['Phản ánh này không về một sản phẩm', 'Chỉ gỡ được sản phẩm; chọn kết luận khác.'],
    en: ['This report is not of a product', 'Only products are taken down; decide otherwise.'],
  },
});
