import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import canonicalize from 'canonicalize';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { defineProblems, refusals } from '#core/problem.ts';
import type { Db, Tx } from '#db/client.ts';
import { type Answer, claimKey, finishKey, type Key, releaseKey } from '#db/idempotency.ts';
import { actorOf } from './access.ts';
import { asProblem, documentOf } from './problems.ts';
import { isUpload } from './uploads.ts';

export const idempotencyProblems = defineProblems({
  'idempotency-key-missing': {
    status: 400,
    vi: [
      'Thiếu Idempotency-Key',
      'Gửi tiêu đề Idempotency-Key với một chuỗi ngẫu nhiên, và giữ nguyên chuỗi đó khi gửi lại.',
    ],
    en: [
      'Idempotency-Key is missing',
      'Send the header Idempotency-Key with a random value, and keep that value when you send again.',
    ],
  },
  'idempotency-key-invalid': {
    status: 400,
    vi: ['Idempotency-Key không hợp lệ', 'Dùng 1 đến 200 ký tự ASCII nhìn thấy được, ví dụ một UUID.'],
    en: ['Idempotency-Key is not valid', 'Use 1 to 200 visible ASCII characters, for example a UUID.'],
  },
  'idempotency-key-reused': {
    status: 422,
    vi: [
      'Idempotency-Key đã dùng cho yêu cầu khác',
      'Tạo khóa mới cho yêu cầu mới; khóa cũ chỉ để gửi lại đúng yêu cầu cũ.',
    ],
    en: [
      'This Idempotency-Key belongs to another request',
      'Make a new key for a new request; an old key only repeats the old request.',
    ],
  },
  'idempotency-key-in-use': {
    status: 409,
    vi: ['Yêu cầu cùng khóa đang được xử lý', 'Chờ một giây rồi gửi lại với cùng khóa để nhận kết quả.'],
    en: [
      'A request with this key is still running',
      'Wait a second and send it again with the same key to get the answer.',
    ],
  },
});

const refuse = refusals(idempotencyProblems);

/** Refusals that say nothing final about the request: trying again with the same key must run it again. */
const passing = new Set([401, 403, 404, 408, 429]);

const keyOf = (request: FastifyRequest): string => {
  const given = request.headers['idempotency-key'];
  if (typeof given !== 'string' || given === '') throw refuse('idempotency-key-missing');
  const bare = /^"([\x21\x23-\x7e]{1,200})"$/.exec(given)?.[1] ?? given;
  if (!/^[\x21\x23-\x7e]{1,200}$/.test(bare)) throw refuse('idempotency-key-invalid');
  return bare;
};

/** A guest has no name, so a guest's keys belong to the address, whose cart or code is the secret. */
const scopeOf = (request: FastifyRequest): string => {
  const actor = actorOf(request);
  return actor === 'guest' ? `guest:${request.method} ${request.url}` : actor;
};

const digestOf = ({ method, url }: FastifyRequest, content: unknown): string =>
  createHash('sha256')
    .update(`${method} ${url}\n${canonicalize(content) ?? ''}`)
    .digest('hex');
const fingerprintOf = (request: FastifyRequest): string => digestOf(request, request.body ?? {});

export type Idempotent = ReturnType<typeof createIdempotency>;
/** Stores the answer inside the transaction that makes it true. Call it at most once, last. */
export type Finish<T> = (tx: Tx, result: T) => Promise<void>;

/**
 * Whoever was paused for longer than its lease wakes up after another has given the answer. Thrown inside the
 * transaction of the late one, so that its change is undone.
 */
class TooLate extends Error {}

/** Does the work and stores its answer: with the change where `work` calls `finish`, after it otherwise. */
async function perform<T>(db: Db, key: Key, status: number, work: (finish: Finish<T>) => Promise<T>): Promise<Answer> {
  let finished = false;
  const result = await work(async (tx, value) => {
    if (!(await finishKey(tx, key, { status, body: JSON.stringify(value) }))) throw new TooLate();
    finished = true;
  });
  const answer = { status, body: JSON.stringify(result) };
  if (!finished) await finishKey(db, key, answer);
  return answer;
}

const jsonType = (status: number): string => `application/${status < 400 ? 'json' : 'problem+json'}; charset=utf-8`;
const send = (reply: FastifyReply, { status, body }: Answer): FastifyReply =>
  reply.code(status).type(jsonType(status)).serializer(String).send(body);

/**
 * Runs `work` once per Idempotency-Key and replays its answer for 24 hours. `work` receives `finish`, which stores the
 * answer in the same transaction as the change, so that a crash leaves either both or neither.
 */
export function createIdempotency({ db, now, problemBase }: { db: Db; now: Clock; problemBase: string }) {
  const settle = async (request: FastifyRequest, key: Key, error: unknown): Promise<void> => {
    const problem = asProblem(error instanceof Error ? error : new Error(String(error)));
    if (problem.status >= 500 || passing.has(problem.status)) return releaseKey(db, key);
    await finishKey(db, key, {
      status: problem.status,
      body: JSON.stringify(documentOf(problem, problemBase, request)),
    });
  };

  return async function idempotent<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    work: (finish: Finish<T>) => Promise<T>,
  ): Promise<FastifyReply> {
    const key = { scope: scopeOf(request), key: keyOf(request) };
    const claim = await claimKey(db, key, fingerprintOf(request), now());
    if (claim.kind === 'other-body') throw refuse('idempotency-key-reused');
    if (claim.kind === 'running') throw refuse('idempotency-key-in-use');
    if (claim.kind === 'done') return send(reply.header('idempotency-replayed', 'true'), claim.answer);
    try {
      return send(reply, await perform(db, key, status, work));
    } catch (error) {
      if (error instanceof TooLate) return idempotent(request, reply, status, work);
      await settle(request, key, error);
      throw error;
    }
  };
}

/** The hidden field of a form that does something once. Its value is made anew each time the form is shown. */
export const formKeyField = 'idempotencyKey';

const told = (value: unknown): unknown => (isUpload(value) ? [value.name, value.bytes.length] : value);

/** What the form says besides its proofs: whoever goes back and sends it with other words wants another thing. */
function contentOf(request: FastifyRequest): { readonly key: string; readonly content: unknown } {
  const { [formKeyField]: key, _csrf: _, ...fields } = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  const content = Object.entries(fields).map(([name, value]) => [name, [value].flat().map(told)]);
  return { key: typeof key === 'string' && /^[\w-]{16,100}$/.test(key) ? key : '', content };
}

const waitMs = 100;
/** Longer than any form takes, shorter than its browser waits. */
const patienceMs = 10_000;

/** What the page needs to lead on, small enough to be kept for a day: the code of an order, a sum. */
type Outcome = Readonly<Record<string, string | number>>;
export type Once = ReturnType<typeof createOnce>;

/**
 * Does what a form asks for once for each time it was shown, and gives the outcome again to whoever sends it again: a
 * double click, which waits for the first, the way back with the same form, the reloading of an answer. After a refusal
 * the same form may be sent again. Forms without the key, from before an update, are taken as they come.
 */
export function createOnce({ db, now }: { readonly db: Db; readonly now: Clock }) {
  /** Undefined while another is at it, or has taken over. */
  const attempt = async <T>(key: Key, fingerprint: string, work: (finish: Finish<T>) => Promise<T>) => {
    const claim = await claimKey(db, key, fingerprint, now());
    if (claim.kind === 'done') return claim.answer;
    if (claim.kind !== 'mine') return undefined;
    try {
      return await perform(db, key, 200, work);
    } catch (error) {
      if (error instanceof TooLate) return undefined;
      await releaseKey(db, key);
      throw error;
    }
  };
  return async function once<T extends Outcome>(
    request: FastifyRequest,
    work: (finish: Finish<T>) => Promise<T>,
  ): Promise<T> {
    const { key, content } = contentOf(request);
    if (key === '') return work(async () => {});
    const fingerprint = digestOf(request, content);
    const until = performance.now() + patienceMs;
    for (;;) {
      const answer = await attempt({ scope: scopeOf(request), key: `form:${key}:${fingerprint}` }, fingerprint, work);
      if (answer) return JSON.parse(answer.body) as T;
      if (performance.now() > until) throw refuse('idempotency-key-in-use');
      await sleep(waitMs);
    }
  };
}
