import type { FastifyRequest } from 'fastify';

type Kept = { readonly name: string; readonly value: string };

/** After these it may have been nobody's will, or would be refused again at once. */
const repeatable = new Set([
  'form-expired',
  'too-many-requests',
  'temporarily-unavailable',
  'internal-error',
  'storage-unavailable',
]);
/** Where secrets are typed: they are never written into a page. */
const secretPages = /^(\/\w\w)?\/(dang-nhap|dang-ky|xac-nhan|tai-khoan|quan-tri\/nguoi-dung)/;
const secretNames = /pass|secret|token/i;
const most = { fields: 300, letters: 48_000 } as const;

const isFields = (body: unknown): body is Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null && !Array.isArray(body);

/** Whether a form that was refused so may be sent once more from a page of ours. */
function isRepeatable({ url, routeOptions }: FastifyRequest, code: string): boolean {
  return repeatable.has(code) && routeOptions.url !== undefined && !url.startsWith('//') && !secretPages.test(url);
}

/**
 * The fields of a form as they were sent, to be sent once more; undefined where nothing has been read of them yet, where they
 * hold a secret or a file, or where they are too many. The proof of the form is left out: the new form has a fresh one.
 */
export function keptFields(request: FastifyRequest, code: string): readonly Kept[] | undefined {
  const { body } = request;
  if (!isRepeatable(request, code) || !isFields(body)) return undefined;
  const sent = Object.entries(body)
    .filter(([name]) => name !== '_csrf')
    .flatMap(([name, held]) => [held].flat().map((value: unknown) => ({ name, value })));
  const fields = sent.filter((one): one is Kept => typeof one.value === 'string' && !secretNames.test(one.name));
  const letters = fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  const all = fields.length === sent.length && fields.length > 0;
  return all && fields.length <= most.fields && letters <= most.letters ? fields : undefined;
}
