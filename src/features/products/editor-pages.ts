import type { FastifyPluginAsync } from 'fastify';
import { type Clock, localDate } from '#core/clock.ts';
import { isId } from '#core/ids.ts';
import { Problem, refusals } from '#core/problem.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Files } from '#features/files/index.ts';
import type { Once } from '#http/idempotency.ts';
import { readCursor } from '#http/paging.ts';
import type { SafeHtml } from '#web/html.ts';
import { type PageContext, page, SENT, seeOther } from '#web/page.ts';
import type { Site } from '#web/view.ts';
import type { Editing } from './editing.ts';
import { type EditorState, editorPage, newPage } from './editor-page.ts';
import { ownListPage } from './own-parts.ts';
import { emptyFields, maxPictures } from './rules/fields.ts';
import { type FormValues, readForm } from './rules/form.ts';
import type { Editor } from './saving.ts';
import { editorOf, editorRoles } from './seller-routes.ts';
import type { Products } from './service.ts';
import { type FieldFault, type PictureFields, type ProductFields, type ProductId, productProblems } from './types.ts';

export type EditorPageDeps = {
  readonly site: Site;
  readonly editing: Editing;
  readonly products: Pick<Products, 'listCategories'>;
  readonly files: Files;
  readonly once: Once;
  readonly now: Clock;
};

const refuse = refusals(productProblems);
const root = '/ban-hang/san-pham';
const perPage = 50;
const maxPhotoBytes = 20 * 1_048_576;

const idOf = ({ param }: PageContext): ProductId => {
  const id = param('productId');
  if (!isId<'Product'>(id)) throw refuse('product-not-found');
  return id;
};

const valuesOf = ({ field, fields }: PageContext): FormValues => ({ get: field, all: fields });

const around = async ({ products, now }: EditorPageDeps) => ({
  categories: await products.listCategories(),
  today: localDate(now()),
});

/** What a rule said is wrong, if that is why it threw. */
const faultsIn = (error: unknown): readonly FieldFault[] | undefined =>
  error instanceof Problem && error.code === 'product-invalid' && Array.isArray(error.extra.faults)
    ? (error.extra.faults as readonly FieldFault[])
    : undefined;

/** Pictures that came with the form, kept before anything is decided: nobody chooses a photo twice. */
async function keepPhotos(
  context: PageContext,
  { files }: EditorPageDeps,
  { actor }: Editor,
  businessId: BusinessId,
  room: number,
): Promise<{ readonly kept: readonly PictureFields[]; readonly problem: Problem | undefined }> {
  const kept: PictureFields[] = [];
  for (const { bytes, name } of context.files('pictures').slice(0, Math.max(0, room))) {
    try {
      const { fileId } = await files.keep('picture', { bytes, name }, { actor, businessId });
      kept.push({ pictureId: null, fileId, altVi: '' });
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      return { kept, problem: error };
    }
  }
  return { kept, problem: undefined };
}

type Sent = {
  readonly fields: ProductFields;
  readonly typed: Readonly<Record<string, string>>;
  readonly faults: readonly FieldFault[];
  readonly photoProblem: Problem | undefined;
};

async function readSent(
  context: PageContext,
  deps: EditorPageDeps,
  base: ProductFields,
  businessId: BusinessId,
): Promise<Sent> {
  const { fields, typed, faults } = readForm(valuesOf(context), base);
  const room = maxPictures - fields.pictures.length;
  const { kept, problem } = await keepPhotos(context, deps, editorOf(context.request), businessId, room);
  return { fields: { ...fields, pictures: [...fields.pictures, ...kept] }, typed, faults, photoProblem: problem };
}

async function show(context: PageContext, deps: EditorPageDeps, state: EditorState = {}): Promise<SafeHtml> {
  const id = idOf(context);
  const product = await deps.editing.get(editorOf(context.request), id);
  const history = product.live ? await deps.editing.priceHistory(id) : [];
  return editorPage(context.view, { product, history, ...(await around(deps)), said: context.query('luu'), ...state });
}

/** The form comes back as it was typed, with the way to each fault. */
async function showAgain(context: PageContext, deps: EditorPageDeps, sentForm: Sent, state: EditorState) {
  void context.reply.code(state.moved ? 409 : 422);
  const problem = sentForm.photoProblem;
  return show(context, deps, {
    form: valuesOf(context),
    pictures: sentForm.fields.pictures,
    ...(problem && { photoFault: context.view.either(problem.entry.vi[0], problem.entry.en[0]) }),
    ...state,
  });
}

async function save(context: PageContext, deps: EditorPageDeps, id: ProductId): Promise<SafeHtml | typeof SENT> {
  const { editing } = deps;
  const editor = editorOf(context.request);
  const product = await editing.get(editor, id);
  const form = await readSent(context, deps, product.fields, product.businessId);
  // Kept first: whatever is refused below, nothing of it has to be typed or photographed again.
  await editing.keep(editor, id, () => form.fields, form.typed);
  if (form.photoProblem || form.faults.length > 0) return showAgain(context, deps, form, { faults: form.faults });
  if (context.field('version') !== product.version && product.live)
    return showAgain(context, deps, form, { moved: true });
  try {
    if (!product.live) {
      await editing.submit(editor, id);
      return seeOther(context, `${root}/${id}?luu=gui`);
    }
    const { waiting } = await editing.save(
      editor,
      id,
      () => form.fields,
      () => undefined,
    );
    return seeOther(context, `${root}/${id}?luu=${waiting.length > 0 ? 'cho' : 'xong'}`);
  } catch (error) {
    const faults = faultsIn(error);
    if (!faults) throw error;
    return showAgain(context, deps, form, { faults });
  }
}

/** `autosave` is the script's: it sends what was typed so far and wants no page. */
async function keep(context: PageContext, deps: EditorPageDeps, id: ProductId, quiet: boolean) {
  const editor = editorOf(context.request);
  const product = await deps.editing.get(editor, id);
  const form = await readSent(context, deps, product.fields, product.businessId);
  await deps.editing.keep(editor, id, () => form.fields, form.typed);
  if (quiet) {
    void context.reply.code(204).send();
    return SENT;
  }
  return form.photoProblem ? showAgain(context, deps, form, {}) : seeOther(context, `${root}/${id}?luu=nhap`);
}

async function act(context: PageContext, deps: EditorPageDeps): Promise<SafeHtml | typeof SENT> {
  const { editing } = deps;
  const id = idOf(context);
  const editor = editorOf(context.request);
  const wanted = context.field('do');
  if (wanted === 'keep' || wanted === 'autosave') return keep(context, deps, id, wanted === 'autosave');
  if (wanted === 'discard') {
    const { live } = await editing.get(editor, id);
    await editing.discard(editor, id);
    return seeOther(context, live ? `${root}/${id}` : root);
  }
  if (wanted === 'take-back') await editing.takeBack(editor, id);
  else if (wanted === 'withdraw') await editing.withdraw(editor, id);
  else if (wanted === 'restore') await editing.restore(editor, id);
  else return save(context, deps, id);
  return seeOther(context, `${root}/${id}?luu=xong`);
}

type Created = { readonly id: ProductId; readonly said: string };

/** The first form opens a draft, so that a reload, a refusal or an empty battery loses nothing. */
async function create(context: PageContext, deps: EditorPageDeps): Promise<Created> {
  const { editing } = deps;
  const editor = editorOf(context.request);
  const businessId = editor.businessIds.find((id) => id === context.field('businessId'));
  if (!businessId) throw refuse('product-not-found');
  const form = await readSent(context, deps, emptyFields, businessId);
  const id = await editing.create(editor, businessId, () => form.fields, form.typed);
  if (form.photoProblem || form.faults.length > 0 || context.field('do') === 'keep') return { id, said: 'nhap' };
  try {
    await editing.submit(editor, id);
    return { id, said: 'gui' };
  } catch (error) {
    if (!faultsIn(error)) throw error;
    return { id, said: 'thieu' };
  }
}

/** One draft for each time the form was shown, however often it is sent: a double press, or a phone that never heard the answer. */
async function createOnce(context: PageContext, deps: EditorPageDeps): Promise<typeof SENT> {
  const { id, said } = await deps.once(context.request, () => create(context, deps));
  return seeOther(context, `${root}/${id}?luu=${said}`);
}

export const editorPages: FastifyPluginAsync<EditorPageDeps> = async (app, deps) => {
  const { site, editing } = deps;
  const spec = { access: 'seller', roles: editorRoles, scope: 'products' } as const;
  const upload = { maxBytes: maxPhotoBytes, maxFiles: maxPictures };
  page(app, site, { ...spec, url: root }, async ({ view, request, query }) => {
    const editor = editorOf(request);
    const cursor = query('cursor');
    const list = await editing.list(editor, perPage, readCursor(cursor || undefined));
    return ownListPage(view, list, { several: editor.businessIds.length > 1, first: cursor === '' });
  });
  page(app, site, { ...spec, url: `${root}/moi` }, async ({ view, request }) => {
    const businesses = await editing.listBusinesses(editorOf(request));
    return newPage(view, { businesses, ...(await around(deps)) });
  });
  page(app, site, { ...spec, method: 'POST', url: `${root}/moi`, upload }, (context) => createOnce(context, deps));
  page(app, site, { ...spec, url: `${root}/:productId` }, (context) => show(context, deps));
  page(app, site, { ...spec, method: 'POST', url: `${root}/:productId`, upload }, (context) => act(context, deps));
};
