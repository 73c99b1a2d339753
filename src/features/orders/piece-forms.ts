import { html, type SafeHtml } from '#web/html.ts';
import type { PageContext } from '#web/page.ts';
import { onceFields, textarea } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import { holdsPieces } from './rules/moves.ts';
import type { WantedPieces } from './rules/pieces.ts';
import type { ShipmentState } from './types.ts';
import type { SellerOrder, TrackedGroup } from './views.ts';

type Order = SellerOrder | TrackedGroup['orders'][number];
type Line = Order['lines'][number];

/** How many pieces of a line are at the seller's, in no parcel; with those packed and not sent, where `packed` says so. */
export function openOf({ shipments }: Pick<Order, 'shipments'>, line: Line, packed: boolean): number {
  const counts = (state: ShipmentState): boolean => holdsPieces(state) && !(packed && state === 'created');
  const held = shipments
    .filter(({ state }) => counts(state))
    .flatMap(({ lines }) => lines)
    .filter(({ variantId }) => variantId === line.variantId)
    .reduce((sum, { quantity }) => sum + quantity, 0);
  return Math.max(0, line.quantity - line.cancelledQuantity - held);
}

const fieldOf = 'so-';

/** Fields that ask how many pieces of each line: all of them where they are to be called off, none where they are to be packed. */
const pieceFields = (view: View, order: Order, form: PieceForm): SafeHtml =>
  html`${order.lines.map((line) => {
    const open = openOf(order, line, form.packed);
    const id = `${form.do}-${order.code}-${line.variantId}`;
    return (
      open > 0 &&
      html`<div class="row between"><label for="${id}"><span class="hidden">${view.t('cancel.pieces', { name: '' })}</span>${line.name} <small class="soft">${line.label}</small></label>
<span class="quantity"><input id="${id}" name="${fieldOf}${line.variantId}" type="number" inputmode="numeric" min="0" max="${open}" value="${form.reason ? open : 0}" required></span></div>`
    );
  })}`;

/** What the form asked for; pieces of none are left out. */
export const readPieceFields = ({ request, field }: PageContext): WantedPieces =>
  Object.keys(request.body ?? {})
    .filter((name) => name.startsWith(fieldOf))
    .flatMap((name) => {
      const text = field(name);
      const quantity = /^\d{1,6}$/.test(text) ? Number(text) : 0;
      return quantity > 0 ? [{ variantId: name.slice(fieldOf.length), quantity }] : [];
    });

export type PieceForm = {
  readonly action: string;
  readonly do: string;
  readonly hidden: Readonly<Record<string, string>>;
  readonly title: string;
  readonly text: string;
  readonly button: string;
  /** Pieces that are packed and not sent may be named too. */
  readonly packed: boolean;
  /** Asked for, with what was typed before. */
  readonly reason?: { readonly value: string; readonly error?: string | undefined };
  readonly open?: boolean;
};

const openLines = (order: Order, packed: boolean): number =>
  order.lines.filter((line) => openOf(order, line, packed) > 0).length;

/** A form that opens on demand: which pieces, and why. Nothing where no piece is left to choose. */
export const pieceForm = (view: View, order: Order, form: PieceForm): SafeHtml | false =>
  openLines(order, form.packed) > 0 &&
  html`<details class="more"${form.open && html` open`}><summary>${form.title}</summary><form class="stack" method="post" action="${view.link(form.action)}">${onceFields(view)}
<input type="hidden" name="version" value="${order.version}">${Object.entries(form.hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<p class="small soft">${form.text}</p>${pieceFields(view, order, form)}
${
  form.reason &&
  textarea({
    name: `ly-do-${order.code}`,
    label: view.t('cancel.reason'),
    hint: view.t('cancel.reasonHint'),
    value: form.reason.value,
    error: form.reason.error,
    more: html`rows="2" maxlength="500"`,
  })
}<button class="button quiet" type="submit" name="do" value="${form.do}">${form.button}<span class="hidden"> ${order.code}</span></button></form></details>`;
