import { type Static, type TSchema, Type } from '@fastify/type-provider-typebox';
import {
  MAX_ORDER_CHANGES,
  OrderCancel,
  OrderConfirm,
  OrderRequest,
  QuoteRequest,
} from '#federation/protocol/ordering.ts';
import example from '#federation/vectors/orders.json' with { type: 'json' };
import { Text } from '#http/schema.ts';

/** The protocol's own schemas; documents of ours are described by their files, and pass as they are. */
function body<S extends TSchema>(schema: S, sample: object) {
  const { $id: _name, ...plain } = schema as S & { readonly $id?: string };
  return Type.Unsafe<Static<S>>({ ...plain, examples: [sample] });
}
const document = (schema: string, sample: object) =>
  Type.Object(
    {},
    { additionalProperties: true, description: `As federation/schemas/${schema} describes it`, examples: [sample] },
  );

export const QuoteBody = body(QuoteRequest, example.request);
export const OrderBody = body(OrderRequest, example.orderRequest);
export const ConfirmBody = body(OrderConfirm, { total: example.order.total });
export const CancelBody = body(OrderCancel, { reason: 'Người mua đổi ý' });
export const QuoteDocument = document('quote.json', example.quote);
export const OrderDocument = document('order.json', example.order);
export const ChangesDocument = document('order-changes.json', example.changes);
export const SettlementDocument = document('settlement.json', example.settlement);

export const OrderParams = Type.Object({ orderId: Text('The order, as we named it', 100, example.order.orderId) });
export const KeyQuery = Type.Object({
  key: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'The Idempotency-Key that made it',
    examples: [example.order.key],
  }),
});
export const ChangesQuery = Type.Object({
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1000,
      description: '`next` of the page before; from the beginning without it',
      examples: ['WyJhbi1naWFuZyJd.c2VhbA'],
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_ORDER_CHANGES,
      default: MAX_ORDER_CHANGES,
      description: 'How many orders a page holds',
      examples: [MAX_ORDER_CHANGES],
    }),
  ),
});
export const DayParams = Type.Object({
  day: Type.String({ format: 'date', description: 'A day in Vietnam', examples: ['2026-11-26'] }),
});
