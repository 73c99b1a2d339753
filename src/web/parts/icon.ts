import { html, type SafeHtml, trusted } from '../html.ts';

/** Outlines on a 24 × 24 field, drawn for this shop. Always beside words, so hidden from readers. */
const outlines = {
  basket: '<path d="M3 9h18l-2 11H5zM8 9l3-6M16 9l-3-6M9 13v4M15 13v4"/>',
  boat: '<path d="M2 13c4 3 9 3 20 0-1 4-4 7-7 7H8c-3 0-5-3-6-7zM9 14V3M9 5c3 0 5 2 5 5H9"/>',
  check: '<path d="M4 12l5 6L20 6"/>',
  clock: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 3"/>',
  down: '<path d="M5 9l7 7 7-7"/>',
  phone: '<path d="M6 3h3l2 5-2 2c1 2 3 4 5 5l2-2 5 2v3c0 2-2 3-4 3C10 20 3 13 3 6c0-2 1-3 3-3z"/>',
  place: '<path d="M12 21c5-6 7-9 7-12a7 7 0 0 0-14 0c0 3 2 6 7 12z"/><circle cx="12" cy="9" r="2.5"/>',
  seal: '<path d="M12 2l3 2h4v4l2 4-2 4v4h-4l-3 2-3-2H5v-4l-2-4 2-4V4h4zM8 12l3 3 5-6"/>',
  truck: '<path d="M2 6h11v10H2zM13 10h5l4 3v3h-9z"/><circle cx="6" cy="18" r="2"/><circle cx="17" cy="18" r="2"/>',
  coin: '<rect x="2" y="6" width="20" height="13" rx="2"/><circle cx="12" cy="12.500" r="3"/><path d="M5 9.500h1M18 15.500h1"/>',
} as const;
export type IconName = keyof typeof outlines;

export const icon = (name: IconName): SafeHtml =>
  // Our own markup, from the table above.
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${trusted(outlines[name])}</svg>`;
