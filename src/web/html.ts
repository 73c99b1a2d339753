import { raw, html as tag } from 'hono/html';

declare const safe: unique symbol;
/** Text that is already HTML. Only `html` and `trusted` make it. */
export type SafeHtml = ReturnType<typeof raw> & { readonly [safe]: true };
type Part = string | number | SafeHtml | readonly Part[] | null | undefined | false;

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
