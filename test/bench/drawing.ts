import { createImaging } from '#adapters/sharp-images/index.ts';
import { photograph } from '#test/support/pictures.ts';
import type { Figure } from './report.ts';

/** From the bytes as they were sent to all sizes: looked at by one process, drawn by another, both on one core. */
export async function measurePicture(rounds: number): Promise<Figure> {
  const imaging = createImaging();
  try {
    const bytes = await photograph(4_000, 3_000, 'jpeg', true);
    let best = Number.POSITIVE_INFINITY;
    let sizes = 0;
    // The first also starts the processes, as the first picture of a day does.
    for (let round = 0; round <= rounds; round += 1) {
      const began = performance.now();
      await imaging.look(bytes);
      sizes = (await imaging.render(bytes, [160, 320, 640, 1_280])).length;
      best = Math.min(best, (performance.now() - began) / 1_000);
    }
    const note = `${(bytes.length / 1_000_000).toFixed(1)} MB of leaves at dusk into ${sizes} files`;
    return { name: 'A photograph of 12 megapixels', value: best, unit: 's', target: { atMost: 4 }, note };
  } finally {
    imaging.close();
  }
}
