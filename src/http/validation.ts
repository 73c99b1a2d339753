import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';

const base = { allErrors: true, removeAdditional: false, useDefaults: true, strict: false } as const;

/**
 * Query strings and paths are text, so their numbers are read from text. A JSON body says what it means: `"2"` is not 2,
 * and an unknown member is refused rather than dropped.
 */
export function validation(app: FastifyInstance): void {
  const text = addFormats.default(new Ajv({ ...base, coerceTypes: 'array' }));
  const json = addFormats.default(new Ajv({ ...base, coerceTypes: false }));
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? json : text).compile(schema));
}
