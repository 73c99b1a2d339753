import type { FastifyPluginAsync } from 'fastify';
import { ownBusinesses } from '#http/access.ts';
import { httpProblem } from '#http/problems.ts';
import { type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { keeperOf } from './routes.ts';
import type { Couriers } from './service.ts';
import { CARRIERS, type CarrierKey } from './types.ts';

export type CourierPageDeps = { readonly site: Site; readonly couriers: Couriers };
type Parcel = Awaited<ReturnType<Couriers['listParcels']>>[number];

const path = '/ban-hang/van-chuyen';
const names: Readonly<Record<CarrierKey, string>> = { ghn: 'Giao Hàng Nhanh', ghtk: 'Giao Hàng Tiết Kiệm' };
const nameOf = (carrier: string): string => Object.entries(names).find(([key]) => key === carrier)?.[1] ?? carrier;

const act = (view: View, code: string, verb: string, label: string): SafeHtml =>
  html`<form method="post" action="${view.link(path)}">${csrfField(view.csrf)}<input type="hidden" name="parcel" value="${code}"><button class="button quiet" type="submit" name="do" value="${verb}">${label}<span class="hidden"> ${code}</span></button></form>`;

/** What can be done with a parcel: a carrier asked, or told not to come. Sending it by hand stands with the order. */
function acts(view: View, { code, state, booking }: Parcel, carriers: readonly CarrierKey[]): SafeHtml | false {
  const { t, link } = view;
  if (state !== 'created' || booking?.state === 'asked') return false;
  if (booking?.state === 'booked')
    return html`<p class="row"><a class="button" href="${`/v1/seller/parcels/${code}/label`}">${t('courier.label')}<span class="hidden"> ${code}</span></a>${act(view, code, 'cancel', t('courier.cancel'))}</p>`;
  return html`<div class="row">${carriers.map((carrier) => act(view, code, carrier, t('courier.book', { carrier: names[carrier] })))}<a href="${link('/ban-hang/don-hang')}">${t('courier.byHand')}</a></div>`;
}

const parcelCard = (view: View, parcel: Parcel, carriers: readonly CarrierKey[]): SafeHtml => {
  const { t, format } = view;
  const { code, orderCode, recipient, booking, carrier, trackingNumber, createdAt } = parcel;
  return html`<li class="box stack"><h2 class="code">${code}</h2><p><span class="tag">${t(`parcel.${parcel.state}`)}</span> <span class="small soft">${orderCode} · ${recipient} · ${format.dateTime(createdAt)}</span></p>
${trackingNumber !== null && html`<p>${t('order.carrier', { carrier: nameOf(carrier ?? ''), number: trackingNumber })}</p>`}
${booking?.feeVnd != null && html`<p class="small">${t('courier.fee', { fee: format.vnd(booking.feeVnd) })}</p>`}
${booking?.state === 'asked' && html`<p class="notice wait">${t('courier.asked', { carrier: names[booking.carrier] })}</p>`}
${booking?.state === 'refused' && html`<p class="notice bad">${t('courier.refused', { carrier: names[booking.carrier], reason: booking.reason ?? '' })}</p>`}${acts(view, parcel, carriers)}</li>`;
};

async function draw(
  context: PageContext,
  { couriers }: CourierPageDeps,
  faults: readonly Fault[] = [],
): Promise<SafeHtml> {
  const { view, request } = context;
  const { t } = view;
  const parcels = await couriers.listParcels(ownBusinesses(request));
  const carriers = couriers.carriers();
  return deskLayout(view, 'seller', {
    title: t('courier.title'),
    part: path,
    body: html`<div class="narrow stack"><p>${t(carriers.length > 0 ? 'courier.lead' : 'courier.noneYet')}</p>${errorSummary(t('courier.wrong'), faults)}
${parcels.length > 0 ? html`<ul class="stack">${parcels.map((parcel) => parcelCard(view, parcel, carriers))}</ul>` : html`<p class="soft">${t('courier.noParcels')}</p>`}</div>`,
  });
}

async function send(context: PageContext, deps: CourierPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, request } = context;
  const keeper = keeperOf(request);
  const [parcel, verb] = [field('parcel').slice(0, 40), field('do')];
  const carrier = CARRIERS.find((one) => one === verb);
  if (!carrier && verb !== 'cancel')
    throw httpProblem('invalid-request', { errors: [{ pointer: '/do', detail: 'is not an act' }] });
  const faults = await faultsOf(context, () =>
    carrier ? deps.couriers.book(keeper, parcel, carrier) : deps.couriers.cancel(keeper, parcel),
  );
  return faults
    ? draw(
        context,
        deps,
        faults.map(({ message }) => ({ name: '', message })),
      )
    : seeOther(context, path);
}

/** A business's parcels, and the carriers that fetch them. */
export const courierPages: FastifyPluginAsync<CourierPageDeps> = async (app, deps) => {
  page(app, deps.site, { url: path, access: 'seller' }, (context) => draw(context, deps));
  page(app, deps.site, { method: 'POST', url: path, access: 'seller' }, (context) => send(context, deps));
};
