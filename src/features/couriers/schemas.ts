import { Type } from '@fastify/type-provider-typebox';
import { SHIPMENT_STATES } from '#features/orders/types.ts';
import { Code, Instant, Money, Nullable, Text } from '#http/schema.ts';
import { BOOKING_STATES, CARRIERS } from './types.ts';

const Carrier = Type.Enum([...CARRIERS], { description: 'The carrier', examples: ['ghn'] });
export const ParcelParams = Type.Object({ parcel: Text('Code of the parcel', 40, 'ST7K3M9Q2XAC') });
export const CarrierParams = Type.Object({ carrier: Carrier });
export const BookBody = Type.Object(
  { carrier: Carrier },
  { additionalProperties: false, examples: [{ carrier: 'ghn' }] },
);
export const QuoteQuery = Type.Object({ carrier: Carrier });
export const QuoteBody = Type.Object({ feeVnd: Money('What the carrier asks for') }, { title: 'CourierQuote' });
export const BookingBody = Type.Object(
  {
    state: Type.Enum(['booked', 'asked'], { description: '`asked`: it did not answer yet, and is asked again' }),
  },
  { title: 'CourierBooking' },
);
export const ParcelList = Type.Object(
  {
    carriers: Type.Array(Carrier, { maxItems: CARRIERS.length, description: 'Carriers that can be asked' }),
    items: Type.Array(
      Type.Object({
        code: Code('The parcel'),
        orderCode: Code('Its order'),
        state: Type.Enum([...SHIPMENT_STATES], { description: 'Where it is' }),
        carrier: Nullable(Text('Carrier', 100, 'ghn')),
        trackingNumber: Nullable(Text('Its number at the carrier', 100, 'GHN123456')),
        createdAt: Instant('When it was packed'),
        recipient: Text('Who receives it', 200, 'Nguyễn Thị Bé'),
        booking: Nullable(
          Type.Object({
            carrier: Carrier,
            state: Type.Enum([...BOOKING_STATES], { description: 'What became of the request' }),
            feeVnd: Nullable(Money('What the carrier asks for, as it said last')),
            reason: Nullable(Text('Why not', 1_000, 'Địa chỉ không hợp lệ')),
          }),
        ),
      }),
      { maxItems: 100, description: 'Packed or under way, newest first' },
    ),
  },
  { title: 'ParcelList' },
);
export const PlacesBody = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          wardCode: Type.String({ pattern: '^\\d{5}$', description: 'Ward of today', examples: ['31507'] }),
          province: Text('What the carrier calls its province', 100, '220'),
          district: Text('Its district at the carrier', 100, '1560'),
          ward: Text('The ward at the carrier', 100, '550113'),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1_000, description: 'Wards; those that are there already are replaced' },
    ),
  },
  {
    additionalProperties: false,
    examples: [{ items: [{ wardCode: '31507', province: '220', district: '1560', ward: '550113' }] }],
  },
);
export const WebhookQuery = Type.Object({
  token: Type.Optional(Text('The shared secret, where the carrier sends no head of ours', 200, 'a-long-secret')),
});
export const MessageBody = Type.Object(
  {},
  {
    additionalProperties: true,
    examples: [{ OrderCode: 'GHN123456', Status: 'delivered', Time: '2026-11-24T03:00:00Z' }],
  },
);
export const Heard = Type.Object({ success: Type.Literal(true, { description: 'Kept' }) });
