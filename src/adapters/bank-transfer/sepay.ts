import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { vnd } from '#core/money.ts';
import type { BankFeed, BankTransfer } from '#features/payments/types.ts';
import { parse, readTime, same } from './reading.ts';

/**
 * SePay's payload (developer.sepay.vn, webhooks). Only what no transfer can lack is required:
 * a message that is refused is money that nobody knows of.
 */
const Payload = Type.Object({
  id: Type.Integer({ minimum: 0 }),
  transactionDate: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  accountNumber: Type.String({ maxLength: 50 }),
  subAccount: Type.Optional(Type.Union([Type.String({ maxLength: 50 }), Type.Null()])),
  content: Type.Optional(Type.Union([Type.String({ maxLength: 2_000 }), Type.Null()])),
  transferType: Type.Enum(['in', 'out']),
  transferAmount: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  referenceCode: Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()])),
});

const toTransfer = (payload: Type.Static<typeof Payload>, raw: unknown): BankTransfer => ({
  provider: 'sepay',
  providerTxId: String(payload.id),
  direction: payload.transferType,
  accountNumber: payload.accountNumber,
  subAccount: payload.subAccount ?? undefined,
  amountVnd: vnd(payload.transferAmount),
  content: payload.content ?? '',
  bankReference: payload.referenceCode ?? '',
  happenedAt: readTime(payload.transactionDate ?? ''),
  raw,
});

/** SePay with an API key: `Authorization: Apikey <key>`. */
export const createSepayFeed = (apiKey: string): BankFeed => ({
  provider: 'sepay',
  read: (headers, body) => {
    const given = headers.authorization;
    if (typeof given !== 'string' || !same(given, `Apikey ${apiKey}`)) return 'refused';
    const raw = parse(body);
    if (!Value.Check(Payload, raw)) return 'malformed';
    return raw.id === 0 ? 'ping' : [toTransfer(raw, raw)];
  },
});
