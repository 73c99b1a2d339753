import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { IsOptional } from 'typebox';
import { httpProblem } from './problems.ts';
import { isFormBody, uploadKeyword } from './uploads.ts';

const base = { allErrors: true, removeAdditional: false, useDefaults: true, strict: false } as const;

const unasked = [{ pointer: '', detail: 'this route takes no body' }];

/** A body where the API takes none would be overlooked; whoever sent it believed that it does something. */
function isUnasked({ body, routeOptions: { config, schema } }: FastifyRequest): boolean {
  if (!schema?.operationId || schema.body || config.access === 'webhook' || config.access === 'partner') return false;
  return body !== null && typeof body === 'object' && Object.keys(body).length > 0;
}

/**
 * Query strings and paths are text, so their numbers are read from text. A JSON body says what it means: `"2"` is not 2,
 * and an unknown member is refused rather than dropped.
 */
export function validation(app: FastifyInstance): void {
  app.addHook('preValidation', (request, _reply, done) => {
    done(isUnasked(request) ? httpProblem('invalid-request', { errors: unasked, in: 'body' }) : undefined);
  });
  const text = addFormats.default(new Ajv({ ...base, coerceTypes: 'array' }));
  const json = addFormats.default(new Ajv({ ...base, coerceTypes: false }));
  text.addKeyword(uploadKeyword);
  app.setValidatorCompiler<FastifySchema>(({ schema, httpPart }) => {
    if (httpPart !== 'body' || isFormBody(schema)) return text.compile(schema);
    const check = json.compile(schema);
    if (!IsOptional(schema)) return check;
    // Fastify says null for a body that did not come.
    return (body: unknown) => body === null || check(body) || { error: [...(check.errors ?? [])] };
  });
}
