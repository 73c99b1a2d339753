import { newSecret } from '#core/ids.ts';
import { type Vnd, vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import type { DeliveryRequest } from '#features/carts/index.ts';
import type { GatewayOutcome, PaymentId } from '#features/payments/types.ts';
import { quoteRequestOf, refuseQuote, termsOf, type Wished } from './asking.ts';
import { ADVANCE_QUEUE, type Deps } from './deps.ts';
import {
  findLeg,
  findWaitingLeg,
  insertLeg,
  type LegChange,
  type LegRow,
  listCartLines,
  listRefunds,
  lockLeg,
  saveLeg,
  takeFromCart,
} from './queries.ts';
import { payWithinMs, samePrices, totalOf, transferUntil } from './rules.ts';
import { transferSession } from './transfers.ts';
import { exchangeOrderProblems, type LegId, type LegMethod, type LegState, type LegTerms, WAITING } from './types.ts';
import { findPartnerName, type LegView, listListed, viewOfLeg } from './views.ts';

const refuse = refusals(exchangeOrderProblems);

export type QuoteAsked = DeliveryRequest & { readonly cartId: string; readonly partnerKey: string };
export type Accepted = {
  readonly legId: LegId;
  readonly shippingCode: string;
  /** What the shopper was shown. Another sum is shown again before anything is paid. */
  readonly totalVnd: number;
  readonly ageConfirmed: boolean;
  readonly method?: LegMethod;
};

export async function getLeg(deps: Pick<Deps, 'db'>, id: string): Promise<LegRow> {
  const leg = await findLeg(deps.db, id as LegId);
  if (!leg) throw refuse('leg-not-found');
  return leg;
}

/** What a shopper's bank needs to know, while the goods are held for a transfer. */
function transferOf({ transfer }: Pick<Deps, 'transfer'>, leg: LegRow) {
  if (leg.state !== 'awaiting-transfer' || !transfer || leg.acceptedVnd === null || !leg.confirmBy) return null;
  const { account, makeQr } = transfer;
  const amountVnd = vnd(leg.acceptedVnd - leg.receivedVnd);
  const payload = makeQr({ amountVnd, memo: leg.code, account });
  return { ...account, payload, memo: leg.code, amountVnd, until: transferUntil(leg.confirmBy).toISOString() };
}

export const showLeg = async (deps: Pick<Deps, 'db' | 'transfer'>, leg: LegRow): Promise<LegView> => {
  const [seller, refunds] = await Promise.all([findPartnerName(deps.db, leg.partnerKey), listRefunds(deps.db, leg.id)]);
  return viewOfLeg(leg, seller, refunds, transferOf(deps, leg));
};

/** What the cart has of this exchange, by the offers that it knows them by. */
async function wishedIn({ db, now }: Deps, cartId: string, partnerKey: string): Promise<readonly Wished[]> {
  const lines = (await listCartLines(db, cartId)).filter((line) => line.partnerKey === partnerKey);
  const listed = await listListed(
    db,
    lines.map(({ variantId }) => variantId),
    now(),
  );
  return lines.flatMap(({ variantId, quantity }) => {
    const one = listed.find((candidate) => candidate.variantId === variantId);
    return one ? [{ uri: one.offerUri, name: one.name, label: one.label, quantity }] : [];
  });
}

/** Prices of the origin itself: neither the search index nor our copy of its catalogue is believed. */
async function askQuote(
  { origins }: Deps,
  leg: Pick<LegRow, 'partnerKey' | 'delivery'>,
  wished: readonly Wished[],
): Promise<LegTerms> {
  const outcome = await origins.quote(leg.partnerKey, quoteRequestOf(wished, leg));
  if ('refused' in outcome) return refuseQuote(outcome.refused);
  const terms = 'ok' in outcome ? termsOf(outcome.ok, wished) : undefined;
  if (!terms) throw refuse('origin-silent');
  return terms;
}

const move = (leg: LegRow, state: LegState, at: Date): LegChange =>
  leg.state === state ? {} : { state, stateSince: at };

/** The leg of the cart at this exchange that still waits for its shopper, or a new one. */
async function openDraft(deps: Deps, asked: QuoteAsked): Promise<LegRow> {
  const { db, now, codes, carts } = deps;
  const { cartId, partnerKey } = asked;
  return transact(db, 'guest', async (tx) => {
    const delivery = await carts.checkDelivery(tx, asked);
    const known = await findWaitingLeg(tx, cartId, partnerKey);
    const { phone } = delivery.recipient;
    if (known) return known.state === 'authorising' ? known : saveLeg(tx, known, { delivery, phone });
    const [code = ''] = await codes.take(tx, 'exchange-leg', 1);
    const at = now();
    const row = { id: newSecret() as LegId, code, cartId, partnerKey, state: 'draft' as const, delivery, phone };
    const made = await insertLeg(tx, {
      ...row,
      stateSince: at,
      createdAt: at,
      nextAt: new Date(at.getTime() + payWithinMs),
    });
    if (!made) throw refuse('leg-under-way');
    return made;
  });
}

/** Asks the exchange what this costs and shows it. What the shopper saw in the cart before is no promise of theirs. */
export async function quoteLeg(deps: Deps, asked: QuoteAsked): Promise<LegView> {
  const { db, now, origins, carts } = deps;
  await carts.getCart(asked.cartId);
  const wished = await wishedIn(deps, asked.cartId, asked.partnerKey);
  if (wished.length === 0) throw refuse('leg-empty');
  if (!(await origins.isOrderable(asked.partnerKey))) throw refuse('not-orderable', { partner: asked.partnerKey });
  const draft = await openDraft(deps, asked);
  // It is being paid already: its terms stay until it is, or its time is over.
  if (draft.state === 'authorising') return showLeg(deps, draft);
  const terms = await askQuote(deps, draft, wished);
  return transact(db, 'guest', async (tx) => {
    const leg = await lockLeg(tx, draft.id);
    if (!leg || leg.state === 'authorising') throw refuse('leg-under-way');
    const shippingCode = terms.shipping.some(({ code }) => code === leg.shippingCode)
      ? leg.shippingCode
      : (terms.shipping[0]?.code ?? null);
    const at = now();
    const state = leg.state === 'price-changed' ? ('quoted' as const) : leg.state === 'draft' ? 'quoted' : leg.state;
    const saved = await saveLeg(tx, leg, {
      ...move(leg, state, at),
      terms,
      shippingCode,
      nextAt: new Date(at.getTime() + payWithinMs),
    });
    return viewOfLeg(saved, await findPartnerName(tx, saved.partnerKey), [], null);
  });
}

/** Nobody pays what they have not seen: other prices than the shown ones are kept, shown, and not accepted. */
async function acceptTerms(deps: Deps, leg: LegRow, fresh: LegTerms, accepted: Accepted): Promise<LegRow | 'changed'> {
  const { db, now } = deps;
  return transact(db, 'guest', async (tx) => {
    const locked = await lockLeg(tx, leg.id);
    if (!locked || locked.version !== leg.version || !locked.terms) throw refuse('leg-under-way');
    const at = now();
    const agreed = agreedOn(locked.terms, fresh, accepted, at);
    const nextAt = new Date(at.getTime() + payWithinMs);
    if (agreed.acceptedVnd === undefined) {
      await saveLeg(tx, locked, { ...move(locked, 'price-changed', at), ...agreed, nextAt });
      return 'changed';
    }
    if (accepted.method === 'vietqr') return promise(deps, tx, locked, agreed);
    return saveLeg(tx, locked, { ...move(locked, 'authorising', at), ...agreed, nextAt });
  });
}

/** What a leg says from now on; without an accepted sum where that is another one than was shown. */
function agreedOn(shown: LegTerms, fresh: LegTerms, accepted: Accepted, at: Date): LegChange {
  const total = totalOf(fresh, accepted.shippingCode);
  const terms = { terms: fresh, shippingCode: accepted.shippingCode };
  if (total === undefined) return { ...terms, shippingCode: fresh.shipping[0]?.code ?? null };
  if (!samePrices(shown, fresh) || total !== accepted.totalVnd) return terms;
  return { ...terms, acceptedVnd: total, acceptedAt: at, ageConfirmedAt: accepted.ageConfirmed ? at : null };
}

/** A transfer is promised: the goods are reserved first, and its shopper pays while they are held. */
async function promise({ jobs, now }: Deps, tx: Tx, leg: LegRow, agreed: LegChange): Promise<LegRow> {
  const at = now();
  const saved = await saveLeg(tx, leg, {
    ...move(leg, 'reserving', at),
    ...agreed,
    method: 'vietqr',
    sessionId: transferSession(leg.id),
    authorisedAt: at,
    nextAt: at,
    attempts: 0,
  });
  await takeBought(tx, saved, at);
  await jobs.add(tx, ADVANCE_QUEUE, [{ legId: leg.id }]);
  return saved;
}

/** Opens the page at which the money is set aside. Asked again it is the same page: the leg is its key. */
async function openPayment(deps: Deps, leg: LegRow): Promise<LegRow> {
  const { gateway, publicUrl, db } = deps;
  if (leg.redirectUrl !== null) return leg;
  if (!gateway || leg.acceptedVnd === null || leg.acceptedAt === null) throw refuse('leg-payment-closed');
  const back = `${publicUrl}/mua-lien-san/${leg.id}`;
  const session = await gateway
    .start({
      paymentId: leg.id as string as PaymentId,
      code: leg.code,
      amountVnd: leg.acceptedVnd,
      description: `Chợ Nổi ${leg.code}`,
      successUrl: `${back}?tra=1`,
      cancelUrl: back,
      startedAt: leg.acceptedAt,
      expiresAt: leg.nextAt ?? leg.acceptedAt,
      address: '127.0.0.1',
      capture: 'manual',
      metadata: { leg: leg.id, partner: leg.partnerKey },
    })
    .catch((cause: unknown) => {
      throw Object.assign(refuse('origin-silent'), { cause });
    });
  return transact(db, 'guest', async (tx) => {
    const locked = await lockLeg(tx, leg.id);
    if (locked?.state !== 'authorising') throw refuse('leg-under-way');
    return saveLeg(tx, locked, session);
  });
}

/** The shopper agrees to what was shown. The exchange is asked once more first, and other prices are shown anew. */
export async function acceptLeg(deps: Deps, accepted: Accepted): Promise<LegView> {
  const leg = await getLeg(deps, accepted.legId);
  const { method = 'stripe' } = accepted;
  if (!deps.methods.includes(method)) throw refuse('leg-payment-closed', { methods: deps.methods });
  if (leg.state === 'authorising') return showLeg(deps, await openPayment(deps, leg));
  if ((leg.state !== 'quoted' && leg.state !== 'price-changed') || !leg.terms) throw refuse('leg-under-way');
  if (leg.terms.needsAge && !accepted.ageConfirmed) throw refuse('leg-age-not-confirmed', { pointer: '/ageConfirmed' });
  const taken = await acceptTerms(deps, leg, await askQuote(deps, leg, leg.terms.lines), accepted);
  if (taken === 'changed') throw refuse('leg-terms-changed', { legId: leg.id });
  return showLeg(deps, method === 'vietqr' ? taken : await openPayment(deps, taken));
}

/** What was bought leaves the cart, as far as it is still there. */
async function takeBought(tx: Tx, leg: LegRow, at: Date): Promise<void> {
  const lines = (await listCartLines(tx, leg.cartId)).filter(({ partnerKey }) => partnerKey === leg.partnerKey);
  const listed = await listListed(
    tx,
    lines.map(({ variantId }) => variantId),
    at,
  );
  for (const { variantId, offerUri } of listed) {
    const bought = leg.terms?.lines.find(({ uri }) => uri === offerUri);
    if (bought) await takeFromCart(tx, leg.cartId, variantId, bought.quantity);
  }
}

/** The money is set aside: from here on the leg goes on by itself. */
async function begin(
  { jobs, now, ledger }: Deps,
  tx: Tx,
  leg: LegRow,
  { reference, isTaken }: { readonly reference: string; readonly isTaken: boolean },
): Promise<void> {
  const at = now();
  // A provider that sets nothing aside has taken it: should the goods not be there, it goes back.
  const takenVnd = isTaken ? leg.acceptedVnd : null;
  if (takenVnd !== null) await ledger.bookLegReceipt(tx, 'clearing:stripe', leg.id, `leg:${leg.id}`, takenVnd);
  await saveLeg(tx, leg, {
    state: 'authorised',
    stateSince: at,
    authorisedAt: at,
    capturedAt: isTaken ? at : null,
    receivedVnd: takenVnd ?? leg.receivedVnd,
    paymentReference: reference,
    nextAt: at,
    attempts: 0,
  });
  await takeBought(tx, leg, at);
  await jobs.add(tx, ADVANCE_QUEUE, [{ legId: leg.id }]);
}

/** What of the shopper's money is there: set aside, or taken where a provider sets nothing aside. */
const setAsideIn = (outcome: GatewayOutcome) => {
  if (outcome.kind === 'paid') return { reference: outcome.reference, isTaken: true };
  const reference = outcome.kind === 'pending' ? outcome.authorised : undefined;
  return reference === undefined ? undefined : { reference, isTaken: false };
};

const lapse = (tx: Tx, leg: LegRow, at: Date): Promise<LegRow> =>
  saveLeg(tx, leg, { state: 'lapsed', stateSince: at, nextAt: null });

/**
 * What became of a payment that waits: the provider is asked, whoever brought the news. Past its time the page is closed
 * first, so that nobody pays for prices that do not hold any more.
 */
export async function refreshLeg(deps: Deps, id: LegId): Promise<void> {
  const { db, now, gateway } = deps;
  const leg = await findLeg(db, id);
  if (!leg || !WAITING.includes(leg.state)) return;
  const isOver = leg.nextAt !== null && leg.nextAt <= now();
  const money = leg.sessionId === null ? undefined : atProvider(leg, leg.sessionId);
  let outcome = money && (await gateway?.query(money));
  if (isOver && money && outcome?.kind === 'pending' && outcome.authorised === undefined)
    outcome = await gateway?.void(money);
  await transact(db, 'system:exchange-orders', async (tx) => {
    const locked = await lockLeg(tx, id);
    if (!locked || locked.version !== leg.version) return;
    const held = outcome && setAsideIn(outcome);
    if (held) await begin(deps, tx, locked, held);
    else if (outcome?.kind === 'declined' || (isOver && !money)) await lapse(tx, locked, now());
    else if (isOver) await saveLeg(tx, locked, { nextAt: new Date(now().getTime() + 60_000) });
  });
}

export const atProvider = (leg: LegRow, sessionId: string) => ({
  sessionId,
  reference: leg.paymentReference ?? '',
  startedAt: leg.acceptedAt ?? leg.createdAt,
  amountVnd: leg.acceptedVnd as Vnd,
});
