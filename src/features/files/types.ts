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
});
