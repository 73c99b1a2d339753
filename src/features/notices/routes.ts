import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { actorOf, signedIn } from '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { httpProblems } from '#http/problems.ts';
import { refused, refuses } from '#http/schema.ts';
import {
  DeliveryList,
  DeliveryParams,
  LogQuery,
  NoticeList,
  NoticeQuery,
  NoticeSettings,
  ReadAnswer,
  ReadBody,
} from './schemas.ts';
import type { Notices } from './service.ts';
import { noticeProblems } from './types.ts';

const own = { access: 'shopper' } as const;
const staff = { access: 'staff', roles: ['support', 'auditor'] } as const;
const private_ = { 'cache-control': 'no-store' } as const;

const time = (at: Date | null): string | null => at?.toISOString() ?? null;
const wireOf = ({ items, nextCursor }: Awaited<ReturnType<Notices['listInbox']>>) => ({
  items: items.map(({ createdAt, readAt, ...item }) => ({
    ...item,
    createdAt: createdAt.toISOString(),
    readAt: time(readAt),
  })),
  nextCursor,
});
const wireOfLog = ({ items, nextCursor }: Awaited<ReturnType<Notices['listLog']>>) => ({
  items: items.map(({ createdAt, notBefore, sentAt, ...item }) => ({
    ...item,
    createdAt: createdAt.toISOString(),
    notBefore: notBefore.toISOString(),
    sentAt: time(sentAt),
  })),
  nextCursor,
});

export const noticeRoutes: FastifyPluginAsyncTypebox<{ notices: Notices }> = async (app, { notices }) => {
  app.get(
    '/me/notices',
    {
      config: own,
      schema: {
        operationId: 'listNotices',
        tags: ['account'],
        summary: 'What I was told',
        description: 'Notices to the signed-in account, newest first, in the language of its settings.',
        querystring: NoticeQuery,
        response: { 200: NoticeList, ...refuses(httpProblems, 'invalid-cursor') },
      },
    },
    async (request, reply) => {
      const { accountId } = signedIn(request);
      const { limit = 24, cursor } = request.query;
      const { language } = await notices.getSettings(accountId);
      const page = await notices.listInbox(accountId, language, limit, readCursor(cursor));
      return pageOf(request, reply.headers(private_), page.nextCursor).send(wireOf(page));
    },
  );
  app.post(
    '/me/notices/read',
    {
      config: own,
      schema: {
        operationId: 'markNoticesRead',
        tags: ['account'],
        summary: 'Mark notices as read',
        description: 'Those that are named, or all.',
        body: ReadBody,
        response: { 200: ReadAnswer, ...refused },
      },
    },
    async (request) => ({
      read: await notices.markRead(signedIn(request).accountId, request.body.deliveryIds),
    }),
  );
  app.get(
    '/me/notice-settings',
    {
      config: own,
      schema: {
        operationId: 'getNoticeSettings',
        tags: ['account'],
        summary: 'How I want to be told',
        description: 'Language, ways and quiet hours.',
        response: { 200: NoticeSettings, ...refused },
      },
    },
    async (request, reply) => {
      const settings = await notices.getSettings(signedIn(request).accountId);
      return reply.headers(private_).send({ ...settings, channels: [...settings.channels] });
    },
  );
  app.put(
    '/me/notice-settings',
    {
      config: own,
      schema: {
        operationId: 'setNoticeSettings',
        tags: ['account'],
        summary: 'Choose how to be told',
        description: 'Codes, and news of money or access in danger, are sent whatever is chosen here.',
        body: NoticeSettings,
        response: { 204: Type.Null({ description: 'Saved' }), ...refused },
      },
    },
    async (request, reply) => {
      await notices.saveSettings(signedIn(request).accountId, request.body);
      return reply.code(204).send(null);
    },
  );
};

export const noticeStaffRoutes: FastifyPluginAsyncTypebox<{ notices: Notices }> = async (app, { notices }) => {
  app.get(
    '/staff/notices',
    {
      config: staff,
      schema: {
        operationId: 'listNoticeDeliveries',
        tags: ['staff'],
        summary: 'What was sent',
        description: 'The log of messages, newest first. It shows that and how they went, never what they said.',
        querystring: LogQuery,
        response: { 200: DeliveryList, ...refuses(httpProblems, 'invalid-cursor') },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, ...filter } = request.query;
      const page = await notices.listLog(filter, limit, readCursor(cursor));
      return pageOf(request, reply.headers(private_), page.nextCursor).send(wireOfLog(page));
    },
  );
  app.post(
    '/staff/notices/:deliveryId/send',
    {
      config: { access: 'staff', roles: ['support'] },
      schema: {
        operationId: 'sendNoticeAgain',
        tags: ['staff'],
        summary: 'Send a message again',
        description: 'One that failed for good. A message with a code is forgotten and cannot be sent again.',
        params: DeliveryParams,
        response: {
          204: Type.Null({ description: 'Queued' }),
          ...refuses(noticeProblems, 'notice-not-found', 'notice-not-failed'),
        },
      },
    },
    async (request, reply) => {
      await notices.sendAgain(actorOf(request), request.params.deliveryId);
      return reply.code(204).send(null);
    },
  );
};
