import { CannotStart } from '#config/cannot-start.ts';

/** Why the embedded servers cannot be started. Each is one sentence with what to type, in Vietnamese and English. */
export const noPostgresHere = (platform: string, reason: string): CannotStart =>
  new CannotStart('postgres-missing', {
    vi: `Không có PostgreSQL kèm theo chạy được trên ${platform} (${reason}); hãy cài PostgreSQL từ bản 15 rồi chạy: DATABASE_URL=postgres://người_dùng:mật_khẩu@127.0.0.1:5432/cho_noi npm start`,
    en: `No bundled PostgreSQL runs on ${platform} (${reason}); install PostgreSQL 15 or later and start with: DATABASE_URL=postgres://user:password@127.0.0.1:5432/cho_noi npm start`,
  });

export const diskFull = (folder: string, cause: unknown): CannotStart =>
  new CannotStart(
    'disk-full',
    {
      vi: `Đĩa chứa ${folder} đã đầy (cần khoảng 400 MB trống); hãy dọn đĩa, hoặc đặt dữ liệu ở đĩa khác: DATA_DIR=/đường/dẫn npm start`,
      en: `The disk that holds ${folder} is full (about 400 MB are needed); free some space, or keep the data on another disk: DATA_DIR=/a/path npm start`,
    },
    { cause },
  );

const folderNotWritable = (folder: string, reason: string, cause: unknown): CannotStart =>
  new CannotStart(
    'folder-not-writable',
    {
      vi: `Không ghi được vào thư mục ${folder} (${reason}); hãy đặt dữ liệu ở thư mục của bạn: DATA_DIR=$HOME/cho-noi npm start`,
      en: `The folder ${folder} cannot be written to (${reason}); keep the data in a folder of yours: DATA_DIR=$HOME/cho-noi npm start`,
    },
    { cause },
  );

export const folderClosed = (closed: string, user: string, dataDir: string): CannotStart =>
  new CannotStart('folder-closed', {
    vi: `PostgreSQL không chạy bằng root mà bằng người dùng ${user}, và thư mục ${closed} không cho người dùng ấy đi qua tới ${dataDir}; hãy mở nó (chmod o+x ${closed}) hoặc đặt dữ liệu ở nơi khác: DATA_DIR=/var/lib/cho-noi npm start`,
    en: `PostgreSQL refuses to run as root and runs as ${user}, whom the folder ${closed} does not let through to ${dataDir}; open it (chmod o+x ${closed}) or keep the data elsewhere: DATA_DIR=/var/lib/cho-noi npm start`,
  });

export const noUnprivilegedUser = (): CannotStart =>
  new CannotStart('no-unprivileged-user', {
    vi: 'PostgreSQL không chạy bằng root, mà máy này không có người dùng postgres hay nobody; hãy tạo một: useradd --system postgres',
    en: 'PostgreSQL refuses to run as root and this machine has neither a user postgres nor nobody; create one: useradd --system postgres',
  });

export const alreadyRunning = (dataDir: string, pid: number): CannotStart =>
  new CannotStart('already-running', {
    vi: `Một tiến trình khác (số ${pid}) đang dùng thư mục dữ liệu ${dataDir}; hãy dừng nó (kill ${pid}) hoặc dùng thư mục khác: DATA_DIR=.data-2 PORT=3001 npm start`,
    en: `Another process (${pid}) is using the data folder ${dataDir}; stop it (kill ${pid}) or use another folder: DATA_DIR=.data-2 PORT=3001 npm start`,
  });

export const otherMajor = (folder: string, found: string, ours: number): CannotStart =>
  new CannotStart('other-postgres-major', {
    vi: `Dữ liệu trong ${folder} thuộc PostgreSQL ${found}, mà bản kèm theo là ${ours}; hãy xuất dữ liệu bằng phiên bản cũ (pg_dump) rồi nạp lại, hoặc bắt đầu lại ở thư mục khác: DATA_DIR=.data-${ours} npm start`,
    en: `The data in ${folder} belongs to PostgreSQL ${found} and the bundled one is ${ours}; export it under the old version (pg_dump) and load it again, or start afresh elsewhere: DATA_DIR=.data-${ours} npm start`,
  });

export const postgresFailed = (logFile: string, reason: string): CannotStart =>
  new CannotStart('postgres-failed', {
    vi: `PostgreSQL kèm theo không khởi động được (${reason}); hãy xem ${logFile}`,
    en: `The bundled PostgreSQL did not start (${reason}); see ${logFile}`,
  });

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Turns what the file system refused under `folder` into a sentence; anything else is thrown on as it is. */
export function explainFileError(error: unknown, folder: string): unknown {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder, error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST') {
    return folderNotWritable(folder, code, error);
  }
  return error;
}
