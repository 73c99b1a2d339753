import { type Cursor, encodeCursor } from '#core/cursor.ts';
import { type Id, newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import type { Sealed } from '#db/sealed.ts';
import type { Tells } from '#web/view.ts';
import { contentOf, DELIVER_QUEUE, type NoticeDeps, SPREAD_QUEUE } from './deps.ts';
import {
  countUnread,
  findDelivery,
  findNotice,
  findSettings,
  insertNotices,
  type LogFilter,
  listInbox,
  listLog,
  markRead,
  type NoticeRow,
  requeue,
  saveSettings,
} from './queries.ts';
import { masked } from './rules.ts';
import { createSending } from './sending.ts';
import { templateOf } from './templates/all.ts';
import {
  type DeliveryId,
  defaultSettings,
  type Language,
  type Notice,
  type NoticeId,
  noticeProblems,
  type Settings,
} from './types.ts';
import { noticeWords } from './words.ts';

const refuse = refusals(noticeProblems);
export type Notices = ReturnType<typeof createNotices>;

const rowOf = ({ vault, now }: NoticeDeps, { kind, to, values = {}, path, key }: Notice) => {
  const id: NoticeId = newId();
  const secret = templateOf(kind).secret === true;
  const content: Sealed | null = secret
    ? vault.seal(JSON.stringify({ values, path: path ?? null }), contentOf(id))
    : null;
  return {
    id,
    kind,
    recipient: to,
    values: secret ? {} : values,
    path: secret ? null : (path ?? null),
    contentSealed: content,
    key: key ?? null,
    createdAt: now(),
  } satisfies Partial<NoticeRow>;
};

/** One page of a list that is ordered by id, newest first. */
function pageFrom<Item extends { readonly deliveryId: string; readonly createdAt: Date }>(
  rows: readonly Item[],
  limit: number,
) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last;
  return {
    items,
    nextCursor: more ? encodeCursor({ value: last.createdAt.toISOString(), id: last.deliveryId }) : null,
  };
}

export const createNotices = (deps: NoticeDeps) => {
  const { db, jobs, now, carriers } = deps;
  /** By what people without an account are told: phones before letters, as the templates have it. */
  const tells: Tells = carriers.zalo || carriers.sms ? 'phone' : carriers.email ? 'mail' : 'nothing';
  return {
    ...createSending(deps),
    tells,
    /** Tells people in the transaction that made it true; what a rolled-back change would have said is never said. */
    tell: async (tx: Tx, ...told: readonly Notice[]): Promise<void> => {
      const fresh = await insertNotices(
        tx,
        told.map((notice) => rowOf(deps, notice)),
      );
      await jobs.add(
        tx,
        SPREAD_QUEUE,
        fresh.map((noticeId) => ({ noticeId })),
      );
    },
    listInbox: async (accountId: Id<'Account'>, language: Language, limit: number, cursor?: Cursor) => {
      const { items, nextCursor } = pageFrom(await listInbox(db, accountId, limit + 1, cursor), limit);
      return {
        nextCursor,
        items: items.map(({ kind, values, ...item }) => {
          const [subject, body] = noticeWords(kind, language, values);
          return { ...item, kind, subject, body };
        }),
      };
    },
    countUnread: (accountId: Id<'Account'>): Promise<number> => countUnread(db, accountId),
    /** Marks these as read, or all. */
    markRead: (accountId: Id<'Account'>, ids?: readonly DeliveryId[]): Promise<number> =>
      transact(db, `account:${accountId}`, (tx) => markRead(tx, accountId, ids, now())),
    getSettings: async (accountId: Id<'Account'>): Promise<Settings> => {
      const row = await findSettings(db, accountId);
      return row
        ? { language: row.language, channels: row.channels, quietFrom: row.quietFrom, quietUntil: row.quietUntil }
        : defaultSettings;
    },
    saveSettings: (accountId: Id<'Account'>, settings: Settings): Promise<void> =>
      transact(db, `account:${accountId}`, (tx) =>
        saveSettings(tx, { ...settings, channels: [...settings.channels], accountId, updatedAt: now() }),
      ),
    listLog: async (filter: LogFilter, limit: number, cursor?: Cursor) => {
      const { items, nextCursor } = pageFrom(await listLog(db, filter, limit + 1, cursor), limit);
      return { items: items.map((item) => ({ ...item, address: masked(item.address) })), nextCursor };
    },
    /** Tries again what had failed for good. 409 `notice-not-failed`. */
    sendAgain: (actor: string, deliveryId: DeliveryId): Promise<void> =>
      transact(db, actor, async (tx) => {
        const delivery = await findDelivery(tx, deliveryId);
        const notice = delivery && (await findNotice(tx, delivery.noticeId));
        if (!notice) throw refuse('notice-not-found');
        // A code that could not be sent is forgotten: whoever waits for it asks for another.
        const template = templateOf(notice.kind);
        const forgotten = (template.secret && notice.contentSealed === null) || delivery?.address === '';
        if (forgotten || !(await requeue(tx, deliveryId, now()))) throw refuse('notice-not-failed');
        await jobs.add(tx, DELIVER_QUEUE, [{ deliveryId }]);
      }),
  };
};
