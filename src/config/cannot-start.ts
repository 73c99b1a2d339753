/**
 * The process cannot start, and the operator can do something about it: one sentence that says what is wrong and one
 * that says what to type, in Vietnamese and English. `main` and the commands print `message` and exit with 1, without
 * a stack: whoever reads it at night has no use for one.
 */
export class CannotStart extends Error {
  override readonly name: string = 'CannotStart';
  /** Kebab-case and never renamed, like the codes of problems. */
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  constructor(code: string, text: { readonly vi: string; readonly en: string }, options?: ErrorOptions) {
    super(`${text.vi}\n${text.en}`, options);
    this.code = code;
    this.vi = text.vi;
    this.en = text.en;
  }
}

const errnoOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** What `listen` failed on, as a sentence; undefined when it is nothing that an operator could have caused. */
export function cannotListen(error: unknown, { host, port }: { host: string; port: number }): CannotStart | undefined {
  const next = port < 65_535 ? port + 1 : 3_000;
  switch (errnoOf(error)) {
    case 'EADDRINUSE':
      return new CannotStart(
        'port-in-use',
        {
          vi: `Cổng ${port} trên ${host} đang có chương trình khác dùng; hãy chọn cổng khác: PORT=${next} npm start`,
          en: `Port ${port} on ${host} is in use by another program; choose another one: PORT=${next} npm start`,
        },
        { cause: error },
      );
    case 'EACCES':
      return new CannotStart(
        'port-not-allowed',
        {
          vi: `Hệ điều hành không cho người dùng này mở cổng ${port}; hãy chọn cổng từ 1024 trở lên: PORT=3000 npm start`,
          en: `This user may not open port ${port}; choose one from 1024 up: PORT=3000 npm start`,
        },
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CannotStart(
        'host-unknown',
        {
          vi: `Máy này không có địa chỉ ${host}; hãy dùng HOST=127.0.0.1 (chỉ máy này) hoặc HOST=0.0.0.0 (mọi mạng)`,
          en: `This machine has no address ${host}; use HOST=127.0.0.1 (this machine only) or HOST=0.0.0.0 (all networks)`,
        },
        { cause: error },
      );
    default:
      return undefined;
  }
}
