import { type TSchema, Type } from '@fastify/type-provider-typebox';
import type { FastifySchema, RouteOptions } from 'fastify';
import type { ProblemCatalogue } from '#core/problem.ts';
import type { Access } from './access.ts';
import { exampleOf, type WireSchema } from './examples.ts';
import { idempotencyProblems } from './idempotency.ts';
import { httpProblems } from './problems.ts';
import { problemExamples } from './schema.ts';
import { describedForm, isFormBody } from './uploads.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The handler calls `idempotent`, so the API document asks for an `Idempotency-Key`. */
    idempotencyKey?: true;
  }
}

/** What opens a route that is not open to all, by the names of `components.securitySchemes`. */
const keys: Partial<Record<Access, string>> = {
  halfway: 'session',
  shopper: 'session',
  seller: 'session',
  staff: 'session',
  partner: 'partnerSignature',
};

const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.String({
    minLength: 1,
    maxLength: 202,
    description: 'A random value of the client, bare or in quotes. The same value repeats the answer for 24 hours.',
    examples: ['8e03978e-40d5-43e8-bc93-6894a57f9324'],
  }),
});

/** The refusals that follow from how a route is declared, whatever it does. */
function commonRefusals({ config }: RouteOptions): ProblemCatalogue {
  // Whatever the route reads: an address or a header can be broken too.
  const chosen: ProblemCatalogue[] = [{ 'invalid-request': httpProblems['invalid-request'] }];
  const { 'sign-in-required': signIn, forbidden } = httpProblems;
  if (config?.access && keys[config.access] === 'session') chosen.push({ 'sign-in-required': signIn });
  if (config?.access === 'seller' || config?.access === 'staff') chosen.push({ forbidden });
  if (config?.keyScope) {
    const { 'key-not-accepted': unknownKey, 'scope-missing': noScope } = httpProblems;
    chosen.push({ 'key-not-accepted': unknownKey, 'scope-missing': noScope });
  }
  if (config?.fresh) chosen.push({ 'reauthentication-required': httpProblems['reauthentication-required'] });
  if (config?.access === 'partner')
    chosen.push({ 'partner-signature-required': httpProblems['partner-signature-required'] });
  if (config?.rateLimit) chosen.push({ 'too-many-requests': httpProblems['too-many-requests'] });
  if (config?.upload) {
    const { 'malformed-form': malformed, 'too-many-parts': parts, 'upload-too-large': large } = httpProblems;
    const { 'unsupported-media-type': type, 'form-expired': expired } = httpProblems;
    chosen.push({ 'malformed-form': malformed, 'form-expired': expired, 'too-many-parts': parts });
    chosen.push({ 'upload-too-large': large, 'unsupported-media-type': type });
  }
  if (config?.idempotencyKey) chosen.push(idempotencyProblems);
  return Object.assign({}, ...chosen);
}

type Refusal = { readonly content: { readonly 'application/problem+json': { readonly examples: object } } };

const withRefusals = (refusal: Refusal, common: ProblemCatalogue) => {
  const media = refusal.content['application/problem+json'];
  return {
    ...refusal,
    content: {
      'application/problem+json': { ...media, examples: { ...problemExamples(common), ...media.examples } },
    },
  };
};

const withExample = (answer: WireSchema): WireSchema => {
  const example = answer.type === 'null' ? undefined : exampleOf(answer);
  return example === undefined ? answer : { ...answer, examples: [example] };
};

/** What opens the route: a session, a signature, or a key of a business with the scope that it names. */
function describedKeys({ description }: FastifySchema, { config }: RouteOptions) {
  const key = config?.access && keys[config.access];
  if (!key) return {};
  if (!config.keyScope) return { security: [{ [key]: [] }] };
  return {
    security: [{ [key]: [] }, { apiKey: [] }],
    description: `${description} Open to keys with the scope \`${config.keyScope}\`.`,
  };
}

/**
 * A route's schema as the API document shows it: with an example of its body and of each answer, the refusals of its kind, the headers
 * it needs and the key that opens it. What validates and serialises is the schema as it was declared.
 */
export function describedOperation(schema: FastifySchema | undefined, route: RouteOptions): FastifySchema {
  if (schema?.operationId === undefined) return { ...schema, hide: true };
  const common = commonRefusals(route);
  const answers = Object.entries((schema.response ?? {}) as Record<string, WireSchema>).map(([status, answer]) => [
    status,
    status === '4xx' ? withRefusals(answer as Refusal, common) : withExample(answer),
  ]);
  const form = isFormBody(schema.body);
  const body = form ? describedForm(schema.body as TSchema) : schema.body;
  return {
    ...schema,
    ...(form ? { consumes: ['multipart/form-data'] } : {}),
    response: Object.fromEntries(answers),
    ...(body ? { body: withExample(body as WireSchema) } : {}),
    ...(schema.body && Type.IsOptional(schema.body as TSchema) ? { 'x-optional-body': true } : {}),
    ...(route.config?.idempotencyKey ? { headers: IdempotencyHeaders } : {}),
    ...describedKeys(schema, route),
  };
}
