import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type FileId = Id<'StoredFile'>;
/** A picture is shown to everybody once it is published; a document is seen by its owner and the staff alone. */
export const FILE_KINDS = ['picture', 'document'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** Files by key, wherever they lie: a folder, an object store. `read` is undefined when there is none. */
export type FileStore = {
  write(key: string, bytes: Buffer): Promise<void>;
  read(key: string): Promise<Buffer | undefined>;
  remove(key: string): Promise<void>;
};

/** What somebody sends: the bytes and the name on their disk, neither of them trusted. */
export type Upload = { readonly bytes: Buffer; readonly name: string };

export type StoredFile = {
  readonly fileId: FileId;
  readonly kind: FileKind;
  /** What the bytes are, read from the bytes. */
  readonly mediaType: string;
  /** As it was called by whoever sent it, cleaned; shown, never used as a path. */
  readonly name: string;
  readonly byteLength: number;
  readonly sha256: string;
};

export const fileProblems = defineProblems({
  'file-not-found': {
    status: 404,
    vi: ['Không có tập tin này', 'Tải lại trang để xem danh sách hiện tại.'],
    en: ['There is no such file', 'Reload the page to see the current list.'],
  },
  'file-type-refused': {
    status: 415,
    vi: ['Không nhận loại tập tin này', 'Gửi ảnh JPEG, PNG, WebP hoặc giấy tờ PDF.'],
    en: ['This type of file is not taken', 'Send a JPEG, PNG or WebP picture, or a PDF document.'],
  },
  'file-too-large': {
    status: 413,
    vi: ['Tập tin quá lớn', 'Gửi ảnh tối đa 20 MB, giấy tờ tối đa 10 MB.'],
    en: ['The file is too large', 'Send a picture of at most 20 MB or a document of at most 10 MB.'],
  },
  'archive-unreadable': {
    status: 422,
    vi: ['Không đọc được tập tin Excel này', 'Mở lại bằng Excel, chọn Lưu thành .xlsx không đặt mật khẩu, rồi gửi.'],
    en: ['This workbook cannot be read', 'Open it in Excel, save it as .xlsx without a password, and send it again.'],
  },
  'archive-bomb': {
    status: 413,
    vi: ['Tập tin nén bung ra quá lớn', 'Chia thành nhiều tập tin nhỏ, bỏ các trang tính và ảnh không cần.'],
    en: ['The packed file unpacks to too much', 'Split it, and leave out sheets and pictures that are not needed.'],
  },
  'workbook-active': {
    status: 422,
    vi: [
      'Tập tin Excel có macro hoặc liên kết ra ngoài',
      'Lưu thành .xlsx thường, dán giá trị thay cho liên kết, rồi gửi.',
    ],
    en: ['The workbook has macros or links to elsewhere', 'Save it as a plain .xlsx with values in place of links.'],
  },
});
