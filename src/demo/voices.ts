import type { Clock } from '#core/clock.ts';
import { vnd } from '#core/money.ts';
import type { Carts } from '#features/carts/index.ts';
import type { FieldReports } from '#features/field-reports/index.ts';
import type { Orders } from '#features/orders/index.ts';
import type { Payments } from '#features/payments/index.ts';
import type { Products } from '#features/products/index.ts';
import type { VariantId } from '#features/products/types.ts';
import type { Questions } from '#features/questions/index.ts';
import type { Reviews } from '#features/reviews/index.ts';

export type VoiceServices = {
  readonly now: Clock;
  readonly carts: Carts;
  readonly orders: Orders;
  readonly payments: Payments;
  readonly products: Products;
  readonly reviews: Reviews;
  readonly fieldReports: FieldReports;
  readonly questions: Questions;
};
type Said = readonly [points: number, text: string];
type Buyer = { readonly name: string; readonly phone: string; readonly said: readonly (Said | undefined)[] };

/** Shallots, pia cakes, rice and sausages, of four businesses. */
const wanted = [
  'hanh-tim-vinh-chau-tui-luoi',
  'banh-pia-sau-rieng-trung-muoi',
  'gao-thom-st25',
  'lap-xuong-mai-que-lo',
] as const;

/** What four buyers say of what they got, in the order of the goods above. Not all of it is praise. */
const buyers: readonly Buyer[] = [
  {
    name: 'Trần Thị Mai',
    phone: '0912000201',
    said: [
      [5, 'Hành thơm, củ chắc, phơi khô kỹ nên để cả tháng không mọc mầm.'],
      [4, 'Bánh mềm, nhân vừa ngọt. Hộp hơi móp một góc nhưng bánh còn nguyên.'],
      [5, 'Cơm dẻo, để nguội vẫn ngon. Nhà tôi ăn quen rồi.'],
      [4, 'Vị vừa, ít mỡ hơn loại ngoài chợ.'],
    ],
  },
  {
    name: 'Lý Sà Rây',
    phone: '0912000202',
    said: [
      [4, 'Củ nhỏ hơn trong ảnh một chút nhưng thơm.'],
      [5, 'Mua biếu bà con ở xa, ai cũng khen.'],
      [3, 'Gạo ngon nhưng giao chậm hai ngày so với hẹn.'],
      undefined,
    ],
  },
  {
    name: 'Nguyễn Văn Tám',
    phone: '0912000203',
    said: [
      [2, 'Túi có vài củ bị dập, phải bỏ. Mong cơ sở lựa kỹ hơn trước khi gói.'],
      [5, ''],
      [5, 'Đúng ST25, hạt dài, thơm lá dứa.'],
      [5, 'Chiên lên thơm lắm, tụi nhỏ thích.'],
    ],
  },
  {
    name: 'Thạch Thị Hoa',
    phone: '0912000204',
    said: [
      [5, 'Mua lần thứ hai, lần nào cũng đều củ.'],
      undefined,
      [4, 'Ngon, giá hơi cao so với mua tại chỗ.'],
      undefined,
    ],
  },
];

type Good = { readonly variantId: VariantId; readonly quantity: number };

async function findGoods({ products }: VoiceServices): Promise<readonly Good[]> {
  const ids = await Promise.all(wanted.map((slug) => products.findId(slug)));
  const found = await products.listCards(ids.flatMap((id) => id ?? []));
  return found.flatMap(({ variants: [first] }) =>
    first && first.available > 50 ? [{ variantId: first.variantId, quantity: first.minOrder }] : [],
  );
}

type Named = Pick<Buyer, 'name' | 'phone'>;

/** Checked out, and not paid. */
export async function openOrder(
  { carts, orders }: Pick<VoiceServices, 'carts' | 'orders'>,
  { name, phone }: Named,
  goods: readonly Good[],
) {
  const { cartId } = await carts.openCart();
  for (const { variantId, quantity } of goods) await carts.setLine(cartId, variantId, quantity);
  const address = { line: '12 Đường Hai Bà Trưng', provinceCode: '92', wardCode: '31507' };
  await carts.setDelivery(cartId, { recipient: { name, phone }, address });
  return orders.checkout({ cartId, actor: 'guest' });
}

/** Bought, paid by transfer and delivered, each step by the door that it has; the codes of the orders. */
export async function buy(services: VoiceServices, buyer: Named, goods: readonly Good[], turn: number | string) {
  const { orders, payments, now } = services;
  const group = await openOrder(services, buyer, goods);
  const { qr, amountVnd } = await payments.pay({ groupCode: group.code, method: 'vietqr', actor: 'guest' });
  if (!qr) return [];
  await payments.recordTransfer({
    provider: 'sepay',
    providerTxId: `demo-voice-${turn}`,
    direction: 'in',
    accountNumber: qr.accountNumber,
    amountVnd: vnd(amountVnd),
    content: qr.memo,
    bankReference: `DEMO${turn}`,
    happenedAt: now(),
    raw: {},
  });
  const codes = group.orders.map(({ code }) => code);
  for (const code of codes) {
    await orders.confirmOrder(code, { actor: 'demo:seller' });
    await orders.shipOrder(code, { actor: 'demo:seller' });
    await orders.deliverOrder(code, { actor: 'demo:seller' });
  }
  return codes;
}

async function say(
  { reviews }: VoiceServices,
  { phone, said }: Buyer,
  goods: readonly Good[],
  codes: readonly string[],
) {
  const shopper = { actor: 'guest', phone };
  for (const code of codes) {
    const { goods: bought } = await reviews.lookUp(code, shopper);
    for (const { productId, variantIds } of bought) {
      const place = goods.findIndex(({ variantId }) => variantIds.includes(variantId));
      const [points, text] = said[place] ?? [];
      if (points !== undefined)
        await reviews.review(code, shopper, productId, { points, text: text ?? '', named: true });
    }
  }
}

/** What shoppers ask of shallots and pia cakes; the last waits for an officer, since it holds a number. */
const asked = [
  ['hanh-tim-vinh-chau-tui-luoi', 'Hành treo bếp để được mấy tháng?', 'Dạ treo chỗ thoáng, khô thì ba bốn tháng.'],
  ['hanh-tim-vinh-chau-tui-luoi', 'Túi lưới có giao ra Hà Nội không?', ''],
  ['banh-pia-sau-rieng-trung-muoi', 'Bánh có bán loại chay không trứng muối?', 'Dạ có, xem món bánh pía chay của lò.'],
  ['banh-pia-sau-rieng-trung-muoi', 'Gọi em 0912 000 211 để đặt hai trăm hộp nhé', ''],
] as const;

async function askAll({ questions }: VoiceServices): Promise<void> {
  const asking = {
    actor: 'guest',
    address: '127.0.0.1',
    accountId: undefined,
    phone: '0912000211',
    name: 'Trần Thị Sáu',
  };
  for (const [slug, text, answer] of asked) {
    const { id, businessId } = await questions.ask(asking, slug, text);
    const member = { actor: 'demo:seller', address: '127.0.0.1', businessIds: [businessId] };
    if (answer !== '') await questions.answer(member, id, answer);
  }
}

/** What buyers and passers-by say, on the first day of the demonstration. */
export async function loadVoices(services: VoiceServices): Promise<void> {
  const goods = await findGoods(services);
  if (goods.length === 0) return;
  for (const [turn, buyer] of buyers.entries())
    await say(services, buyer, goods, await buy(services, buyer, goods, turn));
  await askAll(services);
  const { items } = await services.products.listProducts({ filters: { partner: ['own'] }, sort: 'name', limit: 2 });
  const told = [
    { kind: 'wrong-origin', text: 'Nhãn ghi làm ở Mỹ Xuyên, người bán nói lấy hàng ở tỉnh khác.', wardCode: '31795' },
    { kind: 'hygiene', text: 'Điểm bán để hàng sát lối đi, không che đậy.', wardCode: '31507' },
  ] as const;
  for (const [index, { slug }] of items.entries()) {
    const one = told[index];
    const reporter = { actor: 'guest', address: '127.0.0.1', accountId: undefined, phone: '0912000210' };
    if (one) await services.fieldReports.report(reporter, { of: { product: slug }, ...one });
  }
}
