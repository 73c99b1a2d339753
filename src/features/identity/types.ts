import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';
import type { Reader, Tx } from '#db/client.ts';

export type AccountId = Id<'Account'>;
export type SessionId = Id<'Session'>;
export type PasskeyId = Id<'Passkey'>;
export type ApiKeyId = Id<'ApiKey'>;

/** What people agree to, each apart and none ticked beforehand (Law 91/2025/QH15, Decree 356/2025). */
export const PURPOSES = ['terms', 'marketing', 'sharing'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What a single-use link is for. */
export const TOKEN_KINDS = ['reset', 'invitation', 'contact'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** What a challenge of a passkey, or of the provider of identities, was asked for. */
export const CEREMONIES = ['register', 'sign-in', 'prove', 'provider'] as const;
export type Ceremony = (typeof CEREMONIES)[number];

/** Where somebody comes from, as a session and a limit know it. `device` is the secret of a browser that signed in before. */
export type Visit = { readonly address: string; readonly userAgent: string; readonly device: string | undefined };

/** A session that has just been opened or renewed: its secret for the cookie, and what is still to be proved. */
export type Opened = {
  readonly secret: string;
  /** For the cookie by which this browser is known the next time. */
  readonly device: string;
  readonly needs: 'factor' | 'enrolment' | null;
};

/**
 * A provider of identities (VNeID, once it is offered): who somebody is, is the pair of issuer and subject. A name or an
 * e-mail that comes with it is a remark, by which no account is ever found.
 */
export type Claim = { readonly issuer: string; readonly subject: string; readonly name: string | undefined };
export type ProviderRound = { readonly state: string; readonly nonce: string; readonly verifier: string };
export type IdentityProvider = {
  /** What the button says: `VNeID`. */
  readonly label: string;
  /** The address to send the browser to. */
  readonly begin: (redirectUri: string, round: ProviderRound) => Promise<string>;
  /** Checks state, nonce, PKCE, issuer, audience, expiry and signature; throws when one is wrong. */
  readonly finish: (calledBack: string, round: ProviderRound) => Promise<Claim>;
};

/** Whose data is meant. Phone and e-mail only where they were proved. */
export type Person = { readonly accountId: AccountId; readonly phone: string | null; readonly email: string | null };

/** What a slice holds of people: to be read out, to be forgotten on demand, and to be forgotten in time. */
export type PersonalData = {
  /** The member of the export: `orders`. */
  readonly name: string;
  readonly read: (reader: Reader, person: Person) => Promise<unknown>;
  /** Throws the refusal when something has to be finished first. */
  readonly checkErasure?: (reader: Reader, person: Person) => Promise<void>;
  /** Left out where nothing but the account's id stands, which names nobody once the account is emptied. */
  readonly erase?: (tx: Tx, person: Person, at: Date) => Promise<void>;
  readonly forgetOld?: (tx: Tx, now: Date) => Promise<void>;
};

export const identityProblems = defineProblems({
  'wrong-credentials': {
    status: 401,
    vi: ['Sai tên đăng nhập hoặc mật khẩu', 'Kiểm tra lại số điện thoại hoặc email và mật khẩu.'],
    en: ['The login or the password is wrong', 'Check the phone number or e-mail and the password.'],
  },
  'too-many-attempts': {
    status: 429,
    vi: ['Thử quá nhiều lần', 'Chờ theo Retry-After rồi thử lại.'],
    en: ['Too many attempts', 'Wait as Retry-After says, then try again.'],
  },
  'login-taken': {
    status: 409,
    vi: ['Số điện thoại hoặc email đã có tài khoản', 'Đăng nhập, hoặc dùng số khác.'],
    en: ['An account with this phone number or e-mail exists', 'Sign in, or use another.'],
  },
  'phone-not-reached': {
    status: 409,
    vi: [
      'Sàn này chưa gửi tin tới điện thoại được',
      'Nhập một địa chỉ email: mã được gửi tới đó. Số điện thoại vẫn dùng để đăng nhập.',
    ],
    en: [
      'This exchange cannot send messages to phones yet',
      'Give an e-mail address: the code is sent there. The phone number still signs you in.',
    ],
  },
  'login-invalid': {
    status: 422,
    vi: ['Số điện thoại hoặc email không hợp lệ', 'Nhập số điện thoại Việt Nam hoặc một địa chỉ email.'],
    en: ['The phone number or e-mail is not valid', 'Enter a Vietnamese phone number or an e-mail address.'],
  },
  'account-name-missing': {
    status: 422,
    vi: ['Thiếu họ tên', 'Nhập họ tên, từ 1 đến 200 ký tự.'],
    en: ['The name is missing', 'Enter a name of 1 to 200 characters.'],
  },
  'password-weak': {
    status: 422,
    vi: [
      'Mật khẩu quá dễ đoán',
      'Dùng ít nhất 8 ký tự; tránh mật khẩu phổ biến, tên của bạn, tên sàn. Một câu dài dễ nhớ là tốt nhất.',
    ],
    en: [
      'The password is too easy to guess',
      'Use at least 8 characters; avoid common passwords, your name and the name of the exchange. A long phrase is best.',
    ],
  },
  'password-too-long': {
    status: 422,
    vi: ['Mật khẩu quá dài', 'Dùng tối đa 1000 ký tự.'],
    en: ['The password is too long', 'Use 1000 characters at most.'],
  },
  'terms-not-accepted': {
    status: 422,
    vi: ['Bạn chưa đồng ý với điều khoản', 'Đọc chính sách rồi đánh dấu đồng ý để mở tài khoản.'],
    en: ['The terms were not accepted', 'Read the policy and tick that you agree, to open an account.'],
  },
  'link-over': {
    status: 410,
    vi: ['Liên kết đã dùng rồi hoặc đã hết hạn', 'Xin một liên kết mới.'],
    en: ['The link was used or is over', 'Ask for a new one.'],
  },
  'wrong-code': {
    status: 422,
    vi: ['Mã không đúng, đã dùng hoặc đã hết hạn', 'Xem mã mới nhất rồi nhập lại; mỗi mã chỉ dùng một lần.'],
    en: ['The code is wrong, used or over', 'Look at the newest code and enter it; each works once.'],
  },
  'passkey-refused': {
    status: 422,
    vi: ['Khóa truy cập không được chấp nhận', 'Thử lại từ đầu trên trang này, hoặc dùng mã của ứng dụng xác thực.'],
    en: ['The passkey was not accepted', 'Begin again on this page, or use the code of your app.'],
  },
  'factor-not-begun': {
    status: 409,
    vi: ['Chưa bắt đầu cài ứng dụng xác thực', 'Mở lại trang xác thực hai bước và quét mã mới.'],
    en: ['Setting up the app was not begun', 'Open the page of second factors again and scan a new code.'],
  },
  'factor-exists': {
    status: 409,
    vi: ['Tài khoản đã có xác thực hai bước', 'Đăng nhập bằng cách đó; muốn đổi, vào trang tài khoản.'],
    en: ['The account has a second factor', 'Sign in with it; change it on the page of your account.'],
  },
  'last-factor': {
    status: 409,
    vi: ['Đây là cách xác thực cuối cùng', 'Cán bộ và chủ cơ sở phải có ít nhất một: thêm cách khác trước khi gỡ.'],
    en: ['This is the last second factor', 'Staff and owners need one: add another before you remove it.'],
  },
  'factor-not-found': {
    status: 404,
    vi: ['Không có cách xác thực này', 'Xem danh sách trong trang tài khoản.'],
    en: ['There is no such factor', 'Look at the list on the page of your account.'],
  },
  'session-not-found': {
    status: 404,
    vi: ['Không có phiên đăng nhập này', 'Có thể phiên đã kết thúc; tải lại danh sách.'],
    en: ['There is no such session', 'It may have ended; read the list again.'],
  },
  'account-not-found': {
    status: 404,
    vi: ['Không có tài khoản này', 'Xem lại danh sách người dùng.'],
    en: ['There is no such account', 'Look at the list of users again.'],
  },
  'own-account': {
    status: 409,
    vi: ['Không tự đổi quyền của chính mình', 'Nhờ một quản trị viên khác.'],
    en: ['Nobody changes their own role', 'Ask another administrator.'],
  },
  'last-admin': {
    status: 409,
    vi: ['Đây là quản trị viên cuối cùng', 'Giao quyền quản trị cho người khác trước.'],
    en: ['This is the last administrator', 'Make somebody else administrator first.'],
  },
  'key-not-found': {
    status: 404,
    vi: ['Không có khóa API này', 'Xem danh sách khóa của cơ sở.'],
    en: ['There is no such key', 'Look at the list of keys of the business.'],
  },
  'key-invalid': {
    status: 422,
    vi: ['Khóa API chưa hợp lệ', 'Đặt tên, chọn ít nhất một quyền, và hạn từ 1 đến 366 ngày.'],
    en: ['The key is not valid', 'Give it a name, at least one scope, and 1 to 366 days.'],
  },
  'keys-too-many': {
    status: 409,
    vi: ['Cơ sở đã có 20 khóa API', 'Thu hồi khóa không dùng nữa rồi tạo khóa mới.'],
    en: ['The business has 20 keys', 'Revoke those that are not in use, then make a new one.'],
  },
  'provider-failed': {
    status: 422,
    vi: ['Đăng nhập qua nhà cung cấp danh tính không thành công', 'Bắt đầu lại từ trang đăng nhập.'],
    en: ['Signing in through the provider of identities failed', 'Begin again on the sign-in page.'],
  },
  'identity-taken': {
    status: 409,
    vi: [
      'Danh tính này đã gắn với một tài khoản khác',
      'Đăng nhập bằng chính danh tính đó, hoặc gỡ nó ở tài khoản kia trước.',
    ],
    en: ['This identity belongs to another account', 'Sign in with it, or remove it from the other account first.'],
  },
  'business-needs-you': {
    status: 409,
    vi: ['Bạn đang là chủ một cơ sở', 'Chuyển cơ sở cho người khác hoặc đóng cơ sở trước khi xóa tài khoản.'],
    en: ['You own a business', 'Hand it over or close it before you erase your account.'],
  },
  'staff-not-erased': {
    status: 409,
    vi: ['Tài khoản cán bộ không tự xóa được', 'Nhờ quản trị viên thu quyền trước.'],
    en: ['An account of staff is not erased like this', 'Ask an administrator to take the role away first.'],
  },
});
