import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type FileId = Id<'StoredFile'>;
/** A picture is shown to everybody once it is published; a document is seen by its owner and the staff alone. */
export const FILE_KINDS = ['picture', 'document'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** `sending` until the bytes lie in the store, `removed` until they have left it. */
export const FILE_STATES = ['sending', 'kept', 'removed'] as const;

/** Files by key, wherever they lie: a folder, an object store. `read` is undefined when there is none. */
export type FileStore = {
  write(key: string, bytes: Buffer): Promise<void>;
  read(key: string): Promise<Buffer | undefined>;
  remove(key: string): Promise<void>;
};

/** What a picture turned out to be once it was decoded; its sides as it is held. */
export type PictureFacts = { readonly width: number; readonly height: number; readonly colour: string };
export type PictureLook =
  | (PictureFacts & { readonly format: 'jpeg' | 'png' | 'webp' })
  | { readonly refused: 'unreadable' | 'animated' }
  | {
      readonly refused: 'dimensions';
      readonly width: number;
      readonly height: number;
      readonly maxSide: number;
      readonly maxPixels: number;
    };
export type RenditionFormat = 'avif' | 'webp';
/** A size of a picture, and where its bytes lie. */
export type Rendition = { readonly format: RenditionFormat; readonly width: number; readonly key: string };
export type MadeRendition = { readonly format: RenditionFormat; readonly width: number; readonly bytes: Buffer };

/** Decodes what strangers sent, apart from this process. */
export type Imaging = {
  /** Decodes the whole picture; says what it is, or why it cannot be shown. Never throws for what is in the bytes. */
  look(bytes: Buffer): Promise<PictureLook>;
  /** The picture at these widths, never wider than it is, with nothing of the file but its pixels. Throws when it cannot. */
  render(bytes: Buffer, widths: readonly number[]): Promise<readonly MadeRendition[]>;
  /** Text and pictures on one ground, as JPEG. Throws when it cannot. */
  draw(card: Card): Promise<Buffer>;
  close(): void;
};

/** A line of a card; `fontFile` is a TrueType file, `font` the name of the face in it. Long lines are broken. */
export type CardText = {
  readonly text: string;
  readonly font: string;
  readonly fontFile: string;
  readonly size: number;
  readonly colour: string;
};
type Place = { readonly left: number; readonly top: number; readonly width: number };
export type Card = {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  /** Cut to fill their places; all of them ours, SVG among them. */
  readonly pictures: readonly (Place & { readonly bytes: Buffer; readonly height: number })[];
  /** Lines below each other; what would reach below `bottom` is left out. */
  readonly columns: readonly (Place & {
    readonly bottom: number;
    readonly gap: number;
    readonly texts: readonly CardText[];
  })[];
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
  /** Null where it is no picture. */
  readonly picture: PictureFacts | null;
};

/** Bytes that may be shown: made here, from the pixels of what was sent. */
export type ShownPicture = { readonly type: string; readonly bytes: Buffer; readonly final: boolean };

export const fileProblems = defineProblems({
  'file-not-found': {
    status: 404,
    vi: ['Không có tập tin này', 'Tải lại trang để xem danh sách hiện tại.'],
    en: ['There is no such file', 'Reload the page to see the current list.'],
  },
  'business-not-chosen': {
    status: 422,
    vi: ['Chưa rõ tập tin của cơ sở nào', 'Gửi businessId là một cơ sở mà bạn quản lý.'],
    en: ['It is not said whose file it is', 'Send businessId: one of the businesses that you manage.'],
  },
  'file-type-refused': {
    status: 415,
    vi: ['Không nhận loại tập tin này', 'Gửi ảnh JPEG, PNG, WebP hoặc giấy tờ PDF.'],
    en: ['This type of file is not taken', 'Send a JPEG, PNG or WebP picture, or a PDF document.'],
  },
  'file-empty': {
    status: 422,
    vi: ['Tập tin rỗng', 'Mở thử tập tin trên máy của bạn, rồi chọn lại và gửi.'],
    en: ['The file is empty', 'Open it on your own machine, then choose it again and send it.'],
  },
  'file-incomplete': {
    status: 422,
    vi: ['Tập tin bị hỏng hoặc thiếu', 'Mở thử tập tin; nếu xem được thì lưu lại thành tập tin mới rồi gửi.'],
    en: ['The file is damaged or was cut', 'Open it; if it can be seen, save it anew and send that.'],
  },
  'picture-animated': {
    status: 422,
    vi: ['Không nhận ảnh động', 'Chụp màn hình một cảnh, hoặc gửi ảnh chụp thường.'],
    en: ['Moving pictures are not taken', 'Send one still of it, or a photograph.'],
  },
  'picture-dimensions': {
    status: 422,
    vi: ['Ảnh có quá nhiều điểm ảnh', 'Thu nhỏ còn tối đa 12.000 điểm mỗi cạnh và 52 triệu điểm cả ảnh.'],
    en: ['The picture has too many pixels', 'Shrink it to 12,000 pixels a side and 52 million in all at the most.'],
  },
  'storage-unavailable': {
    status: 503,
    vi: ['Chưa cất được tập tin', 'Giữ tập tin và gửi lại sau vài phút; chưa có gì được lưu.'],
    en: ['The file could not be stored', 'Keep it and send it again in a few minutes; nothing was stored.'],
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
