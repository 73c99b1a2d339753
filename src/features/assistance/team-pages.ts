import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { byOf } from '#http/access.ts';
import { errorAt, type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input, textarea } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import type { Assistance, NewTeam } from './service.ts';
import type { TeamView } from './views.ts';

export type TeamPageDeps = { readonly site: Site; readonly assistance: Assistance };
const path = '/quan-tri/to-ho-tro';
const moderating = { access: 'staff', roles: ['moderator'] } as const;

type Typed = { readonly many: string; readonly login: string; readonly teamId: string };
const nothing: Typed = { many: '', login: '', teamId: '' };

const teamBox = (view: View, team: TeamView, typed: Typed, faults: readonly Fault[]): SafeHtml => {
  const { t, link, csrf } = view;
  const { teamId, code, name, ward, members } = team;
  const field = `login-${teamId}`;
  const hidden = html`${csrfField(csrf)}<input type="hidden" name="teamId" value="${teamId}">`;
  return html`<li class="box stack"><h3>${name}</h3><p class="small soft">${code} · ${ward.name}</p><ul>${members.map(
    (member) =>
      html`<li class="person"><span>${member.name}</span><form method="post" action="${link(path)}">${hidden}<input type="hidden" name="accountId" value="${member.accountId}"><button class="button quiet" type="submit" name="do" value="dismiss">${t('team.dismiss')}<span class="hidden"> ${member.name}</span></button></form></li>`,
  )}</ul><form class="stack" method="post" action="${link(path)}" novalidate>${hidden}
${input({ name: field, label: t('team.login'), value: typed.teamId === teamId ? typed.login : '', error: errorAt(faults, field), more: html`type="text" maxlength="200" autocomplete="off"` })}
<button class="button quiet" type="submit" name="do" value="assign">${t('team.assign')}<span class="hidden"> ${name}</span></button></form></li>`;
};

async function draw(
  { view, query }: PageContext,
  { assistance }: TeamPageDeps,
  typed = nothing,
  faults: readonly Fault[] = [],
) {
  const { t, link, csrf } = view;
  const teams = await assistance.listTeams();
  const added = query('them');
  return deskLayout(view, 'staff', {
    title: t('team.title'),
    part: path,
    body: html`<div class="narrow stack"><p class="lead">${t('team.intro')}</p>${/^\d+$/.test(added) && html`<p class="notice good" role="status">${t('team.added', { count: added })}</p>`}
${errorSummary(t('apply.faults'), faults)}
<form class="box stack" method="post" action="${link(path)}" novalidate><h2>${t('team.many')}</h2>${csrfField(csrf)}
${textarea({ name: 'many', label: t('team.list'), hint: t('team.manyHint'), value: typed.many, error: errorAt(faults, 'many'), more: html`rows="4" maxlength="60000"` })}
<button class="button" type="submit" name="do" value="add">${t('team.add')}</button></form>
${teams.length === 0 ? html`<p class="soft">${t('team.none')}</p>` : html`<ul class="stack">${teams.map((team) => teamBox(view, team, typed, faults))}</ul>`}</div>`,
  });
}

/** Teams as a list is pasted: one a line, or the number of the first line that cannot be read. */
function readTeams(text: string): readonly NewTeam[] | number {
  const lines = text.split(/\r?\n/);
  const teams: NewTeam[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const [code = '', name = '', wardCode = ''] = line.split(/[;\t]/).map((part) => part.trim());
    if (code === '' || name === '' || !/^\d{5}$/.test(wardCode)) return index + 1;
    teams.push({ code, name, wardCode });
  }
  return teams.length > 0 ? teams : 1;
}

async function add(context: PageContext, deps: TeamPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, request, view, reply } = context;
  const many = field('many');
  const teams = readTeams(many);
  if (typeof teams === 'number') {
    void reply.code(422);
    const message = view.t('team.manyFault', { line: String(teams) });
    return draw(context, deps, { ...nothing, many }, [{ name: 'many', message }]);
  }
  let added = 0;
  const faults = await faultsOf(context, async () => {
    added = await deps.assistance.addTeams(byOf(request), teams);
  });
  if (!faults) return seeOther(context, `${path}?them=${added}`);
  return draw(
    context,
    deps,
    { ...nothing, many },
    faults.map(({ message }) => ({ name: 'many', message })),
  );
}

async function change(context: PageContext, deps: TeamPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, request } = context;
  const [teamId, accountId] = [field('teamId'), field('accountId')];
  const by = byOf(request);
  if (!isId<'AssistTeam'>(teamId)) return seeOther(context, path);
  const login = field(`login-${teamId}`);
  const faults = await faultsOf(context, async () => {
    if (field('do') === 'dismiss' && isId<'Account'>(accountId)) await deps.assistance.dismiss(by, teamId, accountId);
    else await deps.assistance.assign(by, teamId, login);
  });
  if (!faults) return seeOther(context, path);
  return draw(
    context,
    deps,
    { ...nothing, login, teamId },
    faults.map(({ message }) => ({ name: `login-${teamId}`, message })),
  );
}

/** Community digital teams as officers keep them: one by one, or a list of all 775 pasted at once. */
export const teamPages: FastifyPluginAsync<TeamPageDeps> = async (app, deps) => {
  page(app, deps.site, { url: path, ...moderating }, (context) => draw(context, deps));
  page(app, deps.site, { method: 'POST', url: path, ...moderating }, (context) =>
    context.field('do') === 'add' ? add(context, deps) : change(context, deps),
  );
};
