import sharp from 'sharp';

/** A photograph. With `grain` it packs as badly as one of leaves at dusk; without, it is made and encoded quickly. */
export async function photograph(
  width: number,
  height: number,
  format: 'jpeg' | 'png' | 'webp' = 'jpeg',
  grain = false,
): Promise<Buffer> {
  const noise = await sharp({
    create: {
      width: grain ? 1_000 : 16,
      height: grain ? 750 : 12,
      channels: 3,
      background: '#2f8f4e',
      noise: { type: 'gaussian', mean: 128, sigma: 30 },
    },
  })
    .png()
    .toBuffer();
  return sharp(noise)
    .resize(width, height, { fit: 'fill' })
    .tint('#2f8f4e')
    .toFormat(format, { quality: 85 })
    .toBuffer();
}

/** The same with EXIF: the camera's name, its place, and that it was held upright. */
export const withExif = (picture: Buffer): Promise<Buffer> =>
  sharp(picture)
    .withExif({
      IFD0: { Make: 'MAY-ANH-BI-MAT', Orientation: '6' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '9/1 36/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '105/1 58/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .toBuffer();
