import { startOfLocalDay } from '#core/clock.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import type { View } from '#web/view.ts';
import type { CarePolicy } from './types.ts';

/**
 * The published terms (Decree 248/2026/NĐ-CP, art. 14: conditions, times, way and cost of returning), written from the row
 * by which returns are judged, so that the page cannot promise something else.
 */
export function policyPage(view: View, policy: CarePolicy): SafeHtml {
  const { t, format, link } = view;
  const count = (days: number) => ({ count: days });
  return layout(view, {
    title: t('returnPolicy.title'),
    canonical: '/chinh-sach-doi-tra',
    body: html`<div class="narrow stack"><h1>${t('returnPolicy.title')}</h1><p class="soft">${t('returnPolicy.since', { date: format.date(startOfLocalDay(policy.validFrom)) })}</p>
<section class="box stack"><h2>${t('returnPolicy.when')}</h2><ul><li>${t('returnPolicy.window', count(policy.returnDays))}</li><li>${t('returnPolicy.fresh', count(policy.perishableHours))}</li></ul></section>
<section class="box stack"><h2>${t('returnPolicy.how')}</h2><ol><li>${t('returnPolicy.seller', count(policy.sellerDays))}</li><li>${t('returnPolicy.appeal', count(policy.appealDays))}</li><li>${t('returnPolicy.officer', count(policy.officerDays))}</li>
<li>${t('returnPolicy.sendBack', count(policy.sendBackDays))}</li><li>${t('returnPolicy.receive', { count: policy.receiveDays, more: policy.inspectDays })}</li></ol></section>
<section class="box stack"><h2>${t('returnPolicy.money')}</h2><ul><li>${t('returnPolicy.method')}</li><li>${t('returnPolicy.freight')}</li><li>${t('returnPolicy.photos', count(policy.maxPhotos))}</li></ul></section>
<p><a class="button" href="${link('/doi-tra')}">${t('returnPolicy.start')}</a></p></div>`,
  });
}
