import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { claimForm, heldByMe } from '#web/parts/claim.ts';
import { cannedReasons, deskLayout, nextInQueue, thenNext } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input, select } from '#web/parts/field.ts';
import type { Tone } from '#web/parts/status.ts';
import type { View } from '#web/view.ts';
import { CHECKLIST, type CheckItem, type CheckOutcome, type MachineCheck, REVOCATION_CAUSES } from './types.ts';
import type { ReviewedCertificate } from './views.ts';
import { causeName, dayName, lastDayOf, stampOf, stateTag } from './words.ts';

export type Refused = {
  readonly act: 'verify' | 'reject' | 'revoke';
  readonly message: string;
  readonly typed: {
    readonly checked: readonly string[];
    readonly next: string;
    readonly score: string;
    readonly reason: string;
    readonly cause: string;
    readonly decisionNumber: string;
    readonly decidedOn: string;
  };
};
type ReviewClaim = Parameters<typeof claimForm>[2];
export type Shown = {
  readonly certificate: ReviewedCertificate;
  readonly checks: readonly MachineCheck[];
  readonly claim: ReviewClaim;
  /** Who looks: whoever entered a certificate may not decide it. */
  readonly actor: string;
  readonly mayDecide: boolean;
  readonly done?: Refused['act'] | undefined;
  readonly refused?: Refused | undefined;
};

const checkNames: Readonly<Record<MachineCheck['check'], MessageKey>> = {
  issuer: 'certReview.checkIssuer',
  number: 'certReview.checkNumber',
  duplicates: 'certReview.checkDuplicates',
  holder: 'certReview.checkHolder',
  evidence: 'certReview.checkEvidence',
  dates: 'certReview.checkDates',
};
const outcomes: Readonly<Record<CheckOutcome, readonly [MessageKey, Tone]>> = {
  passed: ['certReview.passed', 'good'],
  unsure: ['certReview.unsure', 'wait'],
  failed: ['certReview.failed', 'bad'],
};
const itemNames: Readonly<Record<CheckItem, MessageKey>> = {
  'evidence-read': 'certReview.itemEvidence',
  'number-on-paper': 'certReview.itemNumber',
  'holder-on-paper': 'certReview.itemHolder',
  'product-on-paper': 'certReview.itemProduct',
};
const doneTexts: Readonly<Record<Refused['act'], MessageKey>> = {
  verify: 'certReview.doneVerified',
  reject: 'certReview.doneRejected',
  revoke: 'certReview.doneRevoked',
};

const machineList = ({ t, link }: View, checks: readonly MachineCheck[]): SafeHtml =>
  html`<section class="stack" aria-labelledby="machine"><h2 id="machine">${t('certReview.machine')}</h2>
<ul class="checks">${checks.map(({ check, outcome, codes }) => {
    const [word, tone] = outcomes[outcome];
    return html`<li><span class="tag ${tone}">${t(word)}</span> ${t(checkNames[check])}${codes.length > 0 && html`<br><span class="small">${t('certReview.others')} ${codes.map((code) => html`<a href="${link(`/chung-nhan/${code}`)}">${code}</a> `)}</span>`}</li>`;
  })}</ul></section>`;

function factsOf(view: View, certificate: ReviewedCertificate): SafeHtml {
  const { t, format, link } = view;
  const { product, business, scoreTenths, status } = certificate;
  const isPublic = status !== 'submitted' && status !== 'rejected';
  return html`<section class="box stack"><p class="row">${stampOf(view, certificate)}${stateTag(view, status)}</p>
<h2><a href="${link(`/san-pham/${product.slug}`)}">${product.name}</a></h2><p>${business.name}</p>
<dl class="facts"><dt>${t(certificate.kind === 'ocop' ? 'certificate.decision' : 'certificate.number')}</dt><dd>${certificate.decisionNumber}</dd>
<dt>${t('certDesk.issuer')}</dt><dd>${certificate.issuer}</dd>
<dt>${t('certificate.issuedOn')}</dt><dd>${dayName(view, certificate.issuedOn)}</dd>
<dt>${t('certificate.validUntil')}</dt><dd>${lastDayOf(view, certificate.validUntil)}</dd>
<dt>${t('certificate.basis')}</dt><dd>${certificate.legalBasis}</dd>
${scoreTenths !== null && html`<dt>${t('certReview.score')}</dt><dd>${(scoreTenths / 10).toLocaleString(view.locale === 'en' ? 'en' : 'vi')}</dd>`}
<dt>${t('certReview.entered')}</dt><dd>${certificate.submittedByName ?? t('certReview.unknown')}</dd>
<dt>${t('certReview.enteredAt')}</dt><dd>${format.dateTime(certificate.submittedAt)}</dd>
${certificate.verifiedAt && html`<dt>${t('certReview.verifiedBy')}</dt><dd>${certificate.verifiedByName ?? t('certReview.unknown')}, ${format.dateTime(certificate.verifiedAt)}</dd>`}
<dt>${t('certificate.code')}</dt><dd class="code">${isPublic ? html`<a href="${link(`/chung-nhan/${certificate.code}`)}">${certificate.code}</a>` : certificate.code}</dd></dl></section>`;
}

const paperOf = ({ t, link }: View, { certificateId, evidence, evidenceSha256 }: ReviewedCertificate): SafeHtml =>
  html`<section class="box stack" aria-labelledby="paper"><h2 id="paper">${t('certReview.paper')}</h2>
${
  evidence
    ? html`<p><a class="button quiet" href="${link(`/quan-tri/chung-nhan/${certificateId}/giay`)}" download>${t('certReview.open', { name: evidence.name })}</a></p>
<p class="small soft">${t('certReview.hash')}: <code class="hash">${evidenceSha256}</code></p>`
    : html`<p>${t('certReview.noPaper')}</p>`
}</section>`;

const actionOf = ({ link }: View, { certificateId }: ReviewedCertificate): string =>
  link(`/quan-tri/chung-nhan/${certificateId}`);

const faultsOf = (view: View, refused: Refused | undefined, act: Refused['act']): SafeHtml | false =>
  refused?.act === act && errorSummary(view.t('checkout.faults'), [{ name: '', message: refused.message }]);

export const checklistBoxes = ({ t }: View, checked: readonly string[]): SafeHtml =>
  html`<fieldset><legend>${t('certReview.yours')}</legend>${CHECKLIST.map(
    (item) =>
      html`<label class="choice"><input type="checkbox" name="checked" value="${item}"${checked.includes(item) && html` checked`}><span>${t(itemNames[item])}</span></label>`,
  )}</fieldset>`;

const verifyForm = (view: View, { certificate, refused }: Shown): SafeHtml => {
  const { t } = view;
  const typed = refused?.act === 'verify' ? refused.typed : undefined;
  return html`<form class="box stack" method="post" action="${actionOf(view, certificate)}">${csrfField(view.csrf)}<input type="hidden" name="do" value="verify">
${faultsOf(view, refused, 'verify')}${checklistBoxes(view, typed?.checked ?? [])}
${certificate.star !== null && input({ name: 'score', label: t('certReview.score'), hint: t('certReview.scoreHint'), value: typed?.score ?? '', more: html`type="text" inputmode="decimal" maxlength="6" autocomplete="off"` })}
${thenNext(view, typed?.next !== '')}<button class="button" type="submit" data-key="a">${t('certReview.verify')}</button></form>`;
};

const oftenSaid: readonly MessageKey[] = [
  'often.paperUnreadable',
  'often.numberDiffers',
  'often.productNotNamed',
  'often.paperOver',
];

const rejectForm = (view: View, { certificate, refused }: Shown): SafeHtml => {
  const { t } = view;
  const typed = refused?.act === 'reject' ? refused.typed : undefined;
  return html`<details class="box"${typed && html` open`}><summary>${t('certReview.reject')}</summary>
<form class="stack" method="post" action="${actionOf(view, certificate)}">${csrfField(view.csrf)}<input type="hidden" name="do" value="reject">
${faultsOf(view, refused, 'reject')}${input({ name: 'reason', label: t('certReview.reason'), hint: t('certReview.rejectHint'), value: typed?.reason ?? '', required: true, more: html`type="text" maxlength="500" autocomplete="off" list="often" data-choices="often"` })}${cannedReasons(view, 'often', oftenSaid)}
${thenNext(view, typed?.next !== '')}<button class="button quiet" type="submit" data-key="r" data-reason="reason">${t('certReview.reject')}</button></form></details>`;
};

const revokeForm = (view: View, { certificate, refused }: Shown): SafeHtml => {
  const { t } = view;
  const typed = refused?.act === 'revoke' ? refused.typed : undefined;
  const causes = REVOCATION_CAUSES.map((value) => ({ value, label: causeName(view, value) }));
  return html`<details class="box"${typed && html` open`}><summary>${t('certReview.revoke')}</summary>
<form class="stack" method="post" action="${actionOf(view, certificate)}">${csrfField(view.csrf)}<input type="hidden" name="do" value="revoke">
${faultsOf(view, refused, 'revoke')}<p class="soft">${t('certReview.revokeHint')}</p>
${select({ name: 'cause', label: t('certReview.cause'), value: typed?.cause ?? '', required: true }, t('certReview.causeChoose'), causes)}
${input({ name: 'reason', label: t('certReview.reason'), value: typed?.reason ?? '', required: true, more: html`type="text" maxlength="500" autocomplete="off"` })}
${input({ name: 'decisionNumber', label: t('certReview.revDecision'), value: typed?.decisionNumber ?? '', more: html`type="text" maxlength="60" autocomplete="off"` })}
${input({ name: 'decidedOn', label: t('certReview.revDate'), value: typed?.decidedOn ?? '', more: html`type="date" max="2099-12-31"` })}
<button class="button quiet" type="submit">${t('certReview.revoke')}</button></form></details>`;
};

const endOf = (view: View, certificate: ReviewedCertificate): SafeHtml | false => {
  const { t } = view;
  if (certificate.status === 'rejected')
    return html`<p class="notice bad">${t('certDesk.because', { reason: certificate.rejectionReason ?? '' })}</p>`;
  if (certificate.status !== 'revoked') return false;
  const reason = `${causeName(view, certificate.revocationCause)}: ${certificate.revocationReason ?? ''}`;
  return html`<p class="notice bad">${t('certDesk.because', { reason })}</p>`;
};

function verdicts(view: View, shown: Shown): SafeHtml | false {
  const { certificate, actor, mayDecide } = shown;
  if (!mayDecide) return false;
  if (certificate.status === 'verified') return revokeForm(view, shown);
  if (certificate.status !== 'submitted') return false;
  if (certificate.submittedBy === actor) return html`<p class="notice wait">${view.t('certReview.own')}</p>`;
  const { claim } = shown;
  if (!claim?.heldBy || `account:${claim.heldBy}` !== actor) return claimForm(view, actionOf(view, certificate), claim);
  return html`${heldByMe(view, claim)}${verifyForm(view, shown)}${rejectForm(view, shown)}`;
}

/** One certificate as a certifier decides it: the facts and the paper on one side, checks and verdict on the other. */
export function reviewPage(view: View, shown: Shown): SafeHtml {
  const { t, link } = view;
  const { certificate, checks, done } = shown;
  return deskLayout(view, 'staff', {
    title: t('certReview.title'),
    part: '/quan-tri/chung-nhan',
    body: html`<div class="stack">${done && html`<p class="notice good" role="status">${t(doneTexts[done])}</p>`}
<div class="review"><div class="stack">${factsOf(view, certificate)}${paperOf(view, certificate)}</div>
<div class="stack">${endOf(view, certificate)}${certificate.status === 'submitted' && machineList(view, checks)}${verdicts(view, shown)}</div></div>
${nextInQueue(view, 'certificates')}<p><a class="tall" href="${link('/quan-tri/chung-nhan?status=submitted')}">${t('certReview.backToList')}</a></p></div>`,
  });
}
