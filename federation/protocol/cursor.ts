import { createHmac, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { ORDER_LANE } from './ordering.ts';
import { PeerRefusal } from './problems.ts';
import type { Lane } from './record.ts';

/** A place in a feed: everything up to and including (`tx`, `seq`) was given. Both are decimal text, for they exceed 2^53. */
export type FeedPosition = { readonly tx: string; readonly seq: string };
/** `since` is up to where tombstones had been thrown away when this reading began: it never saw what they withdrew. */
export type FeedReading = FeedPosition & { readonly since: FeedPosition };
export type CursorClaims = FeedReading & {
  readonly partner: string;
  readonly lane: Lane | typeof ORDER_LANE;
  readonly epoch: string;
};

/** Key for cursors, derived from the node's private key so that there is no second secret to keep. */
export function cursorKey(privateKey: KeyObject): Buffer {
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' });
  return Buffer.from(hkdfSync('sha256', seed, '', 'ocop-fed/1 cursor', 32));
}

const mac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest().subarray(0, 16);

/** Seals a position for one partner and lane. The text is opaque: peers hand it back as it is. */
export function sealCursor(key: Uint8Array, { partner, lane, epoch, tx, seq, since }: CursorClaims): string {
  const claims = [partner, lane, epoch, tx, seq, since.tx, since.seq];
  const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${text}.${mac(key, text).toString('base64url')}`;
}

/**
 * Opens a cursor for whoever presents it. Throws PeerRefusal: `invalid-cursor` when we did not make it,
 * `foreign-cursor` when it is another partner's or lane's, `epoch-changed` when our data was restored since.
 */
export function openCursor(
  key: Uint8Array,
  cursor: string,
  expected: Pick<CursorClaims, 'partner' | 'lane' | 'epoch'>,
): FeedReading {
  const [text = '', seal = ''] = cursor.split('.');
  const [actual, claimed] = [mac(key, text), Buffer.from(seal, 'base64url')];
  if (actual.length !== claimed.length || !timingSafeEqual(actual, claimed)) throw new PeerRefusal('invalid-cursor');
  const claims = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as string[];
  const [partner, lane, epoch, tx, seq, sinceTx = '0', sinceSeq = '0'] = claims;
  if (partner !== expected.partner || lane !== expected.lane) throw new PeerRefusal('foreign-cursor');
  if (epoch !== expected.epoch) throw new PeerRefusal('epoch-changed', { epoch: expected.epoch });
  return { tx: String(tx), seq: String(seq), since: { tx: sinceTx, seq: sinceSeq } };
}
