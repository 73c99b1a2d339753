import type { Clock } from '#core/clock.ts';
import { vnd } from '#core/money.ts';
import type { Businesses } from '#features/businesses/index.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Complaints } from '#features/complaints/service.ts';
import type { Direct } from '#features/direct/index.ts';
import type { Settlement } from '#features/settlement/service.ts';
import { buy, openOrder, type VoiceServices } from './voices.ts';

export type ClaimServices = VoiceServices & {
  readonly now: Clock;
  readonly businesses: Businesses;
  readonly complaints: Complaints;
  readonly direct: Direct;
  readonly settlement: Settlement;
};

const clerk = { actor: 'demo:seller', address: '' } as const;
const buyers = {
  direct: { name: 'Trịnh Văn Bền', phone: '0912000301' },
  complaint: { name: 'Sơn Thị Mỹ', phone: '0912000302' },
} as const;
/** Of a business that is paid itself, and of one that the exchange collects for. */
const wanted = { direct: 'hanh-tim-den-len-men', complaint: 'hanh-tim-vinh-chau-tui-luoi' } as const;

async function findGood({ products }: ClaimServices, slug: string) {
  const id = await products.findId(slug);
  const [card] = id ? await products.listCards([id]) : [];
  const variant = card?.variants[0];
  const live = id && (await products.findLive(id));
  if (!variant || !live || variant.available < 5 * variant.minOrder) return undefined;
  return { businessId: live.businessId, lines: [{ variantId: variant.variantId, quantity: variant.minOrder }] };
}

async function choose(services: ClaimServices, businessId: BusinessId): Promise<void> {
  const { businesses, settlement, direct } = services;
  const draft = { bankBin: '970405', number: '7205000123456', holderName: 'CTY TNHH HANH DEN DUYEN HAI' };
  await businesses.setBankAccount({ actor: clerk.actor }, businessId, draft);
  await settlement.confirmAccount({ actor: 'demo:finance' }, businessId, 'Gọi số ghi trong hồ sơ, giám đốc trả lời');
  await direct.chooseMode({ ...clerk, businessIds: [businessId] }, businessId, { mode: 'direct', holdHours: 24 });
}

/** A business that is paid itself, with an order that waits for its shopper's transfer and one whose money came. */
async function loadDirect(services: ClaimServices): Promise<void> {
  const good = await findGood(services, wanted.direct);
  if (!good) return;
  const { businessId, lines } = good;
  await choose(services, businessId);
  for (const isReceived of [true, false]) {
    const { orders } = await openOrder(services, buyers.direct, lines);
    for (const { code, totalVnd } of orders) {
      await services.direct.pay(code, 'guest');
      const said = { amountVnd: totalVnd, bankReference: 'FT26331004512' };
      if (isReceived) await services.direct.receiveBySeller({ ...clerk, businessIds: [businessId] }, code, said);
    }
  }
}

/** One that waits for the business, one that waits for an officer, and one that both settled by a refund of part. */
async function loadComplaints(services: ClaimServices): Promise<void> {
  const good = await findGood(services, wanted.complaint);
  if (!good) return;
  const { complaints } = services;
  const buyer = buyers.complaint;
  const shopper = { actor: 'guest', phone: buyer.phone };
  const seller = { ...clerk, businessIds: [good.businessId] };
  const said = [
    ['late', 'other', 'Đặt ba ngày rồi mới thấy giao, hỏi thì chưa ai trả lời.'],
    ['quality', 'refund-whole', 'Củ bị mềm và lên mốc ở giữa túi, tôi không dùng được.'],
    ['damaged', 'refund-part', 'Túi lưới rách, thiếu chừng một nắm hành.'],
  ] as const;
  const codes: string[] = [];
  for (const [turn, [kind, wish, text]] of said.entries()) {
    const [about = ''] = await buy(services, buyer, good.lines, `claim-${turn}`);
    const wishVnd = wish === 'refund-part' ? vnd(10_000) : undefined;
    const { code } = await complaints.fileComplaint(shopper, { subject: 'order', about, kind, wish, wishVnd, text });
    codes.push(code);
  }
  const [, refused = '', settled = ''] = codes;
  const because = 'Chúng tôi đã kiểm tra trước khi gói, hành còn tốt. Nhờ sàn xem giúp.';
  await complaints.refuseComplaint(refused, seller, because);
  const offer = { kind: 'refund', amountVnd: vnd(10_000), text: 'Xin lỗi chị, chúng tôi hoàn phần thiếu.' } as const;
  await complaints.offer(settled, seller, offer);
  await complaints.acceptOffer(settled, shopper);
}

/** What money that goes past the exchange, and buyers who are not content, leave on the desks of the first day. */
export async function loadClaims(services: ClaimServices): Promise<void> {
  await loadComplaints(services);
  await loadDirect(services);
}
