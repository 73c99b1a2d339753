import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { readMoney } from '#core/read-money.ts';
import { clean } from '#core/vietnamese.ts';
import type { Places } from '#features/places/index.ts';
import { type FoundWard, HOME_PROVINCE } from '#features/places/types.ts';
import type { createEditing } from '#features/products/index.ts';
import { byOf, ownBusinesses, signedIn } from '#http/access.ts';
import { type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import type { Site, View } from '#web/view.ts';
import {
  type BankForm,
  type BeginForm,
  bankForm,
  beginForm,
  nextStep,
  type PaperTyped,
  type ProductForm,
  papersForm,
  previewForm,
  productForm,
  type StepPage,
  stepPage,
  stepPath,
  stepPaths,
  type WhereForm,
  type WhoForm,
  whereForm,
  whoForm,
} from './apply-forms.ts';
import { refuse } from './deps.ts';
import { actingOn } from './seller-routes.ts';
import type { Businesses } from './service.ts';
import {
  BUSINESS_TYPES,
  type BusinessId,
  type By,
  MAX_PAPER_BYTES,
  PAPER_KINDS,
  type PaperKind,
  type Step,
} from './types.ts';
import { isDay, stateTag } from './words.ts';

export type ApplyPageDeps = {
  readonly site: Site;
  readonly businesses: Businesses;
  readonly places: Places;
  readonly editing: ReturnType<typeof createEditing>;
};

const root = '/ban-hang/dang-ky';
const describing = { access: 'seller', roles: ['owner', 'manager', 'assistant'], scope: 'profile' } as const;
/** Where money goes: the proof is asked for before anything is typed. */
const owning = { access: 'seller', roles: ['owner'], fresh: true } as const;
const offering = { access: 'seller', roles: ['owner', 'manager', 'assistant'], scope: 'products' } as const;

type Open = Omit<StepPage, 'body'> & { readonly by: By };

/** The application of the path, if it is one of the caller's; who acts on it; and in whose name. */
async function openStep(
  { request, param }: PageContext,
  { businesses }: ApplyPageDeps,
  step: Step,
  faults: readonly Fault[] = [],
): Promise<Open> {
  const id = param('businessId');
  if (!isId<'Business'>(id)) throw refuse('business-not-found');
  const business = await businesses.getOwn(id, ownBusinesses(request));
  const by = actingOn(request, id);
  const helper = by.onBehalfOf && signedIn(request).name;
  return { business, application: await businesses.readApplication(business), step, faults, helper, by };
}
const show = ({ view }: PageContext, open: Open, body: SafeHtml): SafeHtml => stepPage(view, { ...open, body });
const goOn = (context: PageContext, id: BusinessId, step: Step): typeof SENT =>
  seeOther(context, stepPath(id, nextStep(step)));

function beginPages(app: Parameters<FastifyPluginAsync>[0], deps: ApplyPageDeps): void {
  const { site, businesses } = deps;
  const begin = async (
    { view, request }: PageContext,
    typed: BeginForm,
    faults: readonly Fault[],
  ): Promise<SafeHtml> => {
    const { t, link } = view;
    const mine = signedIn(request).memberships.map(({ businessId }) => businessId);
    const own = await businesses.listOwn(mine);
    return deskLayout(view, 'seller', {
      title: t('apply.title'),
      part: root,
      body: html`<div class="narrow stack"><p class="lead">${t('apply.intro')}</p>${
        own.length > 0 &&
        html`<section class="box stack" aria-labelledby="mine"><h2 id="mine">${t('apply.mine')}</h2><ul class="stack">${own.map(
          ({ businessId, name, status }) =>
            html`<li class="row"><a class="tall" href="${link(stepPath(businessId, 'preview'))}">${name}</a>${stateTag(view, status)}</li>`,
        )}</ul></section>`
      }${beginForm(view, typed, faults)}</div>`,
    });
  };
  page(app, site, { url: root, access: 'shopper' }, (context) => begin(context, { name: '', type: '', phone: '' }, []));
  page(app, site, { method: 'POST', url: root, access: 'shopper' }, async (context) => {
    const { field, request, view, reply } = context;
    const typed = { name: field('name'), type: field('type'), phone: field('phone') };
    const type = BUSINESS_TYPES.find((one) => one === typed.type);
    if (!type) {
      void reply.code(422);
      return begin(context, typed, [{ name: 'type', message: view.t('apply.chooseType') }]);
    }
    let id: BusinessId | undefined;
    const faults = await faultsOf(context, async () => {
      const by = byOf(request);
      id = await businesses.begin(by, { ...typed, type }, signedIn(request).accountId);
    });
    return id ? seeOther(context, stepPath(id, 'who')) : begin(context, typed, faults ?? []);
  });
}

function whoPages(app: Parameters<FastifyPluginAsync>[0], deps: ApplyPageDeps): void {
  const url = `${root}/:businessId/${stepPaths.who}`;
  page(app, deps.site, { url, ...describing }, async (context) => {
    const open = await openStep(context, deps, 'who');
    const { name, type, representative, phone, email, storyVi, storyEn, foundedYear } = open.business;
    const typed = {
      name,
      type,
      representative: representative ?? '',
      taxCode: '',
      phone: phone ?? '',
      email: email ?? '',
      storyVi,
      storyEn,
      foundedYear: foundedYear === null ? '' : String(foundedYear),
    };
    return show(context, open, whoForm(context.view, open, typed));
  });
  page(app, deps.site, { method: 'POST', url, ...describing }, async (context) => {
    const { field } = context;
    const open = await openStep(context, deps, 'who');
    const id = open.business.businessId;
    const names = [
      'name',
      'type',
      'representative',
      'taxCode',
      'phone',
      'email',
      'storyVi',
      'storyEn',
      'foundedYear',
    ] as const;
    const typed = Object.fromEntries(names.map((name) => [name, field(name).toWellFormed()])) as WhoForm;
    const type = BUSINESS_TYPES.find((one) => one === typed.type) ?? open.business.type;
    const year = /^(1[89]|20)\d\d$/.test(typed.foundedYear) ? Number(typed.foundedYear) : null;
    const faults = await faultsOf(context, () =>
      deps.businesses.saveWho(open.by, id, { ...typed, type, foundedYear: year }),
    );
    if (!faults) return goOn(context, id, 'who');
    return show(context, { ...open, faults }, whoForm(context.view, { ...open, faults }, typed));
  });
}

function wherePages(app: Parameters<FastifyPluginAsync>[0], deps: ApplyPageDeps): void {
  const url = `${root}/:businessId/${stepPaths.where}`;
  const findAlso = async (typed: WhereForm): Promise<readonly FoundWard[]> => {
    if (typed.place !== '') return deps.places.searchWards(typed.place);
    const ward = typed.wardCode === '' ? undefined : await deps.places.findWard(typed.wardCode);
    return ward ? [{ ward, by: 'ward', matched: ward.fullName }] : [];
  };
  const draw = async (context: PageContext, open: Open, typed: WhereForm): Promise<SafeHtml> =>
    show(context, open, whereForm(context.view, open, typed, await findAlso(typed)));
  page(app, deps.site, { url, ...describing }, async (context) => {
    const open = await openStep(context, deps, 'where');
    const { ward, addressLine } = open.business;
    return draw(context, open, {
      place: context.query('place'),
      wardCode: ward?.code ?? '',
      addressLine: addressLine ?? '',
    });
  });
  page(app, deps.site, { method: 'POST', url, ...describing }, async (context) => {
    const { field } = context;
    const typed = {
      place: field('place').slice(0, 100),
      wardCode: field('wardCode'),
      addressLine: field('addressLine'),
    };
    const open = await openStep(context, deps, 'where');
    if (field('do') === 'find') return draw(context, open, typed);
    const id = open.business.businessId;
    const ward = await deps.places.findWard(typed.wardCode);
    const where = { ...typed, provinceCode: ward?.provinceCode ?? HOME_PROVINCE };
    const faults = await faultsOf(context, () => deps.businesses.saveWhere(open.by, id, where));
    return faults ? draw(context, { ...open, faults }, typed) : goOn(context, id, 'where');
  });
}

const kindOf = (text: string): PaperKind | undefined => PAPER_KINDS.find((one) => one === text);

/** What of a paper cannot be read at all; what the rules say of the rest comes after. */
function unreadable({ t }: View, { issuedOn, expiresOn }: PaperTyped, hasFile: boolean): readonly Fault[] {
  const wrong = (isWrong: boolean, name: string, message: string): readonly Fault[] =>
    isWrong ? [{ name, message }] : [];
  return [
    ...wrong(!hasFile, 'file', t('apply.paperMissingFile')),
    ...wrong(!isDay(issuedOn), 'issuedOn', t('apply.paperMissingDate')),
    ...wrong(expiresOn !== '' && !isDay(expiresOn), 'expiresOn', t('apply.paperMissingDate')),
  ];
}

function paperPages(app: Parameters<FastifyPluginAsync>[0], deps: ApplyPageDeps): void {
  const url = `${root}/:businessId/${stepPaths.papers}`;
  page(app, deps.site, { url, ...describing }, async (context) => {
    const open = await openStep(context, deps, 'papers');
    return show(context, open, papersForm(context.view, open, undefined));
  });
  const upload = { maxBytes: MAX_PAPER_BYTES };
  page(app, deps.site, { method: 'POST', url, ...describing, upload }, async (context) => {
    const { field, file, view } = context;
    const kind = kindOf(field('kind'));
    const open = await openStep(context, deps, 'papers');
    const id = open.business.businessId;
    if (!kind) return seeOther(context, stepPath(id, 'papers'));
    const of = (name: string): string => field(`${name}-${kind}`).slice(0, 200).toWellFormed();
    const typed: PaperTyped = {
      kind,
      number: of('number'),
      issuer: of('issuer'),
      issuedOn: of('issuedOn'),
      expiresOn: of('expiresOn'),
    };
    const sent = file(`file-${kind}`);
    const unread = unreadable(view, typed, sent !== undefined);
    const faults =
      sent && unread.length === 0
        ? await faultsOf(context, () =>
            deps.businesses.addPaper(open.by, id, { ...typed, kind, expiresOn: typed.expiresOn || null }, sent),
          )
        : unread;
    if (!faults) return seeOther(context, stepPath(id, 'papers'));
    if (context.reply.statusCode === 200) void context.reply.code(422);
    const named = faults.map(({ name, message }) => ({ name: `${name || 'file'}-${kind}`, message }));
    return show(context, { ...open, faults: named }, papersForm(view, { ...open, faults: named }, typed));
  });
}

function bankPages(app: Parameters<FastifyPluginAsync>[0], deps: ApplyPageDeps): void {
  const { businesses } = deps;
  const url = `${root}/:businessId/${stepPaths.bank}`;
  const draw = async (context: PageContext, open: Open, typed: BankForm): Promise<SafeHtml> => {
    const accounts = await businesses.listBankAccounts(open.business.businessId);
    return show(context, open, bankForm(context.view, open, typed, { banks: businesses.banks, accounts }));
  };
  page(app, deps.site, { url, ...owning }, async (context) =>
    draw(context, await openStep(context, deps, 'bank'), { bankBin: '', number: '', holderName: '' }),
  );
  page(app, deps.site, { method: 'POST', url, ...owning }, async (context) => {
    const { field } = context;
    const typed = { bankBin: field('bankBin'), number: field('number'), holderName: field('holderName') };
    const open = await openStep(context, deps, 'bank');
    const id = open.business.businessId;
    const faults = await faultsOf(context, () => businesses.setBankAccount(open.by, id, typed));
    return faults ? draw(context, { ...open, faults }, typed) : goOn(context, id, 'bank');
  });
}

function productPages(app: Parameters<FastifyPluginAsync>[0], deps: ApplyPageDeps): void {
  const { editing } = deps;
  const url = `${root}/:businessId/${stepPaths.product}`;
  const draw = async (context: PageContext, open: Open, typed: ProductForm): Promise<SafeHtml> => {
    const { items } = await editing.list({ businessIds: [open.business.businessId] }, 10);
    return show(context, open, productForm(context.view, open, typed, items));
  };
  page(app, deps.site, { url, ...offering }, async (context) =>
    draw(context, await openStep(context, deps, 'product'), { productName: '', price: '', unit: '' }),
  );
  page(app, deps.site, { method: 'POST', url, ...offering }, async (context) => {
    const { field, view, reply } = context;
    const typed = { productName: field('productName'), price: field('price'), unit: field('unit') };
    const open = await openStep(context, deps, 'product');
    const id = open.business.businessId;
    const priceVnd = readMoney(typed.price);
    const [nameVi, unitVi] = [clean(typed.productName).slice(0, 200), clean(typed.unit).slice(0, 60)];
    if (nameVi === '' || unitVi === '' || typeof priceVnd !== 'number' || priceVnd <= 0) {
      void reply.code(422);
      const faults = [
        {
          name: nameVi === '' ? 'productName' : unitVi === '' ? 'unit' : 'price',
          message: view.t('apply.productFault'),
        },
      ];
      return draw(context, { ...open, faults }, typed);
    }
    const assisted = open.by.onBehalfOf ? [id] : [];
    const editor = { actor: open.by.actor, businessIds: [id], assisted, address: context.request.ip };
    await editing.create(editor, id, (fields) => ({
      ...fields,
      nameVi,
      unitVi,
      variants: fields.variants.map((variant, index) => (index === 0 ? { ...variant, priceVnd } : variant)),
    }));
    return goOn(context, id, 'product');
  });
}

function previewPages(app: Parameters<FastifyPluginAsync>[0], deps: ApplyPageDeps): void {
  const url = `${root}/:businessId/${stepPaths.preview}`;
  const draw = (context: PageContext, open: Open): SafeHtml => show(context, open, previewForm(context.view, open));
  page(app, deps.site, { url: `${root}/:businessId`, ...describing }, async (context) => {
    const { business } = await openStep(context, deps, 'preview');
    return seeOther(context, stepPath(business.businessId, 'preview'));
  });
  page(app, deps.site, { url, ...describing }, async (context) =>
    draw(context, await openStep(context, deps, 'preview')),
  );
  page(app, deps.site, { method: 'POST', url, ...describing }, async (context) => {
    const open = await openStep(context, deps, 'preview');
    const id = open.business.businessId;
    const reopens = context.field('do') === 'reopen';
    const faults = await faultsOf(context, () =>
      reopens ? deps.businesses.reopen(open.by, id) : deps.businesses.submit(open.by, id),
    );
    if (faults) return draw(context, { ...open, faults });
    return seeOther(context, reopens ? stepPath(id, 'who') : stepPath(id, 'preview'));
  });
}

/** The application on a phone: six pages, each saved by itself, each complete without a script. */
export const applyPages: FastifyPluginAsync<ApplyPageDeps> = async (app, deps) => {
  for (const pages of [beginPages, whoPages, wherePages, paperPages, bankPages, productPages, previewPages])
    pages(app, deps);
};
