import { newId } from '#core/ids.ts';
import { type Tx, transact } from '#db/client.ts';
import type { Sealed, Vault } from '#db/sealed.ts';
import { pathIn } from '#web/locale.ts';
import { contentOf, DELIVER_QUEUE, type NoticeDeps } from './deps.ts';
import { letter } from './email.ts';
import {
  beginAttempt,
  type DeliveryRow,
  forgetContent,
  forgetRecipient,
  lockUnspread,
  type NoticeRow,
  saveFailure,
  saveSent,
  saveSpread,
} from './queries.ts';
import { masked, maxAttempts, planDeliveries, retryDelayMs } from './rules.ts';
import { templateOf } from './templates/all.ts';
import { CHANNELS, type DeliveryId, type Message, type NoticeId, type Values } from './types.ts';
import { listReachable } from './views.ts';
import { noticeWords } from './words.ts';

const actor = 'system:notices';

type Content = { readonly values: Values; readonly path: string | null };
const open = (vault: Vault, id: NoticeId, content: Sealed | null, plain: Content): Content =>
  content === null ? plain : (JSON.parse(vault.open(content, contentOf(id))) as Content);

const delayOf = (at: Date, now: Date) => Math.max(0, Math.ceil((at.getTime() - now.getTime()) / 1_000));

function messageOf({ vault, publicUrl }: NoticeDeps, delivery: DeliveryRow, notice: NoticeRow): Message {
  const { values, path } = open(vault, notice.id, notice.contentSealed, notice);
  const [subject, body] = noticeWords(notice.kind, delivery.language, values);
  const link = path === null ? undefined : publicUrl + pathIn(delivery.language, path);
  return {
    id: delivery.id,
    kind: notice.kind,
    to: delivery.address,
    subject,
    text: link === undefined ? body : `${body}\n${link}`,
    ...(delivery.channel === 'email' && { html: letter(subject, body, link, delivery.language) }),
  };
}

/** A reason for the log: the first line, which holds no letter's content; mail servers like to name the address in it. */
const reasonOf = (error: unknown, address: string): string =>
  (error instanceof Error ? error.message : String(error))
    .split('\n', 1)
    .join('')
    .replaceAll(address || '\n', masked(address))
    .slice(0, 300);

/** Spreads notices over people and ways, and sends them. Both are jobs: delivery is at least once. */
export const createSending = (deps: NoticeDeps) => {
  const { db, jobs, carriers, now } = deps;
  const carried = CHANNELS.filter((channel) => channel !== 'in-app' && carriers[channel]);
  const finish = async (tx: Tx, { id, kind }: Pick<NoticeRow, 'id' | 'kind'>): Promise<void> => {
    await forgetContent(tx, id);
    if (templateOf(kind).farewell) await forgetRecipient(tx, id);
  };
  const fail = (delivery: DeliveryRow, notice: NoticeRow, lastError: string): Promise<void> =>
    transact(db, actor, async (tx) => {
      const at = now();
      const more = delivery.attempts < maxAttempts && carried.includes(delivery.channel);
      const again = more ? new Date(at.getTime() + retryDelayMs(delivery.attempts)) : undefined;
      await saveFailure(tx, delivery.id, { lastError, again });
      if (!again) return finish(tx, notice);
      return jobs.add(tx, DELIVER_QUEUE, [{ deliveryId: delivery.id }], { afterSeconds: delayOf(again, at) });
    });

  return {
    /** Makes a delivery for each person and way. Once: a second run of the job finds it done. */
    spread: (noticeId: NoticeId): Promise<void> =>
      transact(db, actor, async (tx) => {
        const notice = await lockUnspread(tx, noticeId);
        if (!notice) return;
        const at = now();
        const people = await listReachable(tx, notice.recipient);
        const rows = people.flatMap((person) =>
          planDeliveries(templateOf(notice.kind), person, at, carried).map((planned) => ({
            ...planned,
            id: newId<'NoticeDelivery'>(),
            noticeId,
            accountId: person.accountId,
            language: person.settings.language,
            ...(planned.channel === 'in-app'
              ? { state: 'sent' as const, sentAt: at, providerReference: null }
              : { state: 'queued' as const, sentAt: null, providerReference: null }),
          })),
        );
        await saveSpread(tx, noticeId, rows, at);
        for (const { id, notBefore } of rows.filter(({ state }) => state === 'queued'))
          await jobs.add(tx, DELIVER_QUEUE, [{ deliveryId: id }], { afterSeconds: delayOf(notBefore, at) });
        await forgetContent(tx, noticeId);
      }),
    /** One try to send. What fails is tried again later, at longer and longer intervals, and then shown to staff. */
    deliver: async (deliveryId: DeliveryId): Promise<void> => {
      const begun = await transact(db, actor, (tx) => beginAttempt(tx, deliveryId));
      if (!begun) return;
      const { delivery, notice } = begun;
      if (delivery.channel === 'in-app') return;
      try {
        const carrier = carriers[delivery.channel];
        if (!carrier) throw new Error(`This exchange has no way to send by ${delivery.channel}`);
        const reference = await carrier.send(messageOf(deps, delivery, notice));
        await transact(db, actor, async (tx) => {
          await saveSent(tx, deliveryId, reference.slice(0, 300), now());
          await finish(tx, notice);
        });
      } catch (error) {
        await fail(delivery, notice, reasonOf(error, delivery.address));
      }
    },
  };
};
