import type { Expected } from './expected.ts';

export const identity: Expected = {
  'GET /dang-nhap': 'public',
  'POST /dang-nhap': { access: 'public', status: 401 },
  'POST /dang-xuat': 'public',
  'POST /v1/auth/sign-in': 'public',
  'POST /v1/auth/sign-out': 'public',
  'GET /v1/me': 'shopper',
};
