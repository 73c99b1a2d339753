import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { Problem, refusals } from '#core/problem.ts';
import type { Files } from '#features/files/index.ts';
import type { Queues } from '#features/queues/index.ts';
import { actorOf, byOf } from '#http/access.ts';
import type { SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther, sendFile } from '#web/page.ts';
import type { Site } from '#web/view.ts';
import { type ImportForm, importFormPage, importPage } from './import-page.ts';
import { readDay } from './rules/submission.ts';
import type { Certificates } from './service.ts';
import { claimOf } from './staff-pages.ts';
import { certificateProblems, type ImportId, maxEvidenceBytes } from './types.ts';
import { sentenceOf } from './words.ts';

export type ImportPageDeps = {
  readonly site: Site;
  readonly certificates: Certificates;
  readonly files: Files;
  readonly queues: Queues;
};

const refuse = refusals(certificateProblems);
const path = '/quan-tri/chung-nhan/nhap';
const certifying = { access: 'staff', roles: ['certifier'] } as const;
const reading = { access: 'staff', roles: ['certifier', 'auditor'] } as const;

const idOf = ({ param }: PageContext): ImportId => {
  const id = param('importId');
  if (!isId<'CertificateImport'>(id)) throw refuse('certificate-import-not-found');
  return id;
};
const officerOf = ({ request }: PageContext) => byOf(request);
const mayDecide = ({ request }: PageContext): boolean =>
  request.caller.kind === 'account' && request.caller.staffRole !== 'auditor';

const fieldOf: Readonly<Record<string, string>> = {
  'issuer-not-competent': 'issuer',
  'certificate-issuer-invalid': 'issuer',
  'decision-number-invalid': 'decisionNumber',
  'certificate-from-the-future': 'issuedOn',
  'certificate-date-invalid': 'issuedOn',
  'certificate-lapsed': 'issuedOn',
  'evidence-required': 'evidence',
};
/** Refusals of the copy itself are said beside it, all others beside the list. */
const faultField = ({ code }: Problem): string =>
  fieldOf[code] ?? (/^(file|picture)-/.test(code) ? 'evidence' : 'list');

const formOf = (read: (name: string) => string): ImportForm => ({
  issuer: read('issuer').slice(0, 200).toWellFormed(),
  decisionNumber: read('decisionNumber').slice(0, 100).toWellFormed(),
  issuedOn: read('issuedOn').slice(0, 20),
});

async function start(context: PageContext, certificates: Certificates): Promise<SafeHtml | typeof SENT> {
  const { view, reply, field, file } = context;
  const form = formOf(field);
  try {
    const entry = { ...form, issuedOn: readDay(form.issuedOn) ?? form.issuedOn };
    const id = await certificates.startImport(officerOf(context), entry, file('list'), file('evidence'));
    return seeOther(context, `${path}/${id}`);
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    void reply.code(error.status);
    const fault = { name: faultField(error), message: sentenceOf(view, error) };
    return importFormPage(view, { form, fault, recent: await certificates.listImports(), mayDecide: true });
  }
}

const show = async (context: PageContext, certificates: Certificates, more: object): Promise<SafeHtml> =>
  importPage(context.view, {
    ...(await certificates.getImport(idOf(context))),
    actor: actorOf(context.request),
    mayDecide: mayDecide(context),
    ...more,
  });

/** What was chosen for lines that fit several products, by line. */
const choicesIn = ({ request, field }: PageContext): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.keys(request.body ?? {}).flatMap((name) => {
      const [, line] = /^dong-(\d{1,6})$/.exec(name) ?? [];
      const productId = field(name);
      return line && isId<'Product'>(productId) ? [[line, productId]] : [];
    }),
  );

async function act(context: PageContext, { certificates, queues }: ImportPageDeps): Promise<SafeHtml | typeof SENT> {
  const id = idOf(context);
  const officer = officerOf(context);
  const what = context.field('do');
  try {
    if (what === 'claim') {
      await claimOf(context, queues, (await certificates.getImport(id)).claim);
      return seeOther(context, `${path}/${id}`);
    }
    if (what === 'verify') {
      await certificates.verifyImport(officer, id, context.fields('checked'));
      return seeOther(context, `${path}/${id}?xong=xac-nhan`);
    }
    await certificates.choose(officer, id, choicesIn(context));
    if (what !== 'confirm') return seeOther(context, `${path}/${id}`);
    await certificates.confirmImport(officer, id);
    return seeOther(context, `${path}/${id}?xong=ghi`);
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500 || error.status === 404) throw error;
    void context.reply.code(error.status);
    return show(context, certificates, { fault: sentenceOf(context.view, error), checked: context.fields('checked') });
  }
}

async function sendDecision(context: PageContext, { certificates, files }: ImportPageDeps): Promise<typeof SENT> {
  const { found } = await certificates.getImport(idOf(context));
  const { request } = context;
  const { bytes, mediaType } = await files.readForOfficer(found.evidenceFileId, actorOf(request), request.ip);
  const name = `${found.decisionNumber.replace(/[^\w-]+/g, '-')}.${mediaType.split('/').at(-1) ?? 'bin'}`;
  return sendFile(context, bytes, mediaType, name);
}

export const certificateImportPages: FastifyPluginAsync<ImportPageDeps> = async (app, deps) => {
  const { site, certificates } = deps;
  const upload = { maxBytes: maxEvidenceBytes, maxFiles: 2 };
  page(app, site, { url: path, ...reading }, async (context) =>
    importFormPage(context.view, {
      form: formOf(context.query),
      recent: await certificates.listImports(),
      mayDecide: mayDecide(context),
    }),
  );
  page(app, site, { method: 'POST', url: path, ...certifying, upload }, (context) => start(context, certificates));
  page(app, site, { url: `${path}/mau.csv`, ...reading }, async (context) =>
    sendFile(context, certificates.template(), 'text/csv; charset=utf-8', 'mau-danh-sach-quyet-dinh.csv'),
  );
  page(app, site, { url: `${path}/:importId`, ...reading }, (context) => {
    const done = { ghi: 'confirm', 'xac-nhan': 'verify' }[context.query('xong')];
    return show(context, certificates, { done });
  });
  page(app, site, { method: 'POST', url: `${path}/:importId`, ...certifying }, (context) => act(context, deps));
  page(app, site, { url: `${path}/:importId/quyet-dinh`, ...reading }, (context) => sendDecision(context, deps));
  page(app, site, { url: `${path}/:importId/ket-qua.csv`, ...reading }, async (context) =>
    sendFile(context, await certificates.resultOf(idOf(context)), 'text/csv; charset=utf-8', 'ket-qua.csv'),
  );
};
