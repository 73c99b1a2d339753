import { vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import type { Outcome, Refusal } from '#federation/adapters/adapter.ts';
import type { OrderRequest, Quote, QuoteRequest, RemoteOrder } from '#federation/protocol/ordering.ts';
import type { LegRow } from './queries.ts';
import type { Answer } from './rules.ts';
import { exchangeOrderProblems, type LegLine, type LegTerms } from './types.ts';

const refuse = refusals(exchangeOrderProblems);

export type Wished = Pick<LegLine, 'uri' | 'name' | 'label' | 'quantity'>;

export const quoteRequestOf = (
  lines: readonly Pick<Wished, 'uri' | 'quantity'>[],
  leg: Pick<LegRow, 'delivery'>,
): QuoteRequest => {
  const { provinceCode, wardCode, ward } = leg.delivery.address;
  return {
    lines: lines.map(({ uri, quantity }) => ({ uri, quantity })),
    // No street and no name: a price needs neither.
    destination: { province: provinceCode, ward: wardCode ?? ward },
  };
};

/** What the origin said, with the names that our shopper knows the goods by. Undefined where it answers another question. */
export function termsOf(quote: Quote, wished: readonly Wished[]): LegTerms | undefined {
  const lines = wished.flatMap(({ uri, name, label, quantity }) => {
    const line = quote.lines.find((one) => one.uri === uri && one.quantity === quantity);
    return line && line.total.amount === line.unit.amount * quantity
      ? [
          {
            uri,
            rev: line.rev,
            name,
            label,
            quantity,
            unitVnd: vnd(line.unit.amount),
            totalVnd: vnd(line.total.amount),
          },
        ]
      : [];
  });
  const goodsVnd = vnd(lines.reduce((sum, { totalVnd }) => sum + totalVnd, 0));
  if (lines.length !== wished.length || quote.lines.length !== wished.length || goodsVnd !== quote.goods.amount)
    return undefined;
  return {
    quoteId: quote.quoteId,
    termsHash: quote.termsHash,
    lines,
    shipping: quote.shipping.map(({ code, title, amount }) => ({
      code,
      vi: title.vi,
      en: title.en ?? title.vi,
      amountVnd: vnd(amount.amount),
    })),
    goodsVnd,
    expiresAt: quote.expiresAt,
    needsAge: quote.needsAge ?? false,
  };
}

/** A quote that was refused, as the shopper is told. Throws. */
export function refuseQuote({ code, extra }: Refusal): never {
  if (code === 'quantity-unavailable') throw refuse('leg-quantity-unavailable', { lines: extra.lines });
  throw refuse('leg-refused', { code });
}

export const orderRequestOf = (leg: LegRow, terms: LegTerms): OrderRequest => {
  const { recipient, address } = leg.delivery;
  return {
    quoteId: terms.quoteId,
    termsHash: terms.termsHash,
    shippingCode: leg.shippingCode ?? '',
    recipient: {
      name: recipient.name,
      phone: recipient.phone,
      ...(recipient.email === undefined ? {} : { email: recipient.email }),
      line: address.line,
      ward: address.wardCode ?? address.ward,
      province: address.provinceCode,
    },
    buyer: { code: leg.code },
    payment: 'exchange',
    ...(leg.ageConfirmedAt === null ? {} : { ageConfirmed: true }),
  };
};

export const answerOf = (outcome: Outcome<RemoteOrder>): Answer => {
  if ('refused' in outcome) return { kind: 'refused', code: outcome.refused.code };
  if (!('ok' in outcome)) return { kind: 'unknown' };
  const { orderId, state, total, confirmBy } = outcome.ok;
  return { kind: 'order', order: { orderId, state, totalVnd: vnd(total.amount), confirmBy: new Date(confirmBy) } };
};
