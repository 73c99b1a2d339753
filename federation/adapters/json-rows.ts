/** Reading what a foreign system sent, whatever it is: nothing here throws. */
export type Row = Readonly<Record<string, unknown>>;

export const rowOf = (value: unknown): Row =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Row) : {};
export const rowsOf = (value: unknown): readonly Row[] => (Array.isArray(value) ? value.map(rowOf) : []);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
/** Some systems number their things, some name them. */
export const idOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
/** A number of things; 0 for what is none. */
export const countOf = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;

/** The member, if it says anything. */
export const optional = <K extends string>(key: K, value: string): { readonly [key in K]?: string } =>
  (value ? { [key]: value } : {}) as { readonly [key in K]?: string };

/** Pictures with an address of their own, each once, as many as a listing may have. */
export function pictures(urls: readonly unknown[], base: URL): readonly { readonly url: string }[] {
  const found = new Set<string>();
  for (const one of urls) {
    const url = textOf(one) ? URL.parse(textOf(one), base.href) : null;
    if (url && /^https?:$/.test(url.protocol) && url.href.length <= 2000) found.add(url.href);
  }
  return [...found].slice(0, 20).map((url) => ({ url }));
}

/** What a peer said, for a person to read: `String` throws on an object whose `toString` is no function. */
export const inWords = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
