import type { FastifyPluginAsync } from 'fastify';
import { readCode } from '#core/ids.ts';
import { Problem } from '#core/problem.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { page, seeOther } from '#web/page.ts';
import { input } from '#web/parts/field.ts';
import { icon } from '#web/parts/icon.ts';
import { stars } from '#web/parts/stars.ts';
import type { Site, View } from '#web/view.ts';
import type { Certificates } from './service.ts';
import type { PublicCertificate } from './views.ts';

export type CertificatePageDeps = { readonly site: Site; readonly certificates: Certificates };

/** A certificate ends at the first instant of a day; the day before is the last on which it holds. */
const lastDayOf = ({ validUntil }: PublicCertificate): Date => new Date(validUntil.getTime() - 1);

/** The form stands on both pages: whoever checks one certificate often checks another. */
const checkForm = (
  { t, link }: View,
  code: string,
  error?: string,
): SafeHtml => html`<form class="box stack" action="${link('/chung-nhan')}" method="get">
${input({ name: 'code', label: t('certificate.code'), hint: t('certificate.codeHint'), value: code, error, required: true, more: html`type="text" maxlength="14" autocapitalize="characters" autocomplete="off" spellcheck="false"` })}
<button class="button" type="submit">${icon('seal')}${t('certificate.check')}</button></form>`;

function verdict({ t, format }: View, certificate: PublicCertificate): SafeHtml {
  const lastDay = format.date(lastDayOf(certificate));
  if (certificate.status === 'verified')
    return html`<p class="notice good"><b>${t('certificate.inForce')}</b> ${t('certificate.until', { date: lastDay })}</p>`;
  if (certificate.status === 'expired')
    return html`<p class="notice bad"><b>${t('certificate.expired')}</b> ${t('certificate.expiredOn', { date: lastDay })}</p>`;
  return html`<p class="notice bad"><b>${t('certificate.revoked')}</b> ${certificate.revocationReason ?? ''}</p>`;
}

function certificatePage(view: View, certificate: PublicCertificate): SafeHtml {
  const { t, format, link } = view;
  const issuedOn = new Date(`${certificate.issuedOn}T00:00:00+07:00`);
  const body = html`<div class="narrow stack"><h1>${t('certificate.title')}</h1>${verdict(view, certificate)}
<div class="decree"><p class="decree-head">${certificate.issuer}</p>
<p class="decree-stars">${stars(view, certificate.star)}</p>
<h2><a href="${link(`/san-pham/${certificate.product.slug}`)}">${certificate.product.name}</a></h2>
<p><a href="${link(`/co-so/${certificate.business.slug}`)}">${certificate.business.name}</a></p>
<dl class="facts"><dt>${t('certificate.decision')}</dt><dd>${certificate.decisionNumber}</dd>
<dt>${t('certificate.issuedOn')}</dt><dd>${format.date(issuedOn)}</dd>
<dt>${t('certificate.validUntil')}</dt><dd>${format.date(lastDayOf(certificate))}</dd>
<dt>${t('certificate.basis')}</dt><dd>${certificate.legalBasis}</dd>
<dt>${t('certificate.code')}</dt><dd class="code">${certificate.code}</dd></dl></div>
<p class="soft">${t('certificate.how')}</p>
<h2>${t('certificate.another')}</h2>${checkForm(view, '')}</div>`;
  return layout(view, {
    title: t('certificate.title'),
    description: `${certificate.product.name}: ${certificate.decisionNumber}`,
    canonical: `/chung-nhan/${certificate.code}`,
    body,
  });
}

const formPage = (view: View, code: string, error?: string): SafeHtml =>
  layout(view, {
    title: view.t('certificate.title'),
    canonical: '/chung-nhan',
    body: html`<div class="narrow stack"><h1>${view.t('certificate.title')}</h1><p>${view.t('certificate.intro')}</p>
${checkForm(view, code, error)}<p class="soft">${view.t('certificate.how')}</p></div>`,
  });

export const certificatePages: FastifyPluginAsync<CertificatePageDeps> = async (app, { site, certificates }) => {
  page(app, site, { url: '/chung-nhan', access: 'public' }, async (context) => {
    const code = readCode(context.query('code'));
    if (code === '') return formPage(context.view, '');
    try {
      const { code: known } = await certificates.getCertificate(code);
      return seeOther(context, `/chung-nhan/${known}`);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'certificate-not-found') throw error;
      void context.reply.code(404);
      return formPage(context.view, code, context.view.t('certificate.notFound'));
    }
  });
  page(app, site, { url: '/chung-nhan/:code', access: 'public' }, async ({ view, param }) =>
    certificatePage(view, await certificates.getCertificate(param('code'))),
  );
};
