/** A browser without scripts, as far as forms need one: it keeps cookies, and sends the token of the page it saw last. */
export type Seen = {
  readonly status: number;
  /** Of the answer itself; a redirect is not followed. */
  readonly location: string;
  readonly html: string;
  /** The same without markup, as a reader gets it. */
  readonly text: string;
  /** The value that a named field of the page holds. */
  readonly fieldValue: (name: string) => string | undefined;
};
export type Visitor = {
  readonly get: (path: string) => Promise<Seen>;
  /** A form with files is given as `FormData`; a field that comes more than once as a list. */
  readonly post: (
    path: string,
    fields: Readonly<Record<string, string | readonly string[]>> | FormData,
  ) => Promise<Seen>;
  /** Posts without the token, as another site would make the browser do. */
  readonly postBare: (path: string, fields: Readonly<Record<string, string>>) => Promise<Seen>;
  readonly cookies: ReadonlyMap<string, string>;
};

const readable = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

const fieldValue = (html: string, name: string): string | undefined => {
  const input = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0];
  const value = input && /value="([^"]*)"/.exec(input)?.[1];
  return value === undefined ? undefined : readable(value);
};

export function createVisitor(base: string): Visitor {
  const cookies = new Map<string, string>();
  let token = '';
  const send = async (method: string, path: string, body?: URLSearchParams | FormData): Promise<Seen> => {
    const response = await fetch(new URL(path, base), {
      method,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(body && { body }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const html = await response.text();
    token = fieldValue(html, '_csrf') ?? token;
    const text = readable(html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '));
    const location = response.headers.get('location') ?? '';
    return { status: response.status, location, html, text, fieldValue: (name) => fieldValue(html, name) };
  };
  return {
    cookies,
    get: (path) => send('GET', path),
    post: (path, fields) => {
      if (!(fields instanceof FormData)) {
        const pairs = Object.entries({ _csrf: token, ...fields }).flatMap(([name, value]) =>
          [value].flat().map((one): [string, string] => [name, one]),
        );
        return send('POST', path, new URLSearchParams(pairs));
      }
      fields.set('_csrf', token);
      return send('POST', path, fields);
    },
    postBare: (path, fields) => send('POST', path, new URLSearchParams(fields)),
  };
}
