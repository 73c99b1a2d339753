import { skewOf } from '../../engine/ask-foreign.ts';
import { PullFailure } from '../../engine/failure.ts';
import type { PeerHttp } from '../../engine/http.ts';
import { sha256Hex } from '../../protocol/canonical.ts';
import type { Lane } from '../../protocol/record.ts';
import type { Ctx, Page, PartnerAdapter } from '../adapter.ts';
import { type Fetched, failureOf, fetchPublic, mediaType, type Wanted } from './fetch.ts';
import type { Goods } from './goods.ts';
import { needGoodsSettings } from './settings.ts';
import { type Mark, markOf, rulesOf, snapshotPages, unchanged } from './snapshot.ts';

export type FileKind = {
  readonly manifest: PartnerAdapter['manifest'];
  readonly accept: string;
  /** Media types that the file may have; a login page is none of them. */
  readonly mediaTypes: readonly string[];
  readonly read: (answer: Fetched, ctx: Ctx) => AsyncIterable<Goods>;
};

type Kept = { readonly partner: string; readonly asked: string; readonly at: number; readonly answer: Fetched };
/** Both lanes of a partner are pulled one after the other from one file, which is asked for once. One file at a time is kept. */
const kept = new WeakMap<PeerHttp, Kept>();
const keptMs = 5 * 60_000;

export const fileUrl = (ctx: Ctx): URL => {
  const { url = '' } = needGoodsSettings(ctx.partner);
  const found = URL.parse(url, ctx.partner.baseUrl.href);
  if (!found) throw new PullFailure('malformed', 'settings of the partner: url is no address');
  return found;
};

/** Both lanes of a partner from one file, which is always its whole state. An unchanged file costs one 304. */
export async function* pullFile(kind: FileKind, ctx: Ctx, lane: Lane, from: string | undefined): AsyncGenerator<Page> {
  const rules = rulesOf(ctx, kind.manifest.adapterVersion);
  const mark = markOf(from, rules);
  const answer = await answerFor(kind, ctx, lane, mark);
  if (from !== undefined && mark && isSame(mark, answer)) {
    yield unchanged(from);
    return;
  }
  if (answer.status !== 200) throw failureOf(answer, ctx.now());
  const type = mediaType(answer);
  if (!kind.mediaTypes.includes(type)) {
    throw new PullFailure('wrong-content-type', `${answer.url.href} sent ${type.slice(0, 100) || 'no media type'}`);
  }
  yield* snapshotPages(ctx, lane, () => kind.read(answer, ctx), { ...marksOf(answer), rules });
}

async function answerFor(kind: FileKind, ctx: Ctx, lane: Lane, mark: Mark | undefined): Promise<Fetched> {
  const url = fileUrl(ctx);
  const asked = JSON.stringify([url.href, mark ?? null]);
  const last = kept.get(ctx.http);
  const isMine = last?.partner === ctx.partner.key && ctx.now().getTime() - last.at < keptMs;
  if (lane === 'offer') kept.delete(ctx.http);
  if (lane === 'offer' && isMine && (last.answer.status === 200 || last.asked === asked)) return last.answer;
  const wanted: Wanted = { url, accept: kind.accept, limits: kind.manifest.limits, headers: conditionsOf(mark) };
  const answer = await fetchPublic(ctx, wanted);
  if (lane === 'catalogue') kept.set(ctx.http, { partner: ctx.partner.key, asked, at: ctx.now().getTime(), answer });
  return answer;
}

const conditionsOf = (mark: Mark | undefined): Record<string, string> => ({
  ...(mark?.etag ? { 'if-none-match': mark.etag } : {}),
  ...(mark?.modified ? { 'if-modified-since': mark.modified } : {}),
});

function marksOf({ headers, body }: Fetched): Omit<Mark, 'rules'> {
  const [etag, modified] = [headers.etag?.toString(), headers['last-modified']?.toString()];
  return { ...(etag ? { etag } : {}), ...(modified ? { modified } : {}), digest: sha256Hex(body) };
}

const isSame = (mark: Mark, answer: Fetched): boolean =>
  answer.status === 304 || (answer.status === 200 && mark.digest === sha256Hex(answer.body));

/** Asks for the file and reads nothing of it but the date of the answer. */
export async function probeFile(kind: FileKind, ctx: Ctx) {
  const answer = await fetchPublic(ctx, { url: fileUrl(ctx), accept: kind.accept, limits: kind.manifest.limits });
  if (answer.status !== 200) throw failureOf(answer, ctx.now());
  return { clockSkewMs: skewOf(answer, ctx.now()), versions: [] };
}

/** What the readers of whole files have in common; nothing is said about what is gone but by leaving it out. */
export const fileManifest = (kind: 'google-merchant' | 'csv', maxBytes: number): PartnerAdapter['manifest'] => ({
  kind,
  adapterVersion: '1',
  simulated: false,
  lanes: { catalogue: 'snapshot', offer: 'snapshot' },
  deletes: 'snapshot-absence',
  revisions: 'ours',
  money: { exponent: 0, tax: 'included' },
  clock: { zone: 'Asia/Ho_Chi_Minh', overlapMs: 0, inclusive: true },
  orders: 'referral',
  limits: { rps: 2, burst: 8, maxPage: 500, maxBytes },
});
