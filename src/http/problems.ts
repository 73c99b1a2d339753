import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { defineProblems, Problem, type ProblemEntry, refusals } from '#core/problem.ts';

export const httpProblems = defineProblems({
  'invalid-request': {
    status: 400,
    vi: ['Yêu cầu chưa hợp lệ', 'Xem danh sách errors: mỗi mục chỉ đúng chỗ cần sửa.'],
    en: ['The request is not valid', 'See errors: each entry points at what to change.'],
  },
  'malformed-json': {
    status: 400,
    vi: ['Nội dung gửi lên không phải JSON đúng', 'Kiểm tra dấu ngoặc, dấu phẩy và mã UTF-8 rồi gửi lại.'],
    en: ['The body is not valid JSON', 'Check brackets, commas and UTF-8 encoding, then send it again.'],
  },
  'invalid-characters': {
    status: 400,
    vi: ['Nội dung chứa ký tự không lưu được', 'Bỏ ký tự rỗng (U+0000) và nửa cặp surrogate rồi gửi lại.'],
    en: [
      'The text holds a character that cannot be stored',
      'Remove NUL characters (U+0000) and lone surrogates, and send it again.',
    ],
  },
  'invalid-cursor': {
    status: 400,
    vi: ['Con trỏ trang không hợp lệ', 'Dùng nguyên nextCursor của trang trước, hoặc bỏ cursor để về trang đầu.'],
    en: [
      'The page cursor is not valid',
      'Use nextCursor of the page before as it is, or leave cursor out for the first page.',
    ],
  },
  'sign-in-required': {
    status: 401,
    vi: ['Bạn cần đăng nhập', 'Đăng nhập rồi thử lại.'],
    en: ['You need to sign in', 'Sign in and try again.'],
  },
  'second-factor-required': {
    status: 401,
    vi: ['Cần bước xác thực thứ hai', 'Nhập mã của ứng dụng xác thực hoặc dùng khóa truy cập để vào tiếp.'],
    en: ['A second factor is needed', 'Give the code of your app, or a passkey, to go on.'],
  },
  'key-not-accepted': {
    status: 401,
    vi: ['Khóa API không đúng, đã hết hạn hoặc đã bị thu hồi', 'Tạo khóa mới trong bàn bán hàng.'],
    en: ['The key is wrong, over or revoked', 'Make a new one at the seller desk.'],
  },
  'scope-missing': {
    status: 403,
    vi: ['Khóa API không có quyền này', 'Tạo khóa có quyền ghi trong scope.'],
    en: ['The key may not do that', 'Make a key with the scope that is named in scope.'],
  },
  'reauthentication-required': {
    status: 403,
    vi: ['Cần xác nhận lại đó là bạn', 'Nhập lại mật khẩu hoặc bước xác thực thứ hai, rồi làm tiếp trong 10 phút.'],
    en: ['Show again that it is you', 'Give your password or second factor, then go on within 10 minutes.'],
  },
  'partner-signature-required': {
    status: 401,
    vi: ['Yêu cầu của sàn đối tác phải có chữ ký', 'Ký yêu cầu theo hồ sơ ocop-fed/1.'],
    en: ['A partner exchange must sign its requests', 'Sign the request by the profile ocop-fed/1.'],
  },
  forbidden: {
    status: 403,
    vi: ['Tài khoản này không được phép', 'Đăng nhập bằng tài khoản có quyền, hoặc hỏi người quản trị.'],
    en: ['This account may not do that', 'Sign in with an account that may, or ask an administrator.'],
  },
  'cross-site-request': {
    status: 403,
    vi: ['Yêu cầu đến từ trang khác', 'Mở lại trang của sàn và gửi biểu mẫu từ đó.'],
    en: ['The request came from another site', 'Open the page of this exchange again and send the form from there.'],
  },
  'form-expired': {
    status: 403,
    vi: ['Biểu mẫu đã hết hạn', 'Quay lại, tải lại trang rồi gửi lần nữa; nội dung đã nhập vẫn còn.'],
    en: ['The form has expired', 'Go back, reload the page and send it again; what you typed is kept.'],
  },
  'not-found': {
    status: 404,
    vi: ['Không có gì ở địa chỉ này', 'Kiểm tra đường dẫn; danh sách đường dẫn nằm ở /docs.'],
    en: ['There is nothing at this address', 'Check the path; /docs lists every path.'],
  },
  'request-timeout': {
    status: 408,
    vi: ['Yêu cầu gửi quá chậm', 'Gửi lại khi đường truyền tốt hơn.'],
    en: ['The request took too long to arrive', 'Send it again on a better connection.'],
  },
  'body-too-large': {
    status: 413,
    vi: ['Nội dung gửi lên quá lớn', 'Gửi ít hơn 1 MB mỗi lần.'],
    en: ['The body is too large', 'Send less than 1 MB at a time.'],
  },
  'malformed-form': {
    status: 400,
    vi: ['Không đọc được biểu mẫu', 'Gửi lại đầy đủ theo multipart/form-data, có boundary trong content-type.'],
    en: ['The form cannot be read', 'Send it again whole, as multipart/form-data with its boundary in content-type.'],
  },
  'upload-too-large': {
    status: 413,
    vi: ['Tập tin gửi lên quá lớn', 'Mỗi tập tin tối đa maxBytes byte: thu nhỏ ảnh hoặc quét lại, rồi gửi.'],
    en: ['The file that was sent is too large', 'maxBytes is the most: shrink the picture or scan anew, and send it.'],
  },
  'too-many-parts': {
    status: 413,
    vi: ['Biểu mẫu có quá nhiều phần', 'Gửi tối đa maxFiles tập tin một lần.'],
    en: ['The form has too many parts', 'Send at most maxFiles files at a time.'],
  },
  'unsupported-media-type': {
    status: 415,
    vi: ['Kiểu nội dung không được hỗ trợ', 'Gửi application/json, hoặc multipart/form-data ở nơi nhận tập tin.'],
    en: ['This content type is not supported', 'Send application/json, or multipart/form-data where files are taken.'],
  },
  'headers-too-large': {
    status: 431,
    vi: ['Phần đầu của yêu cầu quá lớn', 'Xóa cookie của sàn rồi thử lại; địa chỉ và tiêu đề cộng lại dưới 16 KB.'],
    en: [
      'The headers of the request are too large',
      'Delete the cookies of this exchange and try again: 16 KB at most.',
    ],
  },
  'precondition-required': {
    status: 428,
    vi: ['Thiếu If-Match', 'Đọc lại dữ liệu, rồi gửi If-Match bằng ETag vừa nhận.'],
    en: ['If-Match is missing', 'Read the resource again and send If-Match with the ETag you got.'],
  },
  'precondition-failed': {
    status: 412,
    vi: ['Dữ liệu đã thay đổi từ lần bạn đọc', 'Đọc lại, xem thay đổi, rồi gửi với ETag mới.'],
    en: ['The resource changed since you read it', 'Read it again, look at the change, and send with the new ETag.'],
  },
  'too-many-requests': {
    status: 429,
    vi: ['Quá nhiều yêu cầu', 'Chờ theo Retry-After rồi thử lại.'],
    en: ['Too many requests', 'Wait as Retry-After says, then try again.'],
  },
  'internal-error': {
    status: 500,
    vi: ['Lỗi phía máy chủ', 'Chúng tôi đã ghi nhận. Thử lại sau, và đọc mã yêu cầu nếu cần báo lỗi.'],
    en: [
      'Something failed on our side',
      'It has been logged. Try again later, and quote the request id if you report it.',
    ],
  },
  'temporarily-unavailable': {
    status: 503,
    vi: ['Hệ thống đang bận', 'Thử lại sau vài giây; không có gì bị mất.'],
    en: ['The service is busy', 'Try again in a few seconds; nothing was lost.'],
  },
});

export const httpProblem = refusals(httpProblems);

/** What a page or a client receives, RFC 9457 plus both languages and a pointer to each fault. */
export type ProblemDocument = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance: string;
  readonly messages: { readonly vi: string; readonly en: string };
  readonly [member: string]: unknown;
};
export type RenderProblem = (document: ProblemDocument, request: FastifyRequest, reply: FastifyReply) => string;

type ValidationFault = {
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params?: Record<string, unknown>;
};

const pointerOf = (fault: ValidationFault): string => {
  const missing = fault.params?.missingProperty;
  return typeof missing === 'string' ? `${fault.instancePath}/${missing}` : fault.instancePath;
};

const fastifyCodes: Readonly<Record<string, keyof typeof httpProblems>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid-request',
  FST_ERR_BAD_URL: 'invalid-request',
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
  FST_PROTO_VIOLATION: 'invalid-request',
  FST_MP_PREMATURE_CLOSE: 'malformed-form',
  FST_INVALID_JSON_FIELD_ERROR: 'malformed-form',
  FST_CSRF_MISSING_SECRET: 'form-expired',
  FST_CSRF_INVALID_TOKEN: 'form-expired',
};

/** Connection lost, shutting down, out of connections, statement or lock timed out: trying again later may work. */
const transient = /^(08|53|57P|57014|55P03|40)/;

const stateOf = (error: unknown): string => {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return '';
};

const isTransient = (error: Error): boolean => {
  const code = stateOf(error);
  return (
    transient.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code) ||
    /timeout exceeded when trying to connect|Connection terminated|not queryable|Query read timeout/.test(
      `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`,
    )
  );
};

const validationProblem = (error: FastifyError): Problem => {
  const errors = (error.validation ?? []).map((fault) => ({ pointer: pointerOf(fault), detail: fault.message }));
  return httpProblem('invalid-request', { errors, in: error.validationContext });
};

const codeOfFailure = (error: FastifyError | Error): keyof typeof httpProblems => {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const status = 'statusCode' in error ? error.statusCode : undefined;
  const known = fastifyCodes[code];
  if (known) return known;
  if (error instanceof SyntaxError || code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'malformed-json';
  if (status === 429) return 'too-many-requests';
  if (status === 400) return 'invalid-request';
  if (stateOf(error) === '22021') return 'invalid-characters';
  return isTransient(error) ? 'temporarily-unavailable' : 'internal-error';
};

/** Not a date, not a number of that size, not an id: what a client made up, where the schema could not see it. */
const unreadable = new Set(['22003', '22007', '22008', '22P02']);

/** Cursors are ours: one that PostgreSQL cannot compare with was not made by us. */
const isMadeUpCursor = (error: Error, { query }: FastifyRequest): boolean =>
  unreadable.has(stateOf(error)) && query !== null && typeof query === 'object' && 'cursor' in query;

/** Any error as a `Problem`: what a person can act on keeps its words, a bug becomes a 500 that tells strangers nothing. */
export function asProblem(error: FastifyError | Problem | Error): Problem {
  if (error instanceof Problem) return error;
  if ('validation' in error && error.validation) return validationProblem(error);
  return httpProblem(codeOfFailure(error));
}

const prefersEnglish = (request: FastifyRequest): boolean => {
  const [first = ''] = (request.headers['accept-language'] ?? '').split(',');
  return first.trim().toLowerCase().startsWith('en');
};

export const documentOf = (problem: Problem, base: string, request: FastifyRequest): ProblemDocument => {
  const entry: ProblemEntry = problem.entry;
  const [title, detail] = prefersEnglish(request) ? entry.en : entry.vi;
  return {
    // First, so that no extra member can take the place of a standard one.
    ...problem.extra,
    type: `${base}/problems/${problem.code}`,
    title,
    status: entry.status,
    detail,
    code: problem.code,
    instance: `urn:request:${request.id}`,
    messages: { vi: entry.vi.join('. '), en: entry.en.join('. ') },
  };
};

const wantsPage = (request: FastifyRequest): boolean => (request.headers.accept ?? '').includes('text/html');

export const sendProblem = (
  problem: Problem,
  base: string,
  render: RenderProblem | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
) => {
  const document = documentOf(problem, base, request);
  if (document.status === 503 || document.status === 429)
    void reply.header('retry-after', String(problem.extra.retryAfterSeconds ?? 2));
  void reply.code(document.status).header('cache-control', 'no-store');
  if (render && wantsPage(request))
    return reply.type('text/html; charset=utf-8').send(render(document, request, reply));
  // Serialised here: a route's own 4xx schema must not strip members from a document it has not heard of.
  return reply.type('application/problem+json; charset=utf-8').serializer(String).send(JSON.stringify(document));
};

/** One shape for every refusal and failure: a document for programs, a page for people. */
export function problemHandling(app: FastifyInstance, base: string, render?: RenderProblem): void {
  app.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const problem = isMadeUpCursor(error, request) ? httpProblem('invalid-cursor') : asProblem(error);
    // What we say on purpose is no failure of ours; what made us say it may be worth a look.
    if (problem.status >= 500 && error !== problem) request.log.error({ err: error }, problem.code);
    else if (problem.cause) request.log.warn({ err: problem.cause }, problem.code);
    return sendProblem(problem, base, render, request, reply);
  });
  app.setNotFoundHandler({}, (request, reply) => sendProblem(httpProblem('not-found'), base, render, request, reply));
}
