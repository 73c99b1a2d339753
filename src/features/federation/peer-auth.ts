import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { type Problem, refusals } from '#core/problem.ts';
import { PROTOCOL_VERSION } from '#federation/protocol/documents.ts';
import { PEER_PROBLEMS, PeerRefusal } from '#federation/protocol/problems.ts';
import { signResponse, verifyRequest } from '#federation/protocol/signature.ts';
import type { RequestMessage } from '#federation/protocol/signature-base.ts';
import { asProblem as asAnyProblem, httpProblem } from '#http/problems.ts';
import type { Federation } from './service.ts';
import { federationProblems, type Verb } from './types.ts';

const refuse = refusals(federationProblems);
const nothing = new Uint8Array();

/** The request as it came over the wire. The authority is ours, whatever Host says: a request made for another node fails here. */
function messageOf(request: FastifyRequest, authority: string): RequestMessage {
  const target = request.raw.url ?? '/';
  const query = target.indexOf('?');
  return {
    method: request.method,
    authority,
    path: query === -1 ? target : target.slice(0, query),
    query: query === -1 ? '' : target.slice(query),
    headers: request.headers,
    body: request.rawBody ?? nothing,
  };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a partner must have been granted for this route. Without it a key of an agreement is enough. */
    verb?: Verb;
  }
}

async function authenticate(request: FastifyRequest, federation: Federation, now: Date): Promise<void> {
  let partnerKey: string | undefined;
  const keyFor = async (keyid: string) => {
    const pinned = await federation.findKey(keyid);
    partnerKey = pinned?.partnerKey;
    return pinned?.key;
  };
  await verifyRequest(messageOf(request, federation.authority), { keyFor, remember: federation.rememberNonce, now });
  request.partnerKey = partnerKey ?? null;
}

/** The refusals of the protocol as problem documents, with whether trying again may help. */
function asProblem(error: unknown): unknown {
  if (!(error instanceof PeerRefusal)) return error;
  return refuse(error.code, { ...error.extra, retryable: PEER_PROBLEMS[error.code].retryable });
}

/** Try again later, and it may work; whatever else is refused stays refused. */
const isTransient = ({ status }: Problem): boolean => status === 429 || status === 503;

/** A peer asks of every refusal whether to try again, of those too that know nothing of the protocol. */
function withRetryable(error: FastifyError | Problem, request: FastifyRequest): Problem {
  const problem = asAnyProblem(error);
  if (problem.status >= 500 && error !== problem) request.log.error({ err: error }, problem.code);
  if ('retryable' in problem.extra) return problem;
  const { code, entry, extra } = problem;
  return refusals({ [code]: entry })(code, { ...extra, retryable: isTransient(problem) });
}

/** What was signed as JSON is read as JSON, and nothing else is. */
function parsedBody({ rawBody, headers }: FastifyRequest): unknown {
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) throw httpProblem('unsupported-media-type');
  return JSON.parse(rawBody.toString('utf8'));
}

/**
 * Signatures on the routes of this scope, both ways. A request is verified before its body is parsed; a route of the
 * access `partner` refuses unsigned ones, a public one takes them. Answers to verified requests are signed.
 */
export function peerAuthentication(app: FastifyInstance, federation: Federation, now: Clock): void {
  // The bytes are kept as they came; JSON is parsed after the signature was found right.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, raw: Buffer) => {
    request.rawBody = raw;
    return raw;
  });
  app.addHook('preValidation', async (request) => {
    const isSigned = request.headers.signature !== undefined || request.headers['signature-input'] !== undefined;
    if (request.routeOptions.config.access !== 'partner' && !isSigned) return;
    await authenticate(request, federation, now()).catch((error: unknown) => {
      throw asProblem(error);
    });
    await refuseUngranted(request, federation);
    refuseOtherVersion(request);
    if (request.rawBody?.length) request.body = parsedBody(request);
  });
  app.setErrorHandler((error: FastifyError | Problem, request) => {
    throw withRetryable(error, request);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.partnerKey !== null) signAnswer(request, reply, payload, federation, now());
    return payload;
  });
}

async function refuseUngranted({ partnerKey, routeOptions }: FastifyRequest, federation: Federation): Promise<void> {
  const { verb } = routeOptions.config;
  if (verb === undefined || partnerKey === null || (await federation.mayAsk(partnerKey, verb))) return;
  throw refuse('verb-not-granted', { verb, retryable: false });
}

/** The header may be left out; a version that we do not speak is told which ones we do. */
function refuseOtherVersion(request: FastifyRequest): void {
  const asked = request.headers['federation-version'];
  if (asked === undefined || asked === PROTOCOL_VERSION) return;
  throw refuse('unsupported-version', { supported: [PROTOCOL_VERSION], retryable: false });
}

function signAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  federation: Federation,
  now: Date,
): void {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : '');
  const answer = { status: reply.statusCode, headers: {}, body, request: messageOf(request, federation.authority) };
  void reply.headers(signResponse(answer, federation.identity, now));
}

/** Runs a handler, whose protocol refusals become problem documents. */
export async function answering<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asProblem(error);
  }
}
