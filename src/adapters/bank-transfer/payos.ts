import { createHmac } from 'node:crypto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { vnd } from '#core/money.ts';
import type { BankFeed, BankTransfer } from '#features/payments/types.ts';
import { parse, readTime, same } from './reading.ts';

const Optional = Type.Optional(Type.Union([Type.String({ maxLength: 2_000 }), Type.Null()]));
const Data = Type.Object({
  amount: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  description: Optional,
  accountNumber: Type.String({ maxLength: 50 }),
  reference: Type.String({ minLength: 1, maxLength: 200 }),
  transactionDateTime: Optional,
  virtualAccountNumber: Optional,
  counterAccountBankId: Optional,
  counterAccountName: Optional,
  counterAccountNumber: Optional,
});
const Message = Type.Object({
  code: Type.Optional(Type.String()),
  data: Type.Record(Type.String(), Type.Unknown()),
  signature: Type.String(),
});

const sorted = (object: object): [string, unknown][] =>
  Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** payOS writes an absent value as nothing, and lists as JSON with their members in order. */
const written = (value: unknown): string => {
  if (value === null || value === undefined || value === 'null' || value === 'undefined') return '';
  if (Array.isArray(value))
    return JSON.stringify(
      value.map((one: unknown) => (typeof one === 'object' && one !== null ? Object.fromEntries(sorted(one)) : one)),
    );
  return String(value);
};

/** What payOS signs: `name=value` of all of `data`, sorted by name, with `&` between (payos.vn/docs, checking data with signature). */
export const signatureOfPayos = (checksumKey: string, data: object): string =>
  createHmac('sha256', checksumKey)
    .update(
      sorted(data)
        .map(([name, value]) => `${name}=${written(value)}`)
        .join('&'),
    )
    .digest('hex');

const toTransfer = (data: Type.Static<typeof Data>, raw: unknown): BankTransfer => ({
  provider: 'payos',
  providerTxId: data.reference,
  // Its webhooks tell of money that came, and of nothing else.
  direction: 'in',
  accountNumber: data.accountNumber,
  subAccount: data.virtualAccountNumber || undefined,
  amountVnd: vnd(data.amount),
  content: data.description ?? '',
  bankReference: data.reference,
  happenedAt: readTime(data.transactionDateTime ?? ''),
  payer: data.counterAccountNumber
    ? {
        bankBin: data.counterAccountBankId ?? '',
        accountNumber: data.counterAccountNumber,
        name: data.counterAccountName ?? '',
      }
    : undefined,
  raw,
});

export const createPayosFeed = (checksumKey: string): BankFeed => ({
  provider: 'payos',
  read: (_headers, body) => {
    const raw = parse(body);
    if (!Value.Check(Message, raw)) return 'refused';
    if (!same(raw.signature.toLowerCase(), signatureOfPayos(checksumKey, raw.data))) return 'refused';
    if (raw.code !== undefined && raw.code !== '00') return 'ping';
    return Value.Check(Data, raw.data) ? [toTransfer(raw.data, raw)] : 'malformed';
  },
});
