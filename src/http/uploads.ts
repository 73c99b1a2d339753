import multipart from '@fastify/multipart';
import { type TProperties, type TSchema, Type } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { asProblem, httpProblem } from './problems.ts';

/** What a route takes: so many files, each of so many bytes at the most. */
export type UploadLimits = { readonly maxBytes: number; readonly maxFiles?: number };
/** A file as it was sent. Neither its name nor its declared type is to be trusted. */
export type UploadedFile = { readonly name: string; readonly type: string; readonly bytes: Buffer };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes files as multipart/form-data. Anywhere else that type is refused, as is a body over 1 MiB. */
    upload?: UploadLimits;
  }
  interface FastifyRequest {
    /** The CSRF token that came as a field of a multipart form. */
    formToken: string | undefined;
  }
}

const megabyte = 1_048_576;
/** A form of ours has some twenty fields; the text of one is at most a story of a few pages. */
const perForm = { fields: 200, fieldSize: 65_536, fieldNameSize: 100, headerPairs: 20, headerSize: 16_384 } as const;
/** All uploads that one process holds in memory at one time. */
const heldBytesLimit = 200 * megabyte;
/** A photograph of 20 MB takes this long at 0.5 Mbit/s, about what the slowest fields of the province have. */
export const uploadTimeoutMs = 300_000;
/** For every other request. */
const bodyTimeoutMs = 15_000;

const typeOf = ({ headers }: FastifyRequest): string => (headers['content-type'] ?? '').toLowerCase();
const isMultipart = (request: FastifyRequest): boolean => typeOf(request).startsWith('multipart/form-data');
/** A form as browsers send it without a preflight: another site could have sent it too. */
export const isForm = (request: FastifyRequest): boolean =>
  isMultipart(request) || typeOf(request).startsWith('application/x-www-form-urlencoded');

/** A page's form may come without files; a route of the API takes nothing but multipart. */
const isDescribed = ({ routeOptions }: FastifyRequest): boolean => routeOptions.schema?.operationId !== undefined;

/**
 * Another site can send a form with our cookies, though not with a header of this kind: for that its browser asks us
 * first, and we do not answer. Programs that sign in by session send one of them in place of a form's token.
 */
const beyondForms = ['authorization', 'idempotency-key', 'x-requested-with'] as const;
export const isBeyondForms = (request: FastifyRequest): boolean =>
  isDescribed(request) && beyondForms.some((name) => request.headers[name] !== undefined);

const kUpload = 'isUpload';
export const isUpload = (value: unknown): value is UploadedFile =>
  typeof value === 'object' && value !== null && 'bytes' in value && Buffer.isBuffer(value.bytes);
/** How a body's schema says that a member is a file; for the validator. */
export const uploadKeyword = {
  keyword: kUpload,
  validate: (_schema: unknown, value: unknown): boolean => isUpload(value),
  error: { message: 'must be a file' },
} as const;

/** A file of a multipart body. In the handler it is an `UploadedFile`. */
export const FilePart = (description: string) =>
  Type.Unsafe<UploadedFile>({ [kUpload]: true, description, examples: ['(bytes)'] });

/** The fields and files of a multipart body. Its values are text, so numbers are read from text. */
export const FormBody = <P extends TProperties>(properties: P, options: { readonly title?: string } = {}) =>
  Type.Object(properties, { ...options, additionalProperties: false, 'x-form': true });

export const isFormBody = (schema: unknown): boolean =>
  typeof schema === 'object' && schema !== null && 'x-form' in schema;

/** The schema of a form as the API document shows it. */
export const describedForm = (schema: TSchema): object => {
  const { 'x-form': _form, properties, ...rest } = schema as TSchema & { 'x-form': true; properties: TProperties };
  const shown = Object.entries(properties).map(([name, member]) => {
    if (!(kUpload in member)) return [name, member];
    const { [kUpload]: _upload, ...described } = member;
    return [name, { type: 'string', format: 'binary', ...described }];
  });
  return { ...rest, properties: Object.fromEntries(shown) };
};

type Parts = { readonly values: Map<string, unknown[]>; held: number };
let heldBytes = 0;

const hold = (parts: Parts, bytes: number): void => {
  parts.held += bytes;
  heldBytes += bytes;
  if (heldBytes > heldBytesLimit) throw httpProblem('temporarily-unavailable', { retryAfterSeconds: 10 });
};

type Part = Awaited<ReturnType<ReturnType<FastifyRequest['parts']>['next']>>['value'];

async function readPart(part: Part, parts: Parts, { maxBytes }: UploadLimits): Promise<unknown> {
  if (part.type === 'field') {
    if (part.valueTruncated) throw httpProblem('body-too-large', { field: part.fieldname });
    if (part.fieldnameTruncated || typeof part.value !== 'string') throw httpProblem('malformed-form');
    hold(parts, part.value.length);
    return part.value;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of part.file as AsyncIterable<Buffer>) {
    hold(parts, chunk.length);
    chunks.push(chunk);
  }
  if (part.file.truncated) throw httpProblem('upload-too-large', { field: part.fieldname, maxBytes });
  const name = part.filename ?? '';
  // A browser sends an empty part for a field whose file was not chosen.
  if (name === '' && chunks.length === 0) return undefined;
  return { name, type: part.mimetype, bytes: Buffer.concat(chunks) } satisfies UploadedFile;
}

const limitCodes = new Set(['FST_PARTS_LIMIT', 'FST_FILES_LIMIT', 'FST_FIELDS_LIMIT']);

/** Whatever the parser stumbles over is the sender's; only what we said ourselves has its own words. */
const formProblem = (error: unknown, { maxFiles = 1 }: UploadLimits) => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (limitCodes.has(code)) return httpProblem('too-many-parts', { maxFiles });
  const problem = error instanceof Error ? asProblem(error) : undefined;
  const said = problem !== undefined && problem.code !== 'internal-error';
  return said ? problem : httpProblem('malformed-form');
};

async function readParts(request: FastifyRequest, limits: UploadLimits): Promise<Parts> {
  const { maxBytes, maxFiles = 1 } = limits;
  const parts: Parts = { values: new Map(), held: 0 };
  const options = {
    throwFileSizeLimit: false,
    limits: { ...perForm, fileSize: maxBytes, files: maxFiles, parts: perForm.fields + maxFiles },
  };
  try {
    for await (const part of request.parts(options)) {
      const value = await readPart(part, parts, limits);
      if (value !== undefined) parts.values.set(part.fieldname, [...(parts.values.get(part.fieldname) ?? []), value]);
    }
    return parts;
  } catch (error) {
    heldBytes -= parts.held;
    // What is still to come is thrown away as it arrives, so that the answer can be read at the other end.
    request.raw.unpipe();
    request.raw.resume();
    throw formProblem(error, limits);
  }
}

/** A form becomes a body like any other: a value by its name, or a list where the name came more than once. */
const bodyOf = ({ values }: Parts): Record<string, unknown> =>
  Object.assign(
    Object.create(null),
    Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all])),
  );

function refuseForm(request: FastifyRequest): void {
  const { upload } = request.routeOptions.config;
  if (!isMultipart(request)) {
    if (upload && isDescribed(request)) throw httpProblem('unsupported-media-type');
    return;
  }
  const coding = request.headers['content-encoding'] ?? 'identity';
  if (!upload || coding !== 'identity') throw httpProblem('unsupported-media-type');
  const { maxBytes, maxFiles = 1 } = upload;
  const most = maxBytes * maxFiles + megabyte;
  if (Number(request.headers['content-length'] ?? 0) > most) throw httpProblem('upload-too-large', { maxBytes });
}

/** Node waits for every request as long as for an upload; a body that is none has to come sooner. */
function endSlowBody(app: FastifyInstance, { raw, routeOptions }: FastifyRequest, reply: FastifyReply): void {
  if (routeOptions.config.upload || raw.complete) return;
  const timer = setTimeout(() => {
    if (raw.complete || raw.destroyed) return;
    // As Node itself does when its own limit is over.
    app.server.emit('clientError', Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), raw.socket);
  }, bodyTimeoutMs);
  const stop = (): void => clearTimeout(timer);
  raw.once('end', stop).once('close', stop);
  reply.raw.once('close', stop);
}

/** An upload that arrives slowly must not be ended by the limit that other handlers have. */
const waitForUpload = (route: RouteOptions): void => {
  if (route.config?.upload) route.handlerTimeout ??= uploadTimeoutMs;
};

/** Reads multipart bodies, where a route declares that it takes them, up to its limits and not a byte further. */
export const uploads = fp(async (app: FastifyInstance) => {
  app.decorateRequest('formToken');
  await app.register(multipart);
  app.addHook('onRoute', waitForUpload);
  app.addHook('preParsing', async (request, reply) => {
    refuseForm(request);
    endSlowBody(app, request, reply);
  });
  app.addHook('preValidation', async (request, reply) => {
    const { upload } = request.routeOptions.config;
    if (!upload || !request.isMultipart()) return;
    const parts = await readParts(request, upload);
    reply.raw.once('close', () => {
      heldBytes -= parts.held;
    });
    const { _csrf: token, ...body } = bodyOf(parts);
    request.formToken = typeof token === 'string' ? token : undefined;
    request.body = body;
  });
});

const filesIn = (body: unknown, name: string): readonly UploadedFile[] => {
  const held: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return [held].flat().filter((value): value is UploadedFile => isUpload(value));
};

/** The files that were sent under a name of the form; none when nothing was chosen. */
export const uploadsOf = ({ body }: FastifyRequest, name: string): readonly UploadedFile[] => filesIn(body, name);
