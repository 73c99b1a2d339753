import { sql } from 'drizzle-orm';
import { transact } from '#db/client.ts';
import type { Expected, Row, Values } from './expected.ts';
import type { Side, Stage } from './stage.ts';

const byOf = ({ accounts, businesses }: Stage, side: Side) => ({
  actor: `account:${accounts[`owner${side}`]}`,
  businessIds: [businesses[side].businessId],
});

const opened = async (stage: Stage, side: Side): Promise<{ readonly endpointId: string }> => {
  const { webhooks } = stage.node.services;
  const businessId = stage.businesses[side].businessId;
  // A business has ten at the most, and each call of the matrix opens one.
  await transact(stage.node.db, 'test', (tx) => tx.execute(sql`delete from webhook_endpoints`));
  return webhooks.open(byOf(stage, side), { businessId, url: 'https://nhan.example/tin', events: ['order.paid'] });
};

const row = (status: number): Row => ({
  access: 'seller:owner',
  of: opened,
  ids: { own: status, other: 404, missing: 404 },
  changes: true,
});

export const webhooks: Expected = {
  'GET /ban-hang/webhook': 'seller:owner',
  'POST /ban-hang/webhook': {
    ...row(303),
    body: ({ endpointId }: Values) => ({ do: 'ping', endpointId }),
  },
  'GET /v1/seller/webhooks': 'seller:owner',
  'POST /v1/seller/webhooks': { access: 'seller:owner', status: 400 },
  'DELETE /v1/seller/webhooks/:endpointId': row(204),
  'GET /v1/seller/webhooks/:endpointId/messages': row(200),
  'POST /v1/seller/webhooks/:endpointId/messages/:messageId/replay': {
    ...row(202),
    of: async (stage, side) => {
      const { endpointId } = await opened(stage, side);
      const messageId = await stage.node.services.webhooks.ping(byOf(stage, side), endpointId as never);
      return { endpointId, messageId: messageId ?? '' };
    },
  },
  'POST /v1/seller/webhooks/:endpointId/ping': row(202),
  'POST /v1/seller/webhooks/:endpointId/resume': row(204),
  'POST /v1/seller/webhooks/:endpointId/secret': row(200),
};
