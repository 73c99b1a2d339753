import type { PartnerAdapter } from '../adapter.ts';
import { chunksOf } from '../goods/fetch.ts';
import { type FileKind, fileManifest, probeFile, pullFile } from '../goods/file.ts';
import { normaliseGoods } from '../goods/normalise.ts';
import { readXml } from './xml.ts';

const mib = 1_048_576;
/** Of the feed as it is read; 300,000 items are some 100 MiB. On the wire half of it, since that is held in memory. */
const maxUnpackedBytes = 192 * mib;

const kind: FileKind = {
  manifest: fileManifest('google-merchant', 96 * mib),
  accept: 'application/xml, text/xml, application/rss+xml, application/atom+xml, application/gzip',
  mediaTypes: [
    'application/xml',
    'text/xml',
    'application/rss+xml',
    'application/atom+xml',
    'application/gzip',
    'application/x-gzip',
    'application/octet-stream',
  ],
  read: (answer) => readXml(chunksOf(answer, maxUnpackedBytes)),
};

/** A product feed by Google's specification, as nearly every shop can write one. It is the whole shop each time. */
export const googleMerchantAdapter: PartnerAdapter = {
  manifest: kind.manifest,
  normalise: normaliseGoods,
  probe: (ctx) => probeFile(kind, ctx),
  pull: (ctx, lane, from) => pullFile(kind, ctx, lane, from),
};
