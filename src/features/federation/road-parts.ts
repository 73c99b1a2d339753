import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { csrfField, fileInput, input } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import { type Fault, invitePath, mayAct, partnersPath, reviewPath, roadPath } from './desk-parts.ts';
import type { Road } from './road.ts';
import { actorText, levelWords, ownerText, stepText, verbsText, verbWords } from './road-words.ts';
import { VERBS, type Verb } from './types.ts';
import { stateWords } from './words.ts';

/** A form as it was sent, where it was refused. Names of fields begin with the act: several forms share the page. */
export type Typed = {
  readonly act: string;
  readonly values: Readonly<Record<string, string>>;
  readonly verbs: readonly Verb[];
  readonly faults: readonly Fault[];
};
export const nothingTyped: Typed = { act: '', values: {}, verbs: [], faults: [] };

const formOf = ({ link, csrf }: View, key: string, body: SafeHtml): SafeHtml =>
  html`<form class="stack" method="post" action="${link(roadPath(key))}">${csrfField(csrf)}${body}</form>`;
const press = (view: View, key: string, act: string, name: MessageKey, quiet = false): SafeHtml =>
  formOf(
    view,
    key,
    html`<button class="button${quiet && html` quiet`}" type="submit" name="do" value="${act}">${view.t(name)}</button>`,
  );
const errorOf = ({ faults }: Typed, name: string): string | undefined =>
  faults.find((fault) => fault.name === name)?.message;

export function reasonField(view: View, act: string, typed: Typed, label = view.t('partners.reason')): SafeHtml {
  const name = `${act}-reason`;
  const more = html`type="text" maxlength="500" autocomplete="off"`;
  const value = typed.act === act ? (typed.values[name] ?? '') : '';
  return input({ name, label, value, error: errorOf(typed, name), required: true, more });
}

export function sureBox(act: string, label: string, typed: Typed): SafeHtml {
  const name = `${act}-sure`;
  const error = errorOf(typed, name);
  const isTicked = typed.act === act && typed.values[name] === 'yes';
  return html`<div class="check"><input type="checkbox" id="${name}" name="${name}" value="yes" required${isTicked && html` checked`}${error && html` aria-invalid="true" aria-describedby="${name}-error"`}><label for="${name}">${label}</label></div>${error && html`<p class="wrong" id="${name}-error">${error}</p>`}`;
}

/** The verbs as boxes, those that are shown here. */
function verbBoxes({ t }: View, act: string, ticked: readonly Verb[], shown: readonly Verb[], typed: Typed): SafeHtml {
  const name = `${act}-verbs`;
  const error = errorOf(typed, name);
  const now = typed.act === act ? typed.verbs : ticked;
  return html`<fieldset id="${name}"><legend>${t('road.verbs')}</legend>${shown.map(
    (verb) =>
      html`<div class="check"><input type="checkbox" id="${act}-${verb}" name="${name}" value="${verb}"${now.includes(verb) && html` checked`}><label for="${act}-${verb}">${t(verbWords[verb])}</label></div>`,
  )}${error && html`<p class="wrong">${error}</p>`}</fieldset>`;
}

export function proposeForm(view: View, road: Road, typed: Typed): SafeHtml {
  const { t } = view;
  const usual: readonly Verb[] =
    road.grants.length > 0 ? road.grants : road.adapter === 'native' ? ['pull', 'push'] : ['pull'];
  return formOf(
    view,
    road.key,
    html`${verbBoxes(view, 'propose', usual, VERBS, typed)}<p class="small soft">${t('road.goldNote')}</p>
${reasonField(view, 'propose', typed)}<button class="button" type="submit" name="do" value="propose">${t('road.propose')}</button>`,
  );
}

function approveForms(view: View, road: Road, me: string, typed: Typed): SafeHtml {
  const { t, format } = view;
  const open = road.promotions.find(({ outcome }) => outcome === null);
  if (!open) return html``;
  const told = {
    who: actorText(view, road, open.proposedBy),
    time: format.dateTime(open.proposedAt),
    verbs: verbsText(view, open.verbs),
    reason: open.reason,
  };
  const isMine = open.proposedBy === me;
  return html`<p>${t('road.proposal', told)}</p>
${isMine && html`<p class="notice wait">${t('road.mine')}</p>`}${!isMine && mayAct(view) && press(view, road.key, 'approve', 'road.approve')}
${mayAct(view) && formOf(view, road.key, html`${reasonField(view, 'refuse', typed, t('road.refuseReason'))}<button class="button quiet" type="submit" name="do" value="refuse">${t('road.refuse')}</button>`)}`;
}

const resultForm = ({ t, link, csrf }: View, key: string, typed: Typed): SafeHtml =>
  html`<form class="stack" method="post" enctype="multipart/form-data" action="${link(`${roadPath(key)}/ket-qua`)}">${csrfField(csrf)}${fileInput({ name: 'result', label: t('road.result'), error: errorOf(typed, 'result'), required: true }, '.json,application/json')}
<button class="button" type="submit">${t('road.upload')}</button></form>`;

const way = ({ link }: View, path: string, text: string, quiet = true): SafeHtml =>
  html`<p><a class="button${quiet && html` quiet`}" href="${link(path)}">${text}</a></p>`;

/** What an officer may press for the step that is next. */
function actsOf(view: View, road: Road, me: string, typed: Typed): SafeHtml | false {
  const { t } = view;
  const { key, next } = road;
  const invite = `${invitePath}?san=${encodeURIComponent(key)}`;
  switch (next.step) {
    case 'invite':
      return way(view, invite, t('road.toInvite'), false);
    case 'join':
      return html`${press(view, key, 'challenge', 'road.challenge')}${way(view, invite, t('road.inviteAgain'))}`;
    case 'prove':
      return press(view, key, 'challenge', 'road.challenge');
    case 'conform':
      return resultForm(view, key, typed);
    case 'open-sandbox':
      return press(view, key, 'sandbox', 'road.sandbox');
    case 'draw':
      return press(view, key, 'draw', 'road.draw');
    case 'judge':
      return way(view, reviewPath(key), t('road.toReview'), false);
    case 'mend':
      return html`${way(view, reviewPath(key), t('road.toReview'))}${press(view, key, 'draw', 'road.drawAgain')}`;
    case 'start-probation':
      return press(view, key, 'probation', 'road.probation');
    case 'propose':
      return proposeForm(view, road, typed);
    case 'approve':
      return approveForms(view, road, me, typed);
    default:
      return next.step !== 'done' && way(view, `${partnersPath}/${key}`, t('road.toDoor'));
  }
}

/** Where it goes from here: what is next, who does it, what it waits for, and the form for it. */
export function nextPart(view: View, road: Road, me: string, typed: Typed): SafeHtml {
  const { t, format } = view;
  const { by, until, step } = road.next;
  const isDecided = step === 'approve';
  return html`<section class="box stack partner ${step === 'done' ? 'good' : 'wait'}"><h2>${t('road.next')}</h2><p><b>${stepText(view, road.next)}</b></p>
${by !== 'nobody' && html`<p>${t('road.who', { who: ownerText(view, road.next) })}${until && html` ${t('road.until', { time: format.dateTime(until) })}`}</p>`}
${(mayAct(view) || isDecided) && actsOf(view, road, me, typed)}</section>`;
}

const invitationText = ({ t, format }: View, { invitation }: Road, now: Date): string => {
  if (!invitation) return t('road.invitation.none');
  const { createdAt, expiresAt, redeemedAt } = invitation;
  if (redeemedAt) return t('road.invitation.used', { time: format.dateTime(redeemedAt) });
  const until = format.dateTime(expiresAt);
  return expiresAt > now
    ? t('road.invitation.open', { time: format.dateTime(createdAt), until })
    : t('road.invitation.over', { until });
};

/** What the steps so far rest on. */
export function restsPart(view: View, road: Road, now: Date): SafeHtml {
  const { t, format, link } = view;
  const { invitation, conformance, review, promotions } = road;
  const ran = conformance && {
    level: t(levelWords[conformance.level]),
    profile: conformance.profile,
    time: format.dateTime(conformance.ranAt),
  };
  const sample = review && {
    judged: format.integer(review.judged),
    total: format.integer(review.total),
    unfit: format.integer(review.unfit),
  };
  const past = promotions.flatMap(({ outcome, decidedBy, decidedAt }) =>
    outcome && decidedBy && decidedAt
      ? [
          t(outcome === 'approved' ? 'road.past.approved' : 'road.past.refused', {
            who: actorText(view, road, decidedBy),
            time: format.dateTime(decidedAt),
          }),
        ]
      : [],
  );
  return html`<h2>${t('road.rests')}</h2><dl class="facts"><dt>${t('road.invitation')}</dt><dd>${invitationText(view, road, now)}</dd>
${invitation && html`<dt>${t('road.agreement')}</dt><dd>${invitation.legalEntity}, ${t('partnerInvite.tax')} ${invitation.taxCode}, ${invitation.domain}</dd>`}
<dt>${t('road.conformance')}</dt><dd>${ran ? t('road.conformance.of', ran) : t('road.conformance.none')}</dd>
<dt>${t('road.sample')}</dt><dd>${sample ? html`<a class="tall" href="${link(reviewPath(road.key))}">${t('road.sample.of', sample)}</a>` : t('road.sample.none')}</dd>
${past.length > 0 && html`<dt>${t('road.past')}</dt><dd>${past.join('; ')}</dd>`}</dl>`;
}

/** Every step that was taken, with who and why. */
export function logPart(view: View, road: Road): SafeHtml {
  const { t, format } = view;
  const rows = road.transitions.map(({ fromState, toState, actor, reason, at }) => {
    const moved = t('road.log.step', { from: t(stateWords[fromState]), to: t(stateWords[toState]) });
    return html`<li><b>${moved}</b><p class="small soft">${format.dateTime(at)} · ${actorText(view, road, actor)}${reason && html` · ${reason}`}</p></li>`;
  });
  return html`<h2>${t('road.log')}</h2>${rows.length === 0 ? html`<p class="soft">${t('road.log.none')}</p>` : html`<ul class="sheet-rows">${rows}</ul>`}`;
}

/** What it may do, and how that is changed. */
export function rightsPart(view: View, road: Road, typed: Typed): SafeHtml | false {
  const { t } = view;
  const { key, state, next } = road;
  const grants = VERBS.filter((verb) => road.grants.includes(verb));
  if (!['sandbox', 'probation', 'active', 'suspended'].includes(state)) return false;
  const isOpen = mayAct(view) && grants.length > 0;
  return html`<h2>${t('road.rights')}</h2>${grants.length === 0 && html`<p>${t('road.rights.none')}</p>`}${!isOpen && grants.length > 0 && html`<p>${verbsText(view, grants)}</p>`}
${isOpen && formOf(view, key, html`<p>${t('road.rights.text')}</p>${verbBoxes(view, 'grant', grants, grants, typed)}${reasonField(view, 'grant', typed)}<button class="button quiet" type="submit" name="do" value="grant">${t('road.rights.save')}</button>`)}
${mayAct(view) && state === 'active' && next.step === 'done' && html`<details${typed.act === 'propose' && html` open`}><summary>${t('road.more')}</summary>${proposeForm(view, road, typed)}</details>`}`;
}

export { errorOf, formOf, press };
