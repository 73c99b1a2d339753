import type { ProblemCatalogue } from '#core/problem.ts';

/** What finance's desk refuses: files that say something else than the books, and decisions that need another pair of eyes. */
export const reconcilingProblems = {
  'statement-unreadable': {
    status: 422,
    vi: ['Không đọc được sao kê', 'Gửi CSV có cột ngày, số tham chiếu, ghi có, ghi nợ và nội dung.'],
    en: ['The statement cannot be read', 'Send a CSV with date, reference, credit, debit and description.'],
  },
  'statement-known': {
    status: 409,
    vi: ['Sao kê này đã được nhập', 'Xem kết quả lần nhập trước; nhập lại không thay đổi gì.'],
    en: ['This statement was imported before', 'See what came of it; importing it again changes nothing.'],
  },
  'bank-reference-required': {
    status: 422,
    vi: ['Cần mã giao dịch của ngân hàng', 'Nhập mã tham chiếu trên biên lai chuyển tiền.'],
    en: ['The bank’s reference is needed', 'Give the reference on the receipt of the transfer.'],
  },
  'money-four-eyes': {
    status: 409,
    vi: ['Người đề xuất không tự duyệt', 'Nhờ một cán bộ tài chính khác duyệt.'],
    en: ['Whoever proposed cannot approve', 'Ask another officer of finance to approve.'],
  },
  'money-reason-required': {
    status: 422,
    vi: ['Cần ghi lý do', 'Ghi vài chữ để người duyệt và kiểm toán hiểu, tối đa 500 ký tự.'],
    en: ['A reason is needed', 'Write a few words for the one who approves and for auditors, 500 characters at most.'],
  },
  'proposal-open': {
    status: 409,
    vi: ['Đã có đề xuất đang chờ duyệt', 'Duyệt hoặc rút đề xuất đó trước.'],
    en: ['Something is proposed for it already', 'Approve that or take it back first.'],
  },
  'proposal-not-found': {
    status: 404,
    vi: ['Không có đề xuất này', 'Tải lại trang đối soát.'],
    en: ['There is no such proposal', 'Reload the page of reconciliation.'],
  },
  'proposal-decided': {
    status: 409,
    vi: ['Đề xuất này đã được quyết định', 'Tải lại trang để xem kết quả.'],
    en: ['This has been decided', 'Reload the page to see how.'],
  },
  'provider-file-unreadable': {
    status: 422,
    vi: [
      'Không đọc được tập tin quyết toán',
      'Gửi CSV của cổng thanh toán, có cột loại, mã giao dịch, số tiền và phí; dòng sai nêu trong line.',
    ],
    en: [
      'The settlement file cannot be read',
      'Send the provider’s CSV with type, transaction, amount and fee; `line` names the line that is wrong.',
    ],
  },
  'provider-payout-reference': {
    status: 422,
    vi: ['Chưa ghi mã đợt chuyển tiền của cổng', 'Ghi mã như trong báo cáo của cổng, ví dụ po_1QX.'],
    en: ['The provider’s name for this payout is missing', 'Give it as the provider’s report has it, such as po_1QX.'],
  },
  'provider-net-differs': {
    status: 409,
    vi: [
      'Tập tin không khớp số tiền về',
      'Tổng tiền trừ phí trong tập tin phải đúng bằng khoản chuyển này; kiểm tra lại đợt.',
    ],
    en: [
      'The file is not of this transfer',
      'Its amounts less its fees must be the transfer exactly; check which payout it is.',
    ],
  },
  'provider-lines-differ': {
    status: 409,
    vi: [
      'Có dòng không khớp sổ của sàn',
      'Xem từng dòng trong lines; hỏi lại cổng hoặc chờ giao dịch đó được ghi rồi nhập lại.',
    ],
    en: [
      'Lines differ from the books of the exchange',
      '`lines` names each; ask the provider, or import it again when the payment is known.',
    ],
  },
  'provider-lines-settled': {
    status: 409,
    vi: [
      'Giao dịch đã nằm trong một đợt khác',
      'Mỗi giao dịch chỉ được quyết toán một lần; các mã nêu trong references.',
    ],
    en: ['Transactions are in another settlement', 'Each is passed on once; `references` names them.'],
  },
} as const satisfies ProblemCatalogue;
