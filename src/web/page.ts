import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AssistScope } from '#core/roles.ts';
import type { Access, Caller, Role } from '#http/access.ts';
import { type UploadedFile, type UploadLimits, uploadsOf } from '#http/uploads.ts';
import { readCartCookie } from './cart-cookie.ts';
import { type SafeHtml, safeUrl } from './html.ts';
import { LOCALES, type Locale, localeOf, prefixOf } from './locale.ts';
import { createView, type Site, type View, type Visitor } from './view.ts';

/** What a page handler gets: the request and the view of it, with everything typed that a browser may send. */
export type PageContext = {
  readonly view: View;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** One value of the path, by name. */
  readonly param: (name: string) => string;
  /** The first value of a query parameter, trimmed; empty when absent. */
  readonly query: (name: string) => string;
  readonly queries: (name: string) => readonly string[];
  /** One field of the form that was sent, trimmed; empty when absent. */
  readonly field: (name: string) => string;
  /** A field as it was typed, spaces and all: passwords. */
  readonly typed: (name: string) => string;
  /** Every value of a field that may come more than once, such as a group of boxes. */
  readonly fields: (name: string) => readonly string[];
  /** The file that was chosen, where the page declares `upload` and its form is multipart; undefined when none was. */
  readonly file: (name: string) => UploadedFile | undefined;
  readonly files: (name: string) => readonly UploadedFile[];
};
/** Says that the reply is on its way: a redirect was sent instead of a page. */
export const SENT: unique symbol = Symbol('sent');
type Handler = (context: PageContext) => Promise<SafeHtml | typeof SENT>;

type Spec = {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly access: Access;
  readonly roles?: readonly Role[];
  /** See `config.fresh` of a route. */
  readonly fresh?: true;
  /** The form has files in it, of so many bytes at the most. */
  readonly upload?: UploadLimits;
  readonly scope?: AssistScope | readonly AssistScope[];
  /** Going back asks for it again: an older copy would show what is no longer so, such as a cart that became an order. */
  readonly alwaysAnew?: true;
};

const visitorOf = (caller: Caller): Visitor | null =>
  caller.kind === 'account'
    ? {
        accountId: caller.accountId,
        name: caller.name,
        seller: caller.memberships.length > 0,
        staff: caller.staffRole !== null,
        staffRole: caller.staffRole,
        memberRoles: [...new Set(caller.memberships.map(({ role }) => role))],
      }
    : null;

const values = (held: unknown, name: string): readonly string[] => {
  if (typeof held !== 'object' || held === null) return [];
  const value: unknown = Reflect.get(held, name);
  const all = Array.isArray(value) ? value : [value];
  // PostgreSQL stores no NUL, and nobody types one.
  return all.filter((one) => typeof one === 'string').map((one) => one.replaceAll('\0', '').trim());
};

const rawValue = (held: unknown, name: string): string => {
  const value: unknown = typeof held === 'object' && held !== null ? Reflect.get(held, name) : undefined;
  return typeof value === 'string' ? value.replaceAll('\0', '') : '';
};

/** The page's view of a request. `csrf` is empty where no form is to be sent. */
export const viewOf = (site: Site, request: FastifyRequest, csrf = ''): View => {
  const { locale, path: asked } = localeOf(request.url);
  // Only an address that can be fetched may be linked to in another language; POST goes to addresses that have a page.
  const path = request.method === 'GET' ? asked : (asked.split('?')[0] ?? '/');
  const caller = request.caller ?? { kind: 'nobody' };
  return createView({ site, locale, path, csrf, visitor: visitorOf(caller), cartCount: readCartCookie(request).count });
};

function respond(site: Site, handler: Handler, cacheControl: string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const view = viewOf(site, request, reply.generateCsrf());
    const answer = await handler({
      view,
      request,
      reply,
      param: (name) => values(request.params, name)[0] ?? '',
      query: (name) => values(request.query, name)[0] ?? '',
      queries: (name) => values(request.query, name),
      field: (name) => values(request.body, name)[0] ?? '',
      typed: (name) => rawValue(request.body, name),
      fields: (name) => values(request.body, name),
      file: (name) => uploadsOf(request, name)[0],
      files: (name) => uploadsOf(request, name),
    });
    if (answer === SENT) return reply;
    // A page is one visitor's: their cart, their name, their form tokens.
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', cacheControl)
      .header('content-language', view.locale)
      .send(String(answer));
  };
}

/** One route a language, so that each has an address of its own. `/` becomes `/en` and `/km`. */
export function page(app: FastifyInstance, site: Site, spec: Spec, handler: Handler): void {
  const addressIn = (locale: Locale): string =>
    spec.url === '/' && locale !== 'vi' ? prefixOf(locale) : prefixOf(locale) + spec.url;
  for (const locale of LOCALES) {
    app.route({
      method: spec.method ?? 'GET',
      url: addressIn(locale),
      config: {
        access: spec.access,
        ...(spec.roles && { roles: spec.roles }),
        ...(spec.fresh && { fresh: spec.fresh }),
        ...(spec.upload && { upload: spec.upload }),
        ...(spec.scope && { scope: spec.scope }),
      },
      schema: { hide: true },
      handler: respond(site, handler, spec.alwaysAnew ? 'no-store' : 'private, no-cache'),
    });
  }
}

/** After a form: the browser fetches the next page with GET, so that reloading it sends nothing twice. */
export function seeOther({ view, reply }: PageContext, path: string): typeof SENT {
  void reply.redirect(view.link(path), 303);
  return SENT;
}

/** To a provider's page, whose address the provider gave us. */
export function leaveFor({ view, reply }: PageContext, address: string): typeof SENT {
  // A page of ours goes as a path: whoever came by another name of this host stays on it.
  const home = `${view.site.publicUrl}/`;
  const target = address.startsWith(home) ? address.slice(home.length - 1) : safeUrl(address);
  void reply.redirect(target, 303);
  return SENT;
}

export function sendFile({ reply }: PageContext, bytes: Buffer, type: string, name: string): typeof SENT {
  void reply
    .type(type)
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(bytes);
  return SENT;
}
