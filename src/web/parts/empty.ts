import { html, type SafeHtml } from '../html.ts';
import { illustrationPath } from '../illustrations.ts';

/** Nothing here, said kindly, with ways on. */
export const empty = (title: string, text: string, ways: SafeHtml, picture = 'thu-cong-gia-dung-trang-tri'): SafeHtml =>
  html`<div class="empty box"><img src="${illustrationPath({ categoryCode: picture, tint: 3 })}" alt="" width="400" height="400">
<h2>${title}</h2><p>${text}</p><div class="row">${ways}</div></div>`;
