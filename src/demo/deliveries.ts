import { vnd } from '#core/money.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Shipping } from '#features/shipping/index.ts';

const clerk = { actor: 'system:demo', address: '' } as const;

/** A point of the exchange, a cooperative that lets its buyers come to its store, and one that bears the freight of big orders. */
export async function loadDeliveries(shipping: Shipping, businesses: ReadonlyMap<string, BusinessId>): Promise<void> {
  const pickupPointId = await shipping.addPoint(clerk, {
    name: 'Trung tâm giới thiệu sản phẩm OCOP',
    line: '12 Đường Hai Bà Trưng',
    wardCode: '31507',
    hours: '7 giờ đến 17 giờ, thứ Hai đến thứ Bảy',
  });
  const own = { name: 'Kho HTX', line: 'Tổ 3, ấp Giồng Nổi', wardCode: '31795', hours: '7 giờ đến 16 giờ 30' };
  const terms = [
    ['B001', { freeOverVnd: null, pickup: { own } }],
    ['B002', { freeOverVnd: null, pickup: { pickupPointId } }],
    ['B005', { freeOverVnd: vnd(2_000_000), pickup: { pickupPointId } }],
  ] as const;
  for (const [code, draft] of terms) {
    const id = businesses.get(code);
    if (id) await shipping.saveTerms({ ...clerk, businessIds: [id] }, id, draft);
  }
}
