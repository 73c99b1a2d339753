import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { claimForm, heldByMe } from '#web/parts/claim.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, fileInput, input, select } from '#web/parts/field.ts';
import { stars } from '#web/parts/stars.ts';
import type { View } from '#web/view.ts';
import { checklistBoxes } from './review-page.ts';
import { type JudgedRow, ROW_OUTCOMES, type RowOutcome } from './rules/matching.ts';
import type { Certificates } from './service.ts';
import { dayName } from './words.ts';

const part = '/quan-tri/chung-nhan';
/** Of each group; the result has them all. */
const shownRows = 50;

export type ImportForm = { readonly issuer: string; readonly decisionNumber: string; readonly issuedOn: string };
export type ImportFormPage = {
  readonly form: ImportForm;
  readonly fault?: { readonly name: string; readonly message: string } | undefined;
  readonly recent: Awaited<ReturnType<Certificates['listImports']>>;
  readonly mayDecide: boolean;
};

const recentList = (view: View, recent: ImportFormPage['recent']): SafeHtml | false => {
  const { t, format, link } = view;
  return (
    recent.length > 0 &&
    html`<section class="section" aria-labelledby="recent"><h2 id="recent">${t('certImport.recent')}</h2><ul class="stack">${recent.map(
      (one) => html`<li class="box"><a href="${link(`${part}/nhap/${one.importId}`)}"><b>${one.decisionNumber}</b></a>
<p class="soft">${one.issuer} · ${dayName(view, one.issuedOn)} · ${format.dateTime(one.createdAt)}</p>
<p>${one.recordedCount === null ? html`<span class="tag wait">${t('certImport.waiting')}</span>` : html`<span class="tag good">${t('certImport.recorded', { count: one.recordedCount })}</span>`}</p></li>`,
    )}</ul></section>`
  );
};

function uploadForm(view: View, { form, fault }: ImportFormPage): SafeHtml {
  const { t, link } = view;
  const errorOf = (name: string) => (fault?.name === name ? fault.message : undefined);
  const again = fault && !['evidence', 'list'].includes(fault.name) ? t('certDesk.fileAgain') : undefined;
  const field = (name: keyof ImportForm, label: string, hint: string, more: SafeHtml): SafeHtml =>
    input({ name, label, hint, value: form[name], error: errorOf(name), required: true, more });
  return html`<form class="stack" method="post" enctype="multipart/form-data" action="${link(`${part}/nhap`)}">${csrfField(view.csrf)}
${errorSummary(t('checkout.faults'), fault ? [fault] : [])}
${field('issuer', t('certDesk.issuer'), t('certDesk.issuerHint'), html`type="text" maxlength="200" autocomplete="off"`)}
${field('decisionNumber', t('certificate.decision'), t('certDesk.numberHint'), html`type="text" maxlength="60" autocomplete="off" spellcheck="false"`)}
${field('issuedOn', t('certificate.issuedOn'), t('certDesk.issuedHint'), html`type="date" max="2099-12-31"`)}
${fileInput({ name: 'list', label: t('certImport.list'), hint: t('certImport.listHint'), error: errorOf('list') ?? again, required: true }, '.xlsx,.csv,text/csv')}
${fileInput({ name: 'evidence', label: t('certImport.copy'), hint: t('certDesk.evidenceHint'), error: errorOf('evidence') ?? again, required: true }, 'image/jpeg,image/png,image/webp,application/pdf')}
<button class="button" type="submit">${t('certImport.send')}</button></form>`;
}

export const importFormPage = (view: View, shown: ImportFormPage): SafeHtml => {
  const { t, link } = view;
  return deskLayout(view, 'staff', {
    title: t('certImport.title'),
    part,
    body: html`<div class="narrow stack"><p class="soft">${t('certImport.intro')}</p>
<p><a class="button quiet" href="${link(`${part}/nhap/mau.csv`)}" download>${t('certImport.template')}</a></p>
${shown.mayDecide && uploadForm(view, shown)}${recentList(view, shown.recent)}</div>`,
  });
};

const groups: Readonly<Record<RowOutcome, MessageKey>> = {
  new: 'certImport.new',
  ambiguous: 'certImport.ambiguous',
  contradiction: 'certImport.contradiction',
  unknown: 'certImport.unknown',
  'wrong-star': 'certImport.wrongStar',
  'wrong-score': 'certImport.wrongScore',
  twice: 'certImport.twice',
  recorded: 'certImport.alreadyRecorded',
};

const rowLine = (view: View, { row, product, star, outcome, candidates }: JudgedRow, mayChoose: boolean): SafeHtml => {
  const { t } = view;
  const name = `dong-${row.line}`;
  const options = candidates.map((one) => ({
    value: one.productId,
    label: `${one.name} (${one.sku}), ${one.business}`,
  }));
  return html`<li><p><b>${t('certImport.line', { line: row.line })}</b> ${star === undefined ? row.star : stars(view, star)} ${[row.sku, row.gtin, row.name, row.business, row.taxCode].filter(Boolean).join(' · ')}</p>
${product && html`<p class="small soft">${product.name} (${product.sku}), ${product.business}</p>`}
${
  mayChoose &&
  outcome === 'ambiguous' &&
  select({ name, label: t('certImport.choose', { line: row.line }), value: '' }, t('certImport.notChosen'), options)
}</li>`;
};

function groupOf(view: View, outcome: RowOutcome, rows: readonly JudgedRow[], mayChoose: boolean): SafeHtml | false {
  const { t, format } = view;
  const rest = rows.length - shownRows;
  return (
    rows.length > 0 &&
    html`<details class="box"${(outcome === 'ambiguous' || outcome === 'new') && html` open`}><summary>${t(groups[outcome])} (${format.integer(rows.length)})</summary>
<ul class="stack sheet-rows">${rows.slice(0, shownRows).map((row) => rowLine(view, row, mayChoose))}</ul>
${rest > 0 && html`<p class="small soft">${t('certImport.more', { count: rest })}</p>`}</details>`
  );
}

export type ImportPage = Awaited<ReturnType<Certificates['getImport']>> & {
  readonly actor: string;
  readonly mayDecide: boolean;
  readonly done?: 'confirm' | 'verify' | undefined;
  readonly fault?: string | undefined;
  readonly checked?: readonly string[] | undefined;
};

function confirmForm(view: View, { found, rows, mayDecide }: ImportPage, grouped: SafeHtml): SafeHtml {
  const { t, link } = view;
  const count = rows.filter(({ outcome }) => outcome === 'new').length;
  const isOpen = rows.some(({ outcome }) => outcome === 'ambiguous');
  if (!mayDecide) return grouped;
  return html`<form class="stack" method="post" action="${link(`${part}/nhap/${found.id}`)}">${csrfField(view.csrf)}${grouped}
${isOpen && html`<button class="button quiet" type="submit" name="do" value="choose">${t('certImport.keep')}</button>`}
${count > 0 ? html`<button class="button" type="submit" name="do" value="confirm">${t('certImport.confirm', { count })}</button>` : html`<p class="notice wait">${t('certImport.nothing')}</p>`}</form>`;
}

function verifyForm(view: View, { found, certificates, actor, mayDecide, claim, checked = [] }: ImportPage): SafeHtml {
  const { t, link } = view;
  const waiting = certificates.filter(({ status }) => status === 'submitted');
  const verified = certificates.filter(({ status }) => status === 'verified' || status === 'expired').length;
  const progress = html`<p>${t('certImport.progress', { verified, waiting: waiting.length })}</p>`;
  if (waiting.length === 0 || !mayDecide) return progress;
  if (waiting.some(({ submittedBy }) => submittedBy === actor))
    return html`${progress}<p class="notice wait">${t('certImport.own')}</p>`;
  const action = link(`${part}/nhap/${found.id}`);
  if (!claim?.heldBy || `account:${claim.heldBy}` !== actor) return html`${progress}${claimForm(view, action, claim)}`;
  return html`${progress}${heldByMe(view, claim)}<form class="box stack" method="post" action="${action}">${csrfField(view.csrf)}
${checklistBoxes(view, checked)}<button class="button" type="submit" name="do" value="verify">${t('certImport.verify', { count: waiting.length })}</button></form>`;
}

/** What a list would do, group by group; once it is confirmed, where another certifier verifies it. */
export function importPage(view: View, shown: ImportPage): SafeHtml {
  const { t, link } = view;
  const { found, rows, done, fault } = shown;
  const isConfirmed = found.confirmedAt !== null;
  const byOutcome = Map.groupBy(rows, ({ outcome }) => outcome);
  const mayChoose = !isConfirmed && shown.mayDecide;
  const grouped = html`${ROW_OUTCOMES.map((outcome) => groupOf(view, outcome, byOutcome.get(outcome) ?? [], mayChoose))}`;
  return deskLayout(view, 'staff', {
    title: `${t('certImport.title')}: ${found.decisionNumber}`,
    part,
    body: html`<div class="narrow stack">${done && html`<p class="notice good" role="status">${t(done === 'confirm' ? 'certImport.done' : 'certImport.verified')}</p>`}
${fault && errorSummary(t('checkout.faults'), [{ name: '', message: fault }])}
<p class="soft">${found.issuer} · ${dayName(view, found.issuedOn)} · ${found.fileName}</p>
<p class="row"><a class="button quiet" href="${link(`${part}/nhap/${found.id}/quyet-dinh`)}" download>${t('certImport.copy')}</a>
<a class="button quiet" href="${link(`${part}/nhap/${found.id}/ket-qua.csv`)}" download>${t('certImport.result')}</a></p>
${isConfirmed ? html`${verifyForm(view, shown)}${grouped}` : confirmForm(view, shown, grouped)}</div>`,
  });
}
