import { createHash } from 'node:crypto';
import type { Card, CardText, FileStore, Imaging, ShownPicture } from '#features/files/types.ts';
import type { ProductDetail } from '#features/products/index.ts';
import { ownAsset } from '#web/assets.ts';
import { drawIllustration } from '#web/illustrations.ts';
import { cardFont } from '#web/pdf/fonts.ts';
import type { View } from '#web/view.ts';

export type SharePictureDeps = {
  readonly store: FileStore;
  readonly imaging: Pick<Imaging, 'draw'>;
  readonly findPicture: (id: string, width: number, accept: string) => Promise<ShownPicture | undefined>;
};

/** Of the drawing: a change of it is another picture. */
const form = 1;
/** Drawn one after the other; who comes behind more than these is shown the plain picture. */
const mostWaiting = 4;
const size = { width: 1_200, height: 630 } as const;
const ink = '#17332f';
const soft = '#5b5346';
const warning = '#a3341f';

/** Long names in smaller letters; beyond three lines of the smallest they are cut. */
function letters(name: string): Pick<CardText, 'text' | 'size'> {
  const text = name.length > 90 ? `${name.slice(0, 88).trimEnd()}…` : name;
  if (text.length <= 24) return { text, size: 58 };
  return { text, size: text.length <= 48 ? 48 : 38 };
}

const line = (text: string, bold: boolean, rest: Pick<CardText, 'size' | 'colour'>): CardText => ({
  text,
  ...cardFont(text, bold),
  ...rest,
});

const starPath = 'M34 17.5L36 21.4L40.3 22L37.2 25L37.9 29.3L34 27.3L30.1 29.3L30.8 25L27.7 22L32 21.4Z';
const starsDrawing = (count: number): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 75 14" width="375" height="70">${Array.from({ length: count }, (_none, index) => `<path transform="translate(${index * 15 - 26.5} -16.5)" d="${starPath}" fill="#d99a1f"/>`).join('')}</svg>`,
  );

type Words = { readonly name: string; readonly lines: readonly string[]; readonly star: number | null };

/** Text on the left, the goods on the right. No price: what was shared is kept by others for weeks. */
function cardOf(view: View, { name, lines, star }: Words, picture: Buffer): Card {
  const { t } = view;
  const heading = letters(name);
  return {
    ...size,
    background: '#fff8ea',
    pictures: [
      { bytes: picture, left: 570, top: 0, width: 630, height: 630 },
      { bytes: ownAsset('logo.svg'), left: 48, top: 40, width: 84, height: 84 },
      ...(star === null ? [] : [{ bytes: starsDrawing(star), left: 166, top: 541, width: 268, height: 50 }]),
    ],
    columns: [
      {
        ...{ left: 150, top: 48, width: 390, bottom: 150, gap: 10 },
        texts: [
          line('Chợ Nổi', true, { size: 34, colour: ink }),
          line(t('site.place'), false, { size: 24, colour: soft }),
        ],
      },
      {
        ...{ left: 48, top: 178, width: 486, bottom: star === null ? 600 : 525, gap: 26 },
        texts: [
          line(heading.text, true, { size: heading.size, colour: ink }),
          ...lines.filter((text) => text !== '').map((text) => line(text, false, { size: 28, colour: soft })),
          ...(view.site.demo ? [line(t('site.sample'), true, { size: 22, colour: warning })] : []),
        ],
      },
      ...(star === null
        ? []
        : [
            {
              ...{ left: 48, top: 550, width: 116, bottom: 620, gap: 0 },
              texts: [line('OCOP', true, { size: 30, colour: ink })],
            },
          ]),
    ],
  };
}

const heroPicture = (): ShownPicture => ({
  type: 'image/svg+xml',
  bytes: Buffer.from(drawIllustration({ categoryCode: 'du-lich', tint: 9 })),
  final: true,
});

/** The picture that a shared link shows, 1200 × 630, drawn when it is first asked for and kept by what it shows. */
export const createSharePictures = ({ store, imaging, findPicture }: SharePictureDeps) => {
  const open = new Map<string, Promise<Buffer>>();

  const drawn = (view: View, words: Words, source: string, read: () => Promise<ShownPicture | undefined>) => {
    const said = JSON.stringify([form, view.locale, view.site.demo, view.t('site.place'), words, source]);
    const key = `share/${createHash('sha256').update(said).digest('hex').slice(0, 40)}.jpg`;
    const draw = async (): Promise<Buffer> => {
      const picture = (await read()) ?? heroPicture();
      const bytes = await imaging.draw(cardOf(view, words, picture.bytes));
      if (picture.final) await store.write(key, bytes);
      return bytes;
    };
    return async (): Promise<Buffer | undefined> => {
      const kept = await store.read(key).catch(() => undefined);
      if (kept) return kept;
      const known = open.get(key);
      if (known) return known;
      if (open.size >= mostWaiting) return undefined;
      const drawing = draw().finally(() => open.delete(key));
      open.set(key, drawing);
      return drawing;
    };
  };

  return {
    /** Undefined when too many wait to be drawn. */
    ofProduct: (view: View, { name, nameEn, business, ward, star, image }: ProductDetail) => {
      const id = /^\/pictures\/([^/]+)\//.exec(image.src)?.[1];
      const words = { name: view.either(name, nameEn), lines: [business.name, ward?.name ?? ''], star };
      const read = async () => {
        const picture = id ? await findPicture(id, 640, 'image/webp') : undefined;
        // Until a photograph has its sizes something stands in for it, which is not to be kept; a drawing is itself at once.
        return picture && { ...picture, final: picture.final || image.colour === null };
      };
      return drawn(view, words, image.src, read)();
    },
    /** Of pages that show no goods of their own. */
    ofExchange: (view: View) =>
      drawn(view, { name: view.t('home.heading'), lines: [], star: null }, 'exchange', async () => heroPicture())(),
  };
};
