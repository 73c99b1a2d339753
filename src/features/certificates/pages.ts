import type { FastifyPluginAsync } from 'fastify';
import QRCode from 'qrcode';
import { startOfLocalDay } from '#core/clock.ts';
import { readCode } from '#core/ids.ts';
import { Problem } from '#core/problem.ts';
import { html, type SafeHtml, trusted } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther, sendFile } from '#web/page.ts';
import { input } from '#web/parts/field.ts';
import { icon } from '#web/parts/icon.ts';
import { kindName, kindStamp, stars } from '#web/parts/stars.ts';
import type { Site, View } from '#web/view.ts';
import type { Certificates } from './service.ts';
import type { PublicCertificate } from './views.ts';
import { causeName, dayName, lastDayOf } from './words.ts';

export type CertificatePageDeps = { readonly site: Site; readonly certificates: Certificates };

/** The form stands on both pages: whoever checks one certificate often checks another. */
const checkForm = (
  { t, link }: View,
  code: string,
  error?: string,
): SafeHtml => html`<form class="box stack" action="${link('/chung-nhan')}" method="get">
${input({ name: 'code', label: t('certificate.code'), hint: t('certificate.codeHint'), value: code, error, required: true, more: html`type="text" maxlength="14" autocapitalize="characters" autocomplete="off" spellcheck="false"` })}
<button class="button" type="submit">${icon('seal')}${t('certificate.check')}</button></form>`;

function verdict(view: View, { status, validUntil, revocationCause, revocationReason }: PublicCertificate): SafeHtml {
  const { t } = view;
  const date = lastDayOf(view, validUntil);
  if (status === 'verified')
    return html`<p class="notice good"><b>${t('certificate.inForce')}</b> ${validUntil ? t('certificate.until', { date }) : date}</p>`;
  if (status === 'expired')
    return html`<p class="notice bad"><b>${t('certificate.expired')}</b> ${t('certificate.expiredOn', { date })}</p>`;
  const cause = causeName(view, revocationCause);
  return html`<p class="notice bad"><b>${t('certificate.revoked')}</b> ${cause}${cause && ': '}${revocationReason}</p>`;
}

const paperOf = (view: View, certificate: PublicCertificate): SafeHtml => {
  const { t, link } = view;
  const { kind, star, validUntil, product, business } = certificate;
  return html`<div class="decree"><p class="decree-head">${certificate.issuer}</p>
<p class="decree-stars">${star === null ? kindStamp(view, kind) : stars(view, star)}</p>
<h2><a href="${link(`/san-pham/${product.slug}`)}">${product.name}</a></h2>
<p><a href="${link(`/co-so/${business.slug}`)}">${business.name}</a></p>
<dl class="facts"><dt>${t(kind === 'ocop' ? 'certificate.decision' : 'certificate.number')}</dt><dd>${certificate.decisionNumber}</dd>
<dt>${t('certificate.issuedOn')}</dt><dd>${dayName(view, certificate.issuedOn)}</dd>
<dt>${t('certificate.validUntil')}</dt><dd>${lastDayOf(view, validUntil)}</dd>
<dt>${t('certificate.basis')}</dt><dd>${certificate.legalBasis}</dd>
<dt>${t('certificate.code')}</dt><dd class="code">${certificate.code}</dd></dl></div>`;
};

/** Issue, verification and end, each with its day, in their order. */
function historyOf(view: View, certificate: PublicCertificate): SafeHtml {
  const { t, format } = view;
  const { status, issuer, issuedOn, validUntil, verifiedAt, revokedAt } = certificate;
  const { revocationDecisionNumber: number, revocationDecidedOn } = certificate;
  const byDecision =
    number && revocationDecidedOn
      ? ` ${t('certificate.history.byDecision', { number, date: dayName(view, revocationDecidedOn) })}`
      : '';
  const steps: readonly (readonly [at: Date | null, what: string])[] = [
    [startOfLocalDay(issuedOn), `${t('certificate.history.issued')} (${issuer})`],
    [verifiedAt, t('certificate.history.verified')],
    [status === 'expired' ? validUntil : null, t('certificate.history.expired')],
    [revokedAt, `${t('certificate.history.revoked')}${byDecision}`],
  ];
  const known = steps.flatMap(([at, what]) => (at ? [{ at, what }] : [])).sort((one, other) => +one.at - +other.at);
  return html`<section class="stack" aria-labelledby="history"><h2 id="history">${t('certificate.history')}</h2>
<ol class="history">${known.map(({ at, what }) => html`<li><b>${format.date(at)}</b> ${what}</li>`)}</ol></section>`;
}

const qrOf = ({ t, link }: View, code: string, svg: string): SafeHtml =>
  // The QR library's own markup: rectangles made from our address, no text of anybody's.
  html`<section class="box certificate-qr"><div class="qr-code">${trusted(svg.slice(svg.indexOf('<svg')).replace('<svg ', `<svg role="img" aria-label="${t('certificate.qr')}" `))}</div>
<div class="stack"><p>${t('certificate.qrText')}</p><p><a href="${link(`/chung-nhan/${code}/ma-qr.svg`)}">${t('certificate.qr')} (SVG)</a></p>
<p><a href="/v1/certificates/${code}/statement">${t('certificate.statement')}</a></p><p class="small soft">${t('certificate.statementText')}</p></div></section>`;

function certificatePage(view: View, certificate: PublicCertificate, svg: string): SafeHtml {
  const { t } = view;
  const { code, kind, product, decisionNumber } = certificate;
  const body = html`<div class="narrow stack"><h1>${t('certificate.title')}</h1>${verdict(view, certificate)}
${paperOf(view, certificate)}
<p class="soft">${t('certificate.how')}</p>
${historyOf(view, certificate)}
${qrOf(view, code, svg)}
<h2>${t('certificate.another')}</h2>${checkForm(view, '')}</div>`;
  return layout(view, {
    title: `${t('certificate.title')} ${code}`,
    description: `${product.name}: ${kindName(view, kind)} ${decisionNumber}`,
    canonical: `/chung-nhan/${code}`,
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

/** Leads back to the page of the certificate, so that a label on a jar can be checked in front of the shelf. */
const drawQr = ({ publicUrl }: Site, code: string): Promise<string> =>
  QRCode.toString(`${publicUrl}/chung-nhan/${code}`, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });

async function find(context: PageContext, certificates: Certificates): Promise<SafeHtml | typeof SENT> {
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
}

export const certificatePages: FastifyPluginAsync<CertificatePageDeps> = async (app, { site, certificates }) => {
  page(app, site, { url: '/chung-nhan', access: 'public' }, (context) => find(context, certificates));
  page(app, site, { url: '/chung-nhan/:code', access: 'public' }, async ({ view, param }) => {
    const certificate = await certificates.getCertificate(param('code'));
    return certificatePage(view, certificate, await drawQr(site, certificate.code));
  });
  page(app, site, { url: '/chung-nhan/:code/ma-qr.svg', access: 'public' }, async (context) => {
    const { code } = await certificates.getCertificate(context.param('code'));
    return sendFile(context, Buffer.from(await drawQr(site, code)), 'image/svg+xml', `${code}.svg`);
  });
};
