import { prorated, sumVnd, times, type Vnd, vnd } from '#core/money.ts';

/** What an order line keeps of its money; all amounts are of all its pieces. */
export type LineSums = {
  readonly quantity: number;
  readonly cancelledQuantity: number;
  readonly returnedQuantity: number;
  readonly priceVnd: Vnd;
  readonly discountVnd: Vnd;
  readonly promotionVnd: Vnd;
  readonly vatVnd: Vnd;
  readonly commissionVnd: Vnd;
  readonly commissionVatVnd: Vnd;
};

/** The money of some pieces of a line. `paidVnd` is what the shopper paid for them and what goes back for them. */
export type LinePart = {
  readonly goodsVnd: Vnd;
  readonly discountVnd: Vnd;
  /** What of the discount the exchange bears. */
  readonly promotionVnd: Vnd;
  readonly paidVnd: Vnd;
  readonly vatVnd: Vnd;
  readonly commissionVnd: Vnd;
  readonly commissionVatVnd: Vnd;
};

/** Pieces that were neither called off nor sent back. */
export const piecesLeft = (line: LineSums): number => line.quantity - line.cancelledQuantity - line.returnedQuantity;

/**
 * The money of the first `pieces` of a line. Each amount is rounded down within the one that contains it (promotion in
 * discount, fee in what the business takes), so that it grows with the pieces and no piece ever costs less than nothing.
 */
function upTo(line: LineSums, pieces: number): LinePart {
  const goodsVnd = times(line.priceVnd, pieces);
  const discountVnd = prorated(line.discountVnd, pieces, line.quantity);
  const promotionVnd = prorated(line.promotionVnd, discountVnd, line.discountVnd);
  const taken = goodsVnd - discountVnd + promotionVnd;
  const allTaken = times(line.priceVnd, line.quantity) - line.discountVnd + line.promotionVnd;
  const allFees = sumVnd([line.commissionVnd, line.commissionVatVnd]);
  const fees = prorated(allFees, taken, allTaken);
  const commissionVnd = prorated(line.commissionVnd, fees, allFees);
  return {
    goodsVnd,
    discountVnd,
    promotionVnd,
    paidVnd: vnd(goodsVnd - discountVnd),
    vatVnd: prorated(line.vatVnd, taken, allTaken),
    commissionVnd,
    commissionVatVnd: vnd(fees - commissionVnd),
  };
}

const combine = (a: LinePart, b: LinePart, by: (a: Vnd, b: Vnd) => number): LinePart => ({
  goodsVnd: vnd(by(a.goodsVnd, b.goodsVnd)),
  discountVnd: vnd(by(a.discountVnd, b.discountVnd)),
  promotionVnd: vnd(by(a.promotionVnd, b.promotionVnd)),
  paidVnd: vnd(by(a.paidVnd, b.paidVnd)),
  vatVnd: vnd(by(a.vatVnd, b.vatVnd)),
  commissionVnd: vnd(by(a.commissionVnd, b.commissionVnd)),
  commissionVatVnd: vnd(by(a.commissionVatVnd, b.commissionVatVnd)),
});

const nothing: LinePart = upTo(
  {
    quantity: 0,
    cancelledQuantity: 0,
    returnedQuantity: 0,
    priceVnd: vnd(0),
    discountVnd: vnd(0),
    promotionVnd: vnd(0),
    vatVnd: vnd(0),
    commissionVnd: vnd(0),
    commissionVatVnd: vnd(0),
  },
  0,
);

/** The sum of parts, of one line or of several. */
export const sumParts = (parts: readonly LinePart[]): LinePart =>
  parts.reduce((sum, part) => combine(sum, part, (a, b) => a + b), nothing);

/**
 * What goes back for the next `pieces` of a line, after those that its quantities say are gone. However the pieces are
 * divided, and whether called off or sent back, the parts of all of them sum to the line. RangeError for more than are left.
 */
export function refundableOf(line: LineSums, pieces: number): LinePart {
  if (!Number.isInteger(pieces) || pieces < 0 || pieces > piecesLeft(line))
    throw new RangeError(`${pieces} pieces of ${piecesLeft(line)}`);
  const gone = line.cancelledQuantity + line.returnedQuantity;
  return combine(upTo(line, gone + pieces), upTo(line, gone), (a, b) => a - b);
}
