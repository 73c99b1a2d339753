/** A bomb of gzip unpacks to a thousandfold, honest records to about tenfold. */
const maxUnpackRatio = 20;

/** Bytes to which so many packed ones may unpack. Small bodies may repeat themselves more: `small` are allowed to any. */
export const unpackLimit = (packedBytes: number, small: number): number =>
  Math.max(small, packedBytes * maxUnpackRatio);
