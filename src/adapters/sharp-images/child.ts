import type { Picture, Task } from './messages.ts';

type Decoding = Exclude<Task, { what: 'draw' }>;
type Drawing = Extract<Task, { what: 'draw' }>;

/** The process that decodes what strangers sent. It holds no secret and no connection: what it may lose is itself. */

/** A picture of 50 million pixels takes some 350 MB with its decoder; whatever needs more was made to. */
const maxResidentBytes = 700_000_000;
const watchEveryMs = 25;
/** The largest that a phone of today takes is 50 million pixels and 8,192 on a side. */
const limits = { pixels: 52_000_000, side: 12_000 } as const;
/** Effort 2 is 5 to 9 times faster than the default 4 for some 10 % more bytes; a job has no use for the difference. */
const avif = { quality: 50, effort: 2 } as const;
const webp = { quality: 72 } as const;
/** Behind what is transparent: pages are light. */
const background = '#ffffff';

const { default: sharp } = await import('sharp');
// libvips would take every core for one picture, and keep 50 MB of what it made for a picture like it.
sharp.concurrency(1);
sharp.cache(false);

setInterval(() => {
  if (process.memoryUsage.rss() > maxResidentBytes) process.exit(137);
}, watchEveryMs).unref();

/** Row by row where the format allows it, turned as its camera was held. */
const open = (bytes: Uint8Array) =>
  sharp(bytes, {
    limitInputPixels: limits.pixels,
    failOn: 'error',
    sequentialRead: true,
    animated: false,
  }).autoOrient();

const hex = ({ r, g, b }: { r: number; g: number; b: number }): string =>
  `#${[r, g, b].map((value) => value.toString(16).padStart(2, '0')).join('')}`;

/** Reads the header first: what is too large or moves is refused before a pixel is decoded. */
async function look({ bytes }: Decoding): Promise<Picture> {
  const { format, width, height, pages = 1, autoOrient } = await sharp(bytes, { limitInputPixels: false }).metadata();
  if (format !== 'jpeg' && format !== 'png' && format !== 'webp') return { refused: 'unreadable' };
  if (pages > 1) return { refused: 'animated' };
  if (width > limits.side || height > limits.side || width * height > limits.pixels)
    return { refused: 'dimensions', width, height, maxSide: limits.side, maxPixels: limits.pixels };
  // The whole of it is decoded, so that one that was cut on its way is seen now, while its sender is still there.
  const small = await open(bytes).flatten({ background }).resize(64, 64, { fit: 'inside' }).png().toBuffer();
  const { dominant } = await sharp(small).stats();
  return { format, width: autoOrient.width, height: autoOrient.height, colour: hex(dominant) };
}

/** Decoded once, at the largest of the widths; the others are made from that. Nothing of the file but its pixels is kept. */
async function render({ bytes, widths = [] }: Decoding) {
  const largest = Math.max(...widths);
  const shrunk = open(bytes).flatten({ background }).resize({ width: largest, withoutEnlargement: true });
  const { data, info } = await shrunk.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const made: { format: 'avif' | 'webp'; width: number; bytes: Uint8Array }[] = [];
  for (const width of widths.toSorted((a, b) => a - b)) {
    const resized = sharp(data, { raw }).resize({ width, withoutEnlargement: true });
    made.push({ format: 'avif', width, bytes: await resized.clone().avif(avif).toBuffer() });
    made.push({ format: 'webp', width, bytes: await resized.clone().webp(webp).toBuffer() });
    // No larger one would have more to show.
    if (width >= info.width) break;
  }
  return made;
}

type Text = Drawing['card']['columns'][number]['texts'][number];
const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Pango shapes it, Khmer as well, from the file that is named: what fonts the machine has does not matter. */
const written = ({ text, font, fontFile, size, colour }: Text, width: number) =>
  sharp({
    text: {
      text: `<span foreground="${colour}">${text.replace(/[&<>]/g, (letter) => markup[letter] ?? letter)}</span>`,
      font: `${font} ${size}`,
      fontfile: fontFile,
      width,
      wrap: 'word-char',
      dpi: 72,
      rgba: true,
    },
  })
    .png()
    .toBuffer({ resolveWithObject: true });

async function draw({ card }: Drawing): Promise<Uint8Array> {
  const { width, height, background, pictures, columns } = card;
  const layers: { input: Buffer; left: number; top: number }[] = [];
  for (const { bytes, left, top, ...size } of pictures) {
    const input = await sharp(bytes, { limitInputPixels: limits.pixels })
      .resize(size.width, size.height, { fit: 'cover' })
      .png()
      .toBuffer();
    layers.push({ input, left, top });
  }
  for (const column of columns) {
    let { top } = column;
    for (const text of column.texts) {
      const { data, info } = await written(text, column.width);
      if (top + info.height > column.bottom) break;
      layers.push({ input: data, left: column.left, top });
      top += info.height + column.gap;
    }
  }
  const ground = sharp({ create: { width, height, channels: 3, background } });
  return ground.composite(layers).jpeg({ quality: 82, mozjpeg: true }).toBuffer();
}

function answerTo(task: Task): Promise<unknown> {
  if (task.what === 'draw') return draw(task);
  return task.what === 'look' ? look(task) : render(task);
}

process.on('message', async (task: Task) => {
  const answer = await answerTo(task).then(
    (value) => ({ value }),
    (error: unknown) => ({ failure: error instanceof Error ? error.message : String(error) }),
  );
  process.send?.(answer);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
