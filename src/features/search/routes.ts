import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { httpProblems } from '#http/problems.ts';
import { refused, refuses } from '#http/schema.ts';
import { SearchAnswerView, SearchQuery, SuggestionQuery, SuggestionsView } from './schemas.ts';
import type { Search, SearchAnswer } from './service.ts';
import { searchProblems } from './types.ts';

const config = { access: 'public' } as const;

/** Answers are shared by equal searches, and so is their JSON. */
const written = new WeakMap<SearchAnswer, string>();
function jsonOf(answer: SearchAnswer): string {
  const known = written.get(answer);
  if (known !== undefined) return known;
  const json = JSON.stringify(answer);
  written.set(answer, json);
  return json;
}

export const searchRoutes: FastifyPluginAsyncTypebox<{ search: Search }> = async (app, { search }) => {
  app.get(
    '/search',
    {
      config,
      schema: {
        operationId: 'searchProducts',
        tags: ['search'],
        summary: 'Search products',
        description:
          'Products whose accents match as typed stand above those that match only without accents. When few have every word, those that come near are added. `engine` says who answered; both engines answer alike.',
        querystring: SearchQuery,
        response: {
          200: SearchAnswerView,
          ...refuses({ ...httpProblems, ...searchProblems }, 'invalid-cursor', 'search-cursor-of-another-query'),
        },
      },
    },
    async (request, reply) => {
      const { q = '', sort, limit = 24, cursor, ...filters } = request.query;
      const answer = await search.search({ q, filters, sort, limit, cursor: readCursor(cursor) });
      void pageOf(request, reply, answer.nextCursor)
        .header('cache-control', 'no-store')
        .type('application/json; charset=utf-8')
        .serializer(String);
      // The cards are finished JSON from the database's view; checking each member again costs more than the search.
      return reply.send(jsonOf(answer) as never);
    },
  );
  app.get(
    '/search/suggestions',
    {
      config,
      schema: {
        operationId: 'suggestSearches',
        tags: ['search'],
        summary: 'Suggestions while typing',
        description: 'A few products, businesses and product sets for an unfinished query.',
        querystring: SuggestionQuery,
        response: { 200: SuggestionsView, ...refused },
      },
    },
    (request) => search.suggest(request.query.q ?? '') as never,
  );
};
