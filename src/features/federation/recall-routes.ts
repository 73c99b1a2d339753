import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Role } from '#http/access.ts';
import { refused } from '#http/schema.ts';
import { RecallList } from './schemas.ts';
import type { Federation } from './service.ts';
import type { RecallView } from './views/recalls.ts';

export const recallReaders: readonly Role[] = ['moderator', 'certifier', 'auditor'];
export const RECALLS_SHOWN = 100;

const toDocument = ({ openedAt, sends, ...recall }: RecallView) => ({
  ...recall,
  openedAt: openedAt.toISOString(),
  partners: sends.map(({ acknowledgedAt, ...send }) => ({
    ...send,
    acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
  })),
});

type Options = { readonly federation: Pick<Federation, 'listRecalls'> };

/** Registered with the prefix /v1. */
export const recallRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { federation }) => {
  app.get(
    '/staff/recalls',
    {
      config: { access: 'staff', roles: recallReaders },
      schema: {
        operationId: 'listRecalls',
        tags: ['staff'],
        summary: 'What partner exchanges were told to drop at once, and when each did',
        description: `Goods that an authority had taken down and stars that were taken away, the latest ${RECALLS_SHOWN}. Partners that did not acknowledge stand first.`,
        response: { 200: RecallList, ...refused },
      },
    },
    async () => ({ items: (await federation.listRecalls(RECALLS_SHOWN)).map(toDocument) }),
  );
};
