import type { FastifyPluginAsync } from 'fastify';
import { refusals } from '#core/problem.ts';
import { byOf } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { errorSummary, select } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import {
  faultsOf,
  mayAct,
  type PartnerPageDeps,
  partnerActors,
  partnersPath,
  reviewPath,
  roadPath,
} from './desk-parts.ts';
import type { Road } from './road.ts';
import {
  errorOf,
  formOf,
  logPart,
  nextPart,
  nothingTyped,
  press,
  reasonField,
  restsPart,
  rightsPart,
  sureBox,
  type Typed,
} from './road-parts.ts';
import { standingPart } from './standing-part.ts';
import { federationProblems, VERBS, type Verb } from './types.ts';

const refuse = refusals(federationProblems);
const maxResultBytes = 1_048_576;
const endable = ['invited', 'proved', 'sandbox', 'probation', 'active', 'suspended'];

type Shown = { readonly road: Road; readonly shown: number; readonly typed: Typed };

/** The keys that prove who speaks, their successor, and how one is struck out at once. */
function keysPart(view: View, { road, shown, typed }: Shown): SafeHtml | false {
  const { t, format } = view;
  const { key, keyid, keyUntil, nextKeyid, nextKeyFrom, revokedKeys, adapter } = road;
  if (adapter !== 'native' || !keyid) return false;
  const ids = [keyid, ...(nextKeyid ? [nextKeyid] : [])];
  const options = ids.map((id) => ({
    value: id,
    label: `${t(id === keyid ? 'road.key.now' : 'road.key.next')}: ${id.slice(0, 12)}…`,
  }));
  const chosen = typed.act === 'revoke' ? (typed.values['revoke-key'] ?? '') : keyid;
  const which = {
    name: 'revoke-key',
    label: t('road.key.which'),
    value: chosen,
    error: errorOf(typed, 'revoke-key'),
    required: true,
  };
  const revoke = html`<p>${t('road.key.revokeText', { count: format.integer(shown) })}</p>${select(which, '…', options)}${reasonField(view, 'revoke', typed)}
${sureBox('revoke', t('road.key.revokeSure'), typed)}<button class="button quiet" type="submit" name="do" value="revoke">${t('road.key.revoke')}</button>`;
  const until = keyUntil && t('road.key.ends', { time: format.dateTime(keyUntil) });
  const from = nextKeyFrom && t('road.key.from', { time: format.dateTime(nextKeyFrom) });
  return html`<h2>${t('road.keys')}</h2><dl class="facts"><dt>${t('road.key.now')}</dt><dd class="hash"><code>${keyid}</code>${until && html`, ${until}`}</dd>
<dt>${t('road.key.next')}</dt><dd class="hash">${nextKeyid ? html`<code>${nextKeyid}</code>, ${from}` : t('road.key.noNext')}</dd>
${revokedKeys.map(({ keyid: gone, revokedAt, reason }) => html`<dt>${t('road.key.gone')}</dt><dd class="hash"><code>${gone}</code>, ${t('road.key.goneOf', { time: format.dateTime(revokedAt), reason })}</dd>`)}</dl>
${mayAct(view) && html`${press(view, key, 'ask-keys', 'road.key.ask', true)}<details${typed.act === 'revoke' && html` open`}><summary>${t('road.key.revoke')}</summary>${formOf(view, key, revoke)}</details>`}`;
}

/** Ending it for good. */
function endPart(view: View, { road, shown, typed }: Shown): SafeHtml | false {
  const { t, format } = view;
  if (!mayAct(view) || !endable.includes(road.state)) return false;
  const body = html`<p>${t('road.endText', { count: format.integer(shown) })}</p>${reasonField(view, 'retire', typed)}${sureBox('retire', t('road.endSure'), typed)}
<button class="button quiet" type="submit" name="do" value="retire">${t('road.endDo')}</button>`;
  return html`<h2>${t('road.end')}</h2><details${typed.act === 'retire' && html` open`}><summary>${t('road.endDo')}</summary>${formOf(view, road.key, body)}</details>`;
}

const told = {
  ok: ['road.done', 'good'],
  asked: ['road.key.asked', 'good'],
  'not-asked': ['road.key.notAsked', 'wait'],
} as const;
type Told = keyof typeof told;
const isTold = (name: string): name is Told => Object.hasOwn(told, name);

async function show(context: PageContext, { partnerDesk, now }: PartnerPageDeps, typed = nothingTyped) {
  const { view, param, query, request } = context;
  const { t, link } = view;
  const key = param('key');
  const partner = await partnerDesk.getPartner(key);
  const road = await partnerDesk.getRoad(key);
  const shown: Shown = { road, shown: partner.counts.shown, typed };
  const done = query('xong');
  const notice = isTold(done) && told[done];
  return deskLayout(view, 'staff', {
    title: t('road.title', { name: view.either(partner.nameVi, partner.nameEn) }),
    part: partnersPath,
    body: html`<div class="narrow stack">${notice && html`<p class="notice ${notice[1]}" role="status">${t(notice[0])}</p>`}${errorSummary(t('partners.faults'), typed.faults)}
${standingPart(view, road)}${nextPart(view, road, byOf(request).actor, typed)}${restsPart(view, road, now())}${rightsPart(view, road, typed)}${keysPart(view, shown)}${endPart(view, shown)}${logPart(view, road)}
<p><a class="tall" href="${link(`${partnersPath}/${key}`)}">${t('road.toDoor')}</a></p></div>`,
  });
}

const verbsIn = ({ fields }: PageContext, act: string): readonly Verb[] =>
  VERBS.filter((verb) => fields(`${act}-verbs`).includes(verb));

function mustBeSure({ field }: PageContext, act: string): void {
  if (field(`${act}-sure`) !== 'yes') throw refuse('confirmation-required');
}

type Act = (context: PageContext, deps: PartnerPageDeps, key: string, reason: string) => Promise<unknown>;
/** What each button does. */
const acts: Readonly<Record<string, Act>> = {
  challenge: ({ request }, { partnerDesk }, key) => partnerDesk.challenge(byOf(request), key),
  sandbox: ({ request }, { partnerDesk }, key) => partnerDesk.openSandbox(byOf(request), key),
  draw: ({ request }, { partnerDesk }, key) => partnerDesk.drawSample(byOf(request), key),
  probation: ({ request }, { partnerDesk }, key) => partnerDesk.startProbation(byOf(request), key),
  propose: (context, { partnerDesk }, key, reason) =>
    partnerDesk.propose(byOf(context.request), key, verbsIn(context, 'propose'), reason),
  approve: ({ request }, { partnerDesk }, key) => partnerDesk.approve(byOf(request), key),
  refuse: ({ request }, { partnerDesk }, key, reason) => partnerDesk.refuseProposal(byOf(request), key, reason),
  grant: (context, { partnerDesk }, key, reason) =>
    partnerDesk.grant(byOf(context.request), key, verbsIn(context, 'grant'), reason),
  revoke: async (context, { partnerDesk }, key, reason) => {
    mustBeSure(context, 'revoke');
    await partnerDesk.revokeKey(byOf(context.request), key, context.field('revoke-key'), reason);
  },
  retire: async (context, { partnerDesk }, key, reason) => {
    mustBeSure(context, 'retire');
    await partnerDesk.retire(byOf(context.request), key, reason);
  },
};

/** A refused form with what was typed, and each fault beside its field. */
function typedOf(context: PageContext, act: string, error: unknown): Typed & { readonly status: number } {
  const { field } = context;
  const { status, faults } = faultsOf(context, error, {
    'partner-reason-required': `${act}-reason`,
    'confirmation-required': `${act}-sure`,
    'grants-empty': `${act}-verbs`,
    'grants-need-two': `${act}-verbs`,
    'promotion-level': `${act}-verbs`,
    'conformance-not-genuine': act === 'result' ? 'result' : '',
    'conformance-not-reached': act === 'result' ? 'result' : '',
  });
  const names = [`${act}-reason`, `${act}-sure`, 'revoke-key'];
  const values = Object.fromEntries(names.map((name) => [name, field(name).toWellFormed().slice(0, 2_000)]));
  return { act, values, verbs: verbsIn(context, act), faults, status };
}

async function act(context: PageContext, deps: PartnerPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, param, reply } = context;
  const [key, name] = [param('key'), field('do')];
  const to = (done: Told): typeof SENT => seeOther(context, `${roadPath(key)}?xong=${done}`);
  const reason = field(`${name}-reason`).toWellFormed();
  try {
    await deps.partnerDesk.getRow(key);
    if (name === 'ask-keys') return to((await deps.partnerDesk.askKeys(key)) ? 'asked' : 'not-asked');
    const chosen = Object.hasOwn(acts, name) ? acts[name] : undefined;
    if (!chosen) return seeOther(context, roadPath(key));
    await chosen(context, deps, key, reason);
    return name === 'draw' ? seeOther(context, reviewPath(key)) : to('ok');
  } catch (error) {
    const { status, ...typed } = typedOf(context, name, error);
    void reply.code(status);
    return show(context, deps, typed);
  }
}

async function takeResult(context: PageContext, deps: PartnerPageDeps): Promise<SafeHtml | typeof SENT> {
  const { file, param, request, reply } = context;
  const key = param('key');
  try {
    await deps.partnerDesk.getRow(key);
    await deps.partnerDesk.takeResult(byOf(request), key, file('result')?.bytes.toString('utf8') ?? '');
    return seeOther(context, `${roadPath(key)}?xong=ok`);
  } catch (error) {
    const { status, ...typed } = typedOf(context, 'result', error);
    void reply.code(status);
    return show(context, deps, typed);
  }
}

export const roadPages: FastifyPluginAsync<PartnerPageDeps> = async (app, deps) => {
  const { site } = deps;
  const url = roadPath(':key');
  const write = { access: 'staff', roles: partnerActors, method: 'POST' } as const;
  page(app, site, { access: 'staff', url }, (context) => show(context, deps));
  page(app, site, { ...write, url }, (context) => act(context, deps));
  const upload = { maxBytes: maxResultBytes };
  page(app, site, { ...write, url: `${url}/ket-qua`, upload }, (context) => takeResult(context, deps));
};
