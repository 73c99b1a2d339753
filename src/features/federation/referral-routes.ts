import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Role } from '#http/access.ts';
import { refused } from '#http/schema.ts';
import { ReferralDays } from './schemas.ts';
import type { Federation } from './service.ts';

export const referralReaders: readonly Role[] = ['finance', 'auditor'];

type Options = { readonly federation: Pick<Federation, 'listReferralDays'> };

/** Registered with the prefix /v1. */
export const staffReferralRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { federation }) => {
  app.get(
    '/staff/referrals',
    {
      config: { access: 'staff', roles: referralReaders },
      schema: {
        operationId: 'listReferrals',
        tags: ['staff'],
        summary: 'Affiliate marketing (tiếp thị liên kết) between us and partner exchanges',
        description:
          'The last 31 days: how many shoppers were led to each partner and came from it, who bought, and for how much.',
        response: { 200: ReferralDays, ...refused },
      },
    },
    async () => ({ items: await federation.listReferralDays() }),
  );
};
