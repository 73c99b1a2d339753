import { type TString, Type } from 'typebox';

/** One variable of the environment: what it must look like, said to a machine (`schema`) and to two readers. */
export type Variable = {
  readonly schema: TString;
  readonly example: string;
  /** Completes "NAME must be …". */
  readonly en: string;
  /** Completes "NAME phải là …". */
  readonly vi: string;
  /** A secret's value is never shown, and it may come from a file by `<NAME>_FILE`. */
  readonly secret: boolean;
};

type Options = Omit<Variable, 'schema' | 'secret'>;
const variable = (pattern: string, options: Options): Variable => ({
  schema: Type.String({ pattern }),
  secret: false,
  ...options,
});
const secret = (pattern: string, options: Options): Variable => ({ ...variable(pattern, options), secret: true });

const flag = { en: '0 or 1', vi: '0 hoặc 1' };
const portNumber = '^([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])$';
const port = { en: 'a whole number from 1 to 65535', vi: 'số nguyên từ 1 đến 65535' };
const webAddress = '^https?://[^\\s/?#]+/?$';
const webBase = '^https?://[^\\s?#]+$';
/** At least 16 characters: a shorter shared key can be guessed over HTTP within a year. */
const sharedKey = '^\\S{16,}$';
const sharedKeyText = { en: 'at least 16 characters without spaces', vi: 'chuỗi từ 16 ký tự trở lên, không dấu cách' };

/** Every variable that this software reads, and no other. README, docker-compose.yml and the tests are held to it. */
export const VARIABLES = {
  ROLE: variable('^(all|web|worker)$', { example: 'all', en: 'all, web or worker', vi: 'all, web hoặc worker' }),
  HOST: variable('^[0-9A-Za-z.:_-]+$', {
    example: '127.0.0.1',
    en: 'an address or a host name of this machine',
    vi: 'địa chỉ hoặc tên của máy này',
  }),
  PORT: variable(portNumber, { example: '3000', ...port }),
  METRICS_PORT: variable(portNumber, { example: '9464', ...port }),
  PUBLIC_URL: variable(webAddress, {
    example: 'https://san.soctrang.example',
    en: 'the address that shoppers type, http or https, without a path',
    vi: 'địa chỉ mà người mua gõ vào, http hoặc https, không kèm đường dẫn',
  }),
  // Ranges, since the proxies of a cluster change their addresses. Each is looked at again where it is taken apart.
  TRUSTED_PROXIES: variable('^[0-9A-Fa-f:./]+( *, *[0-9A-Fa-f:./]+)*$', {
    example: '10.0.3.0/24,fd00:3::/64',
    en: 'the addresses or ranges (CIDR) of your reverse proxies, with commas between',
    vi: 'địa chỉ hoặc dải địa chỉ (CIDR) của các máy chủ trung gian, cách nhau bằng dấu phẩy',
  }),
  DATA_DIR: variable('^[^\\0]+$', { example: '.data', en: 'a folder', vi: 'một thư mục' }),
  DEMO: variable('^[01]$', { example: '1', ...flag }),
  DATABASE_URL: secret('^postgres(ql)?://\\S+$', {
    example: 'postgres://cho_noi:password@db.example:5432/cho_noi',
    en: 'the address of a PostgreSQL database, beginning with postgres://',
    vi: 'địa chỉ cơ sở dữ liệu PostgreSQL, bắt đầu bằng postgres://',
  }),
  MEILI_URL: variable(webBase, {
    example: 'http://search.example:7700',
    en: 'the address of a Meilisearch server, http or https',
    vi: 'địa chỉ máy chủ Meilisearch, http hoặc https',
  }),
  MEILI_KEY: secret(sharedKey, { example: '0123456789abcdef0123456789abcdef', ...sharedKeyText }),
  MEILI_INDEX_PREFIX: variable('^[A-Za-z0-9_-]{1,40}$', {
    example: 'soctrang_',
    en: 'at most 40 letters, digits, - or _',
    vi: 'tối đa 40 chữ cái, chữ số, - hoặc _',
  }),
  STRIPE_SECRET_KEY: secret('^(sk|rk)_\\S+$', {
    example: 'sk_test_51abc',
    en: 'a secret key of Stripe, beginning with sk_ or rk_',
    vi: 'khóa bí mật của Stripe, bắt đầu bằng sk_ hoặc rk_',
  }),
  STRIPE_WEBHOOK_SECRET: secret('^whsec_\\S+$', {
    example: 'whsec_abc',
    en: "the signing secret of Stripe's webhook, beginning with whsec_",
    vi: 'khóa ký webhook của Stripe, bắt đầu bằng whsec_',
  }),
  STRIPE_API_BASE: variable(webBase, {
    example: 'https://api.stripe.com',
    en: 'an http or https address',
    vi: 'một địa chỉ http hoặc https',
  }),
  SEPAY_API_KEY: secret('^\\S{8,}$', {
    example: '0123456789abcdef0123456789abcdef',
    en: 'at least 8 characters without spaces',
    vi: 'chuỗi từ 8 ký tự trở lên, không dấu cách',
  }),
  PAYOS_CHECKSUM_KEY: secret(sharedKey, { example: '0123456789abcdef0123456789abcdef', ...sharedKeyText }),
  CASSO_KEY: secret(sharedKey, { example: '0123456789abcdef0123456789abcdef', ...sharedKeyText }),
  VNPAY_TMN_CODE: variable('^[A-Z0-9]{8}$', {
    example: 'CHONOI01',
    en: 'the 8 capital letters and digits that VNPAY gave',
    vi: '8 chữ hoa và chữ số do VNPAY cấp',
  }),
  VNPAY_SECRET: secret(sharedKey, { example: '0123456789ABCDEF0123456789ABCDEF', ...sharedKeyText }),
  VNPAY_URL: variable(webBase, {
    example: 'https://sandbox.vnpayment.vn/paymentv2/vpcpay.html',
    en: "the address of VNPAY's payment page",
    vi: 'địa chỉ trang thanh toán của VNPAY',
  }),
  VIETQR_BANK_BIN: variable('^\\d{6}$', {
    example: '970405',
    en: "the bank's 6-digit BIN at NAPAS",
    vi: 'mã BIN 6 chữ số của ngân hàng tại NAPAS',
  }),
  // NAPAS IBFT keeps 19 characters for the account in tag 38.01.01.
  VIETQR_ACCOUNT_NUMBER: variable('^[0-9A-Z]{6,19}$', {
    example: '7600201012345',
    en: '6 to 19 digits or capital letters',
    vi: '6 đến 19 chữ số hoặc chữ hoa',
  }),
  VIETQR_ACCOUNT_NAME: variable('^[A-Z0-9 .,&()-]{2,70}$', {
    example: 'TRUNG TAM CHUYEN DOI SO',
    en: 'the name on the account in capitals without accents',
    vi: 'tên chủ tài khoản viết hoa không dấu',
  }),
  GHN_TOKEN: secret(sharedKey, { example: '01234567-89ab-cdef-0123-456789abcdef', ...sharedKeyText }),
  GHN_SHOP_ID: variable('^\\d{1,12}$', {
    example: '885',
    en: 'the number of the shop at GHN',
    vi: 'mã cửa hàng (ShopId) tại GHN',
  }),
  GHN_WEBHOOK_TOKEN: secret(sharedKey, { example: '0123456789abcdef0123456789abcdef', ...sharedKeyText }),
  GHN_API_BASE: variable(webBase, {
    example: 'https://dev-online-gateway.ghn.vn',
    en: 'an http or https address',
    vi: 'một địa chỉ http hoặc https',
  }),
  GHTK_TOKEN: secret(sharedKey, { example: '0123456789abcdef0123456789abcdef01234567', ...sharedKeyText }),
  GHTK_WEBHOOK_TOKEN: secret(sharedKey, { example: '0123456789abcdef0123456789abcdef', ...sharedKeyText }),
  GHTK_API_BASE: variable(webBase, {
    example: 'https://services.giaohangtietkiem.vn',
    en: 'an http or https address',
    vi: 'một địa chỉ http hoặc https',
  }),
  FEDERATION_ALLOW_LOOPBACK: variable('^[01]$', { example: '1', ...flag }),
  FEDERATION_KEY_FILE: variable('^[^\\0]+$', {
    example: '/run/secrets/federation-key.pem',
    en: 'the file that keeps the key with which this exchange signs',
    vi: 'tập tin giữ khóa ký của sàn này',
  }),
  SMTP_URL: secret('^smtps?://\\S+$', {
    example: 'smtps://user:password@mail.example:465',
    en: 'the address of a mail server, beginning with smtp:// or smtps://',
    vi: 'địa chỉ máy chủ thư, bắt đầu bằng smtp:// hoặc smtps://',
  }),
  STORAGE_URL: secret('^(file|s3|https?)://\\S+$', {
    example: 's3://key:secret@storage.example/cho-noi',
    en: 'the address of an object store, beginning with file://, s3:// or https://',
    vi: 'địa chỉ kho tập tin, bắt đầu bằng file://, s3:// hoặc https://',
  }),
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;
export const VARIABLE_NAMES = Object.keys(VARIABLES) as readonly VariableName[];

/** The names that may stand in an environment: each variable, and `<NAME>_FILE` for each secret. */
export const ALL_NAMES: readonly string[] = VARIABLE_NAMES.flatMap((name) =>
  VARIABLES[name].secret ? [name, `${name}_FILE`] : [name],
);
