import type { Card } from '#features/files/types.ts';

/** What the decoder's process is asked, one question at a time. */
export type Task =
  | { readonly what: 'look' | 'render'; readonly bytes: Uint8Array; readonly widths?: readonly number[] }
  | { readonly what: 'draw'; readonly card: Card };

export type Picture =
  | {
      readonly format: 'jpeg' | 'png' | 'webp';
      readonly width: number;
      readonly height: number;
      readonly colour: string;
    }
  | { readonly refused: 'unreadable' | 'animated' }
  | {
      readonly refused: 'dimensions';
      readonly width: number;
      readonly height: number;
      readonly maxSide: number;
      readonly maxPixels: number;
    };

/** `ready` once, then one answer to each task. */
export type Answer = { readonly ready: true } | { readonly value: unknown } | { readonly failure: string };
