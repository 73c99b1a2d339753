import { raw, html as tag } from 'hono/html';

declare const safe: unique symbol;
/** Text that is already HTML. Only `html`, `trusted` and `jsonScript` make it. */
export type SafeHtml = ReturnType<typeof raw> & { readonly [safe]: true };
export type Part = string | number | SafeHtml | readonly Part[] | null | undefined | false;

/** Everything interpolated is escaped unless it is `SafeHtml`; parts are synchronous, so is the answer. */
export const html = (text: TemplateStringsArray, ...parts: readonly Part[]): SafeHtml =>
  tag(text, ...parts) as SafeHtml;

/** For text that we wrote ourselves (an SVG from our assets). Each call says why. */
export const trusted = (markup: string): SafeHtml => raw(markup) as SafeHtml;

const openSchemes = new Set(['http:', 'https:', 'mailto:', 'tel:']);
/** No template stops `javascript:` in a link: every address that is not ours passes here. */
export function safeUrl(address: string): string {
  const url = URL.parse(address, 'https://relative.invalid');
  return url && openSchemes.has(url.protocol) ? address : '#';
}

/**
 * Structured data in a script element that no browser runs. A product called `</script>` must not end the element, so
 * every `<` is written as its escape, which JSON readers undo.
 */
export const jsonScript = (data: unknown): SafeHtml =>
  trusted(`<script type="application/ld+json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`);
