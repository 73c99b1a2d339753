import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type AccountId = Id<'Account'>;

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
  'login-invalid': {
    status: 422,
    vi: ['Số điện thoại hoặc email không hợp lệ', 'Nhập số điện thoại Việt Nam hoặc một địa chỉ email.'],
    en: ['The phone number or e-mail is not valid', 'Enter a Vietnamese phone number or an e-mail address.'],
  },
  'password-weak': {
    status: 422,
    vi: ['Mật khẩu quá dễ đoán', 'Dùng ít nhất 8 ký tự và tránh mật khẩu phổ biến.'],
    en: ['The password is too easy to guess', 'Use at least 8 characters and avoid common passwords.'],
  },
});
