import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { IsOptional } from 'typebox';
import { isFormBody, uploadKeyword } from './uploads.ts';

const base = { allErrors: true, removeAdditional: false, useDefaults: true, strict: false } as const;

/**
 * Query strings and paths are text, so their numbers are read from text. A JSON body says what it means: `"2"` is not 2,
 * and an unknown member is refused rather than dropped.
 */
export function validation(app: FastifyInstance): void {
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
