import { createHmac } from 'node:crypto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Clock } from '#core/clock.ts';
import { vnd } from '#core/money.ts';
import type { BankFeed, BankTransfer } from '#features/payments/types.ts';
import { parse, readTime, same } from './reading.ts';

const Optional = Type.Optional(Type.Union([Type.String({ maxLength: 2_000 }), Type.Null()]));
/** An amount below zero is money that left the account. */
const Line = Type.Object({
  id: Type.Integer({ minimum: 0 }),
  reference: Optional,
  description: Optional,
  amount: Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
  transactionDateTime: Optional,
  accountNumber: Type.String({ maxLength: 50 }),
  virtualAccountNumber: Optional,
  counterAccountBankId: Optional,
  counterAccountName: Optional,
  counterAccountNumber: Optional,
});
const Message = Type.Object({ data: Line });

/** A retry may carry its first signature. Telling a line again changes nothing, so a day does no harm. */
const toleranceMs = 24 * 3_600_000;

const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, one]) => [name, inOrder(one)]),
  );
};

/** HMAC-SHA512 over `t.<JSON>`, the members of the message sorted by name all the way down (Casso, webhook v2). */
export const signatureOfCasso = (key: string, t: string, message: unknown): string =>
  createHmac('sha512', key)
    .update(`${t}.${JSON.stringify(inOrder(message))}`)
    .digest('hex');

function isSigned(key: string, header: string | string[] | undefined, message: unknown, now: Date): boolean {
  const [, t = '', v1 = ''] =
    /^t=(\d{1,15}), ?v1=([0-9a-f]{128})$/i.exec(typeof header === 'string' ? header : '') ?? [];
  if (t === '' || Math.abs(now.getTime() - Number(t)) > toleranceMs) return false;
  return same(v1.toLowerCase(), signatureOfCasso(key, t, message));
}

const toTransfer = (line: Type.Static<typeof Line>, raw: unknown): BankTransfer => ({
  provider: 'casso',
  providerTxId: String(line.id),
  direction: line.amount < 0 ? 'out' : 'in',
  accountNumber: line.accountNumber,
  subAccount: line.virtualAccountNumber || undefined,
  amountVnd: vnd(Math.abs(line.amount)),
  content: line.description ?? '',
  bankReference: line.reference ?? '',
  happenedAt: readTime(line.transactionDateTime ?? ''),
  payer: line.counterAccountNumber
    ? {
        bankBin: line.counterAccountBankId ?? '',
        accountNumber: line.counterAccountNumber,
        name: line.counterAccountName ?? '',
      }
    : undefined,
  raw,
});

export const createCassoFeed = (key: string, now: Clock): BankFeed => ({
  provider: 'casso',
  read: (headers, body) => {
    const raw = parse(body);
    if (!isSigned(key, headers['x-casso-signature'], raw, now())) return 'refused';
    if (!Value.Check(Message, raw)) return 'malformed';
    const { data } = raw;
    if (data.id === 0 || data.amount === 0) return 'ping';
    return [toTransfer(data, raw)];
  },
});
