import type { PartnerAdapter } from '../adapter.ts';
import { wholeOf } from '../goods/fetch.ts';
import { type FileKind, fileManifest, probeFile, pullFile } from '../goods/file.ts';
import { normaliseGoods } from '../goods/normalise.ts';
import { needGoodsSettings } from '../goods/settings.ts';
import { readTable } from './rows.ts';

/** Held whole, since the table of its text can only be told from all of it. */
const maxBytes = 32 * 1_048_576;

const kind: FileKind = {
  manifest: fileManifest('csv', maxBytes),
  accept: 'text/csv, text/tab-separated-values, text/plain',
  mediaTypes: [
    'text/csv',
    'application/csv',
    'text/tab-separated-values',
    'text/plain',
    'application/vnd.ms-excel',
    'application/gzip',
    'application/octet-stream',
  ],
  read: async function* (answer, ctx) {
    yield* readTable(await wholeOf(answer, maxBytes), needGoodsSettings(ctx.partner));
  },
};

/** A table of goods by address, with the columns that the partner's settings name, or those of Google's specification. */
export const csvAdapter: PartnerAdapter = {
  manifest: kind.manifest,
  normalise: normaliseGoods,
  probe: (ctx) => probeFile(kind, ctx),
  pull: (ctx, lane, from) => pullFile(kind, ctx, lane, from),
};
