import { html } from '#web/html.ts';

/** A letter that reads well in any mail program, also in one that shows no styles. */
export const letter = (subject: string, body: string, link: string | undefined, language: string): string =>
  String(html`<!DOCTYPE html>
<html lang="${language}"><head><meta charset="utf-8"><title>${subject}</title></head>
<body style="margin:0;background:#fffaf0;color:#12302c;font:16px/1.5 sans-serif"><div style="max-width:34em;margin:auto;padding:24px">
<p style="font-weight:bold;color:#0d5c4c">Chợ Nổi</p><h1 style="font-size:20px">${subject}</h1><p>${body}</p>
${link !== undefined && html`<p><a href="${link}" style="color:#0d5c4c">${link}</a></p>`}</div></body></html>`);
