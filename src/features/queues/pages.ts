import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { Problem } from '#core/problem.ts';
import { readCursor } from '#http/paging.ts';
import type { SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import type { Site } from '#web/view.ts';
import { addressOf, type FilterState, queuePage, readFilter } from './queue-page.ts';
import { officerOf } from './routes.ts';
import type { Queues } from './service.ts';
import { queueProblems } from './types.ts';

export type QueuePageDeps = { readonly site: Site; readonly queues: Queues; readonly now: Clock };

const perPage = 50;

/** What cannot be done is said on the queue as it stands now. */
const isOurs = (error: unknown): error is Problem =>
  error instanceof Problem && Object.hasOwn(queueProblems, error.code) && error.status !== 403;

const stateOf = ({ query, param }: PageContext): FilterState => ({
  queue: param('queue'),
  filter: readFilter((name) => query(name)),
});

async function show(context: PageContext, deps: QueuePageDeps, state: FilterState, fault?: Problem): Promise<SafeHtml> {
  const { queues, now } = deps;
  const officer = officerOf(context.request);
  const cursor = readCursor(context.query('cursor') || undefined);
  const page = await queues.list(officer, state.queue, { filter: state.filter, limit: perPage, cursor });
  const [summary, saved] = await Promise.all([queues.summarise(officer), queues.listFilters(officer, page.queue)]);
  return queuePage(context.view, {
    ...page,
    state,
    saved,
    waiting: summary.find(({ queue }) => queue === page.queue),
    officer: officer.accountId,
    isFirst: !cursor,
    now: now(),
    fault: fault && context.view.either(fault.entry.vi.join('. '), fault.entry.en.join('. ')),
  });
}

/** What the buttons do, and where one is after it. */
async function act(context: PageContext, { queues }: QueuePageDeps, state: FilterState): Promise<string> {
  const officer = officerOf(context.request);
  const { field } = context;
  switch (field('do')) {
    case 'claim':
      return (await queues.claim(officer, field('itemId'))).path;
    case 'next':
      return (await queues.claimNext(officer, state.queue))?.path ?? addressOf(state);
    case 'release':
      await queues.release(officer, field('itemId'));
      break;
    case 'save':
      await queues.saveFilter(officer, state.queue, field('name'), addressOf(state).split('?')[1] ?? '');
      break;
    case 'drop':
      await queues.dropFilter(officer, field('filterId'));
      break;
  }
  return addressOf(state);
}

async function take(context: PageContext, deps: QueuePageDeps): Promise<SafeHtml | typeof SENT> {
  const state = { queue: context.param('queue'), filter: readFilter((name) => context.field(name)) };
  try {
    return seeOther(context, await act(context, deps, state));
  } catch (error) {
    if (!isOurs(error) || error.code === 'queue-not-found') throw error;
    void context.reply.code(error.status);
    return show(context, deps, state, error);
  }
}

export const queuePages: FastifyPluginAsync<QueuePageDeps> = async (app, deps) => {
  const { site } = deps;
  const url = '/quan-tri/hang-doi/:queue';
  page(app, site, { url, access: 'staff' }, (context) => show(context, deps, stateOf(context)));
  page(app, site, { method: 'POST', url, access: 'staff' }, (context) => take(context, deps));
};
