import { account } from '#test/support/exchange-env.ts';
import { home, recipient, type Variant } from '#test/support/people.ts';

/** What the cases need, made once: nothing here is changed by a request that is refused. */
export type Facts = {
  readonly variant: Variant;
  readonly cart: string;
  readonly empty: string;
  readonly homeless: string;
  readonly ordered: string;
  readonly group: string;
  readonly lapsed: string;
  readonly greedy: string;
  readonly short: string;
  readonly stale: string;
};
export type Case = {
  readonly name: string;
  readonly method?: string;
  readonly path: string | ((facts: Facts) => string);
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: string;
};

export const someone = '01900000-0000-7000-8000-00000000dead';
export const nobodysCart = 'AAAAAAAAAAAAAAAAAAAAAA';
export const unknownCode = 'STZZZZZZZZZZ';
export const delivery = { recipient, address: home };
export const cursorOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
export const line = ({ cart, variant }: Facts): string => `/v1/carts/${cart}/lines/${variant.variantId}`;
export const deliveryPath = ({ cart }: Facts): string => `/v1/carts/${cart}/delivery`;
export const sepay = (over: object = {}) => ({
  id: 7_000_001,
  gateway: 'VietinBank',
  transactionDate: '2026-11-23 14:02:37',
  accountNumber: account.accountNumber,
  code: null,
  content: 'khong co ma',
  transferType: 'in',
  transferAmount: 10_000,
  accumulated: 0,
  subAccount: null,
  referenceCode: 'FT7',
  description: '',
  ...over,
});
export const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
