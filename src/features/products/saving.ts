import { type Clock, dayMs, localDate } from '#core/clock.ts';
import { newCode } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import type { Tx } from '#db/client.ts';
import type { Audit } from '#features/audit/index.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Changes, OpenSet } from '#features/changes/index.ts';
import type { Change } from './applying.ts';
import { type DraftContent, deleteDraft, saveDraft } from './queries/drafts.ts';
import { listOwnPictures } from './queries/editing.ts';
import { listCategories } from './queries.ts';
import { changesBetween, emptyFields, faultsOf, settled, withChanges } from './rules/fields.ts';
import { usualVat } from './rules/vat.ts';
import { type FieldFault, type ProductFields, type ProductId, productProblems } from './types.ts';
import { type LiveProduct, listOwnFiles, listReferencePrices, wasCharged } from './views/seller.ts';

const refuse = refusals(productProblems);
/** A price is compared with what was charged in the last 30 days. */
export const referenceDays = 30;
/** A price that was charged this long ago is no comparison any more. */
const comparedDays = 180;

/** Who edits: the businesses that the caller may act for, and those of them only as an assistant. */
export type Editor = {
  readonly actor: string;
  readonly businessIds: readonly BusinessId[];
  readonly assisted: readonly BusinessId[];
  readonly address: string;
};
export type SavingDeps = {
  readonly now: Clock;
  readonly changes: Changes;
  readonly audit: Audit;
  readonly applyChanges: (tx: Tx, owner: Owner, changes: readonly Change[], name: string) => Promise<void>;
};
export type Owner = { readonly productId: ProductId; readonly businessId: BusinessId };
export type Patch = (fields: ProductFields) => ProductFields;

const nothing: ProductFields = { ...emptyFields, variants: [] };

/** What the seller wants: what is for sale, with what waits for an officer. */
export const wantedOf = (live: LiveProduct, open: OpenSet | undefined): ProductFields =>
  open ? withChanges(live.fields, open.items) : live.fields;

/** Codes are the seller's own; who has none gets one that can be read over the telephone. */
function coded(fields: ProductFields): ProductFields {
  const first = fields.variants[0]?.sku || `SP-${newCode().slice(2, 8)}`;
  return {
    ...fields,
    variants: fields.variants.map((variant, index) =>
      variant.sku === '' ? { ...variant, sku: index === 0 ? first : `${first}-${index + 1}` } : variant,
    ),
  };
}

type Around = {
  readonly today: string;
  readonly categories: ReadonlyMap<number, { readonly isAlcohol: boolean }>;
};

/** What the seller left open is filled in: codes, the rate of the product set, the name of a lone size. */
function completed(fields: ProductFields, { today, categories }: Around, live?: ProductFields): ProductFields {
  const categoryId = fields.categoryId ?? live?.categoryId ?? null;
  const isAlcohol = categories.get(categoryId ?? 0)?.isAlcohol ?? false;
  const vatBps = fields.vatBps ?? (categoryId === null ? null : usualVat(today, categoryId, isAlcohol));
  return coded(settled({ ...fields, categoryId, vatBps }));
}

function refuseFaults(faults: readonly FieldFault[]): void {
  if (faults.length === 0) return;
  const errors = faults.map(({ field, code }) => ({ pointer: `/${field}`, code }));
  throw refuse('product-invalid', { errors, faults });
}

export type Locked = { readonly live: LiveProduct; readonly open: OpenSet | undefined };

/** The two ways by which what a seller wants becomes true: at once, or by an officer. */
export function createSaving(deps: SavingDeps) {
  const { changes, audit, now, applyChanges } = deps;
  const around = async (tx: Tx): Promise<Around> => ({
    today: localDate(now()),
    categories: new Map((await listCategories(tx)).map(({ id, isAlcohol }) => [id, { isAlcohol }])),
  });
  const daysAgo = (days: number): Date => new Date(now().getTime() - days * dayMs);

  const faultsOfPictures = async (tx: Tx, { pictures }: ProductFields, owner: Owner): Promise<FieldFault[]> => {
    const files = pictures.flatMap(({ fileId, pictureId }) => (pictureId === null && fileId ? [fileId] : []));
    const shown = [...new Set(pictures.flatMap(({ pictureId }) => pictureId ?? []))];
    const ownFiles = await listOwnFiles(tx, files, owner.businessId);
    const own = shown.length > 0 ? await listOwnPictures(tx, owner.productId, shown) : [];
    const isOwn = files.every((id) => ownFiles.has(id)) && own.length === shown.length;
    return isOwn ? [] : [{ field: 'pictures', code: 'not-own' }];
  };

  /** A struck-out price that nobody ever paid is a lie; one that stood there before was looked at then. */
  const faultsOfComparison = async (tx: Tx, wanted: ProductFields, live?: ProductFields): Promise<FieldFault[]> => {
    const span = { since: daysAgo(comparedDays), now: now() };
    const before = new Map(live?.variants.map(({ variantId, compareAtVnd }) => [variantId, compareAtVnd]));
    const faults: FieldFault[] = [];
    for (const [index, { variantId, compareAtVnd }] of wanted.variants.entries()) {
      if (compareAtVnd === null || (variantId !== null && before.get(variantId) === compareAtVnd)) continue;
      const was = variantId !== null && before.has(variantId) && (await wasCharged(tx, variantId, compareAtVnd, span));
      if (!was) faults.push({ field: `variants/${index}/compareAtVnd`, code: 'never-charged' });
    }
    return faults;
  };

  /** Pictures of others, sizes of others, and prices that nobody ever paid. */
  const faultsOutside = async (tx: Tx, wanted: ProductFields, owner: Owner, live?: ProductFields) => {
    const own = new Set(live?.variants.map(({ variantId }) => variantId));
    const strange = wanted.variants.some(({ variantId }) => variantId !== null && !own.has(variantId));
    return [
      ...(strange ? [{ field: 'variants', code: 'not-own' } as const] : []),
      ...(await faultsOfPictures(tx, wanted, owner)),
      ...(await faultsOfComparison(tx, wanted, live)),
    ];
  };

  const recordAssisted = async (tx: Tx, editor: Editor, owner: Owner, action: string, after: unknown) => {
    if (!editor.assisted.includes(owner.businessId)) return;
    await audit.record(tx, {
      action,
      subject: { kind: 'product', id: owner.productId },
      after,
      onBehalfOf: owner.businessId,
      address: editor.address,
    });
  };

  /** What is for sale changes at once where nothing can go wrong, and stays as it is where an officer must look. */
  const saveLive = async (tx: Tx, editor: Editor, { live, open }: Locked, patch: Patch) => {
    if (live.status === 'taken-down') throw refuse('product-taken-down');
    const facts = await around(tx);
    const wanted = completed(patch(wantedOf(live, open)), facts, live.fields);
    const changed = changesBetween(live.fields, wanted);
    refuseFaults([...faultsOf(wanted, facts), ...(await faultsOutside(tx, wanted, live, live.fields))]);
    const variantIds = live.fields.variants.flatMap(({ variantId }) => (variantId ? [variantId] : []));
    const referenceVnd = await listReferencePrices(tx, variantIds, daysAgo(referenceDays));
    const { low, high } = changes.sort(changed, { referenceVnd });
    const subject = { productId: live.productId, businessId: live.businessId, name: wanted.nameVi };
    if (low.length > 0) await applyChanges(tx, subject, low, wanted.nameVi);
    await changes.recordApplied(tx, { subject, kind: 'edit', changes: low });
    await changes.propose(tx, { subject, kind: 'edit', changes: high });
    await deleteDraft(tx, live.productId);
    if (changed.length > 0)
      await recordAssisted(tx, editor, live, 'product.edited', { fields: changed.map((one) => one.field) });
    return { applied: low.map(({ field }) => field), waiting: high.map(({ field }) => field) };
  };

  /** Asks an officer to list what was drafted. The draft stays until somebody has said yes. */
  const proposeListing = async (tx: Tx, editor: Editor, draft: DraftContent, fields: ProductFields) => {
    const facts = await around(tx);
    const wanted = completed(fields, facts);
    refuseFaults([...faultsOf(wanted, facts), ...(await faultsOutside(tx, wanted, draft))]);
    await saveDraft(tx, { ...draft, fields: wanted, typed: {} }, now());
    const subject = { productId: draft.productId, businessId: draft.businessId, name: wanted.nameVi };
    await changes.propose(tx, { subject, kind: 'listing', changes: changesBetween(nothing, wanted) });
    await recordAssisted(tx, editor, draft, 'product.submitted', { name: wanted.nameVi });
  };
  return { saveLive, proposeListing, recordAssisted };
}
