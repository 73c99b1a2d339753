import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import { type Authenticate, accessControl, bearerOf } from './access.ts';
import { admission } from './admission.ts';
import { openApi } from './openapi.ts';
import { asProblem, httpProblem, problemHandling, type RenderProblem, sendProblem } from './problems.ts';
import { securityHeaders } from './security-headers.ts';
import { refuseUnreadable } from './unreadable.ts';
import { isBeyondForms, isForm, uploads, uploadTimeoutMs } from './uploads.ts';
import { validation } from './validation.ts';

export type AppOptions = {
  readonly log: Logger;
  readonly publicUrl: string;
  readonly cookieSecret: string;
  readonly authenticate: Authenticate;
  /** Proxies whose word on where a request comes from is taken: addresses and ranges, beside this machine's own. */
  readonly trustedProxies?: readonly string[];
  readonly renderProblem?: RenderProblem;
  /** Origins, beside ours, to which a form may lead: the provider of identities. */
  readonly formTargets?: readonly string[];
};

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it arrived, byte for byte: signatures are checked on this, never on what was parsed. */
    rawBody: Buffer;
  }
}

const bodyLimit = 1_048_576;

/** What neither PostgreSQL nor an object may hold. */
const checkMember = (name: string, value: unknown): unknown => {
  // Half of a surrogate pair is no character, and jsonb refuses it.
  if (typeof value === 'string' && !value.isWellFormed()) throw httpProblem('invalid-characters');
  if (name === '__proto__' || name === 'constructor')
    throw httpProblem('invalid-request', { errors: [{ pointer: `/${name}`, detail: 'is not allowed' }] });
  return value;
};

/** Refuses what PostgreSQL cannot store, before anything is parsed into an object. */
const parseJson = (raw: Buffer): unknown => {
  if (raw.length === 0) return undefined;
  const text = new TextDecoder('utf-8', { fatal: true }).decode(raw);
  if (/\\u0000/.test(text)) throw httpProblem('invalid-characters');
  try {
    return JSON.parse(text, checkMember);
  } catch (error) {
    // Nested deeper than the stack reaches.
    throw error instanceof RangeError ? httpProblem('malformed-json') : error;
  }
};

/** A type and its parameters as RFC 9110 writes them. Lenient parsers have been talked past validation before. */
const mediaType = /^[\w.+-]+\/[\w.+-]+ *(?:; *(?:[\w-]+=(?:"[^"\\]*"|[^\s";,]+) *)?)*$/;

function refuseOddMediaType(request: FastifyRequest): void {
  const type = request.headers['content-type'];
  if (type !== undefined && !mediaType.test(type)) throw httpProblem('unsupported-media-type');
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
const proven = new Set(['webhook', 'partner']);

/** A page of another site cannot make a browser send this header, and with it no cookie counts. */
const isBearer = (request: FastifyRequest): boolean => bearerOf(request) !== undefined;

/** A browser that carries our cookies tells where the request was made; another site's request ends here. */
function refuseCrossSite(request: FastifyRequest, origin: string): void {
  if (
    safeMethods.has(request.method) ||
    !request.headers.cookie ||
    isBearer(request) ||
    proven.has(request.routeOptions.config.access ?? '')
  )
    return;
  const site = request.headers['sec-fetch-site'];
  const from = request.headers.origin;
  const sameHost = from === undefined || from === origin || (URL.parse(from)?.host ?? '') === request.headers.host;
  if ((site !== undefined && site !== 'same-origin' && site !== 'none') || !sameHost)
    throw httpProblem('cross-site-request');
}

const tokenOf = ({ formToken, body }: FastifyRequest): string | undefined =>
  formToken ?? (body && typeof body === 'object' && '_csrf' in body ? String(body._csrf) : undefined);

async function security(app: FastifyInstance, options: AppOptions): Promise<void> {
  const origin = new URL(options.publicUrl).origin;
  const headers = await securityHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // The worker of the sellers' desk is a file of ours.
        workerSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'", 'https://checkout.stripe.com', ...(options.formTargets ?? [])],
      },
    },
    strictTransportSecurity: origin.startsWith('https:') ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'same-origin' },
  });
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
  await app.register(cookie, { secret: options.cookieSecret });
  await app.register(csrf, {
    cookieOpts: { signed: true, httpOnly: true, sameSite: 'lax', path: '/', secure: origin.startsWith('https:') },
    getToken: tokenOf,
  });
  app.addHook('onRequest', (request, _reply, done) => {
    refuseOddMediaType(request);
    refuseCrossSite(request, origin);
    done();
  });
  app.addHook('preHandler', (request, reply, done) => {
    // JSON cannot be sent across sites without a preflight that we never grant; forms can, so they carry a token.
    const proof = proven.has(request.routeOptions.config.access ?? '') || isBearer(request) || isBeyondForms(request);
    if (safeMethods.has(request.method) || proof || !isForm(request)) return done();
    app.csrfProtection(request, reply, done);
  });
}

/** The server without its routes: parsers, limits, headers, errors, access. Slices are registered on it by `compose.ts`. */
export async function createApp(options: AppOptions) {
  const app = Fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    requestTimeout: uploadTimeoutMs,
    http: { headersTimeout: 15_000 },
    handlerTimeout: 30_000,
    trustProxy: ['loopback', ...(options.trustedProxies ?? [])],
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    forceCloseConnections: 'idle',
    clientErrorHandler: refuseUnreadable(options.publicUrl),
    // What is wrong before a route is found, such as a path that cannot be decoded.
    frameworkErrors: (error, request, reply) =>
      void sendProblem(asProblem(error), options.publicUrl, undefined, request, reply),
  }).withTypeProvider<TypeBoxTypeProvider>();

  validation(app);
  app.decorateRequest('rawBody');
  // Fastify would take text/plain as well, past the checks of JSON.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, raw: Buffer) => {
    request.rawBody = raw;
    return parseJson(raw);
  });
  problemHandling(app, options.publicUrl, options.renderProblem);
  await app.register(formbody, { bodyLimit: 64_000 });
  await app.register(uploads);
  await app.register(compress, {
    global: true,
    threshold: 1_024,
    brotliOptions: { params: { 1: 4 } },
    encodings: ['br', 'gzip', 'identity'],
  });
  admission(app);
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) =>
      httpProblem('too-many-requests', { retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1_000)) }),
  });
  await security(app, options);
  await app.register(accessControl, { authenticate: options.authenticate });
  await openApi(app, options.publicUrl);
  return app;
}
export type App = Awaited<ReturnType<typeof createApp>>;
