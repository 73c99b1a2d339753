import { localDate } from '#core/clock.ts';
import { type Id, newId } from '#core/ids.ts';
import { clean, slugify } from '#core/vietnamese.ts';
import { type Tx, violatedConstraint } from '#db/client.ts';
import { lastFour } from '#db/sealed.ts';
import { transactAsSeller } from '#db/seller.ts';
import { readPhone } from '#features/identity/index.ts';
import { type Deps, lockOwn, refuse, sealOf, transactBy } from './deps.ts';
import { insertBankAccount, insertWithholding, listSealedNumbers } from './queries/measures.ts';
import { addMember } from './queries/members.ts';
import { listPapers } from './queries/papers.ts';
import { type BusinessChange, insertBusinesses, listPaperRules, updateBusiness } from './queries/register.ts';
import {
  type BankDraft,
  checkBankAccount,
  checkComplete,
  checkEditable,
  checkEmail,
  checklistOn,
  checkName,
  checkStreet,
  checkTaxCode,
  checkTransition,
  gapsIn,
  isPersonalNumber,
  withholdingOf,
} from './rules.ts';
import type { BusinessId, BusinessType, By } from './types.ts';

export type Who = {
  readonly name: string;
  readonly type: BusinessType;
  readonly representative: string;
  /** Left empty, a number that was given before stays: nobody types it again, since nobody is shown it. */
  readonly taxCode: string;
  readonly phone: string;
  readonly email: string;
  readonly storyVi: string;
  readonly storyEn: string;
  readonly foundedYear: number | null;
};
export type Where = { readonly provinceCode: string; readonly wardCode: string; readonly addressLine: string };

/** Days within which the exchange promises to look at an application. */
const reviewDays = 3;
const maxText = 5_000;
const text = (value: string, max = 200): string => clean(value).slice(0, max).toWellFormed();

/** The steps of an application. Each is a transaction of its own, so that a phone that goes off loses nothing. */
function createSteps({ db, now, audit, places, vault }: Deps) {
  const readContact = (phone: string): string => {
    const number = readPhone(phone);
    if (!number) throw refuse('business-phone-invalid', { pointer: '/phone' });
    return number;
  };
  /** A person's number goes under seal, an organisation's is public; an empty one leaves what was there. */
  const taxChange = (id: BusinessId, typed: string): BusinessChange => {
    if (clean(typed) === '') return {};
    const taxCode = checkTaxCode(typed);
    if (!isPersonalNumber(taxCode)) return { taxCode, personalNumberSealed: null, personalNumberLast4: null };
    return {
      taxCode: null,
      personalNumberSealed: vault.seal(taxCode, sealOf('businesses.personal_number_sealed', id)),
      personalNumberLast4: lastFour(taxCode),
    };
  };
  const whoChange = (id: BusinessId, who: Who): BusinessChange => ({
    name: checkName(text(who.name)),
    type: who.type,
    representative: text(who.representative) || null,
    ...taxChange(id, who.taxCode),
    phone: readContact(who.phone),
    email: checkEmail(text(who.email).toLowerCase()),
    storyVi: text(who.storyVi, maxText),
    storyEn: text(who.storyEn, maxText),
    foundedYear: who.foundedYear,
  });
  const save = async (by: By, id: BusinessId, change: BusinessChange, action: string): Promise<void> =>
    transactBy(db, by, async (tx) => {
      const business = await lockOwn(tx, id);
      checkEditable(business.status);
      await updateBusiness(tx, id, change, now());
      const { personalNumberSealed: _sealed, ...told } = change;
      const subject = { kind: 'business', id };
      await audit.record(tx, { action, subject, after: told, onBehalfOf: by.onBehalfOf, address: by.address });
    }).catch((error: unknown) => {
      throw violatedConstraint(error) === 'businesses_tax_code'
        ? refuse('tax-code-taken', { pointer: '/taxCode' })
        : error;
    });
  return {
    /** Opens an application with its first step; whoever opens it is the owner, unless an assistant opens it for one. */
    begin: async (by: By, who: Pick<Who, 'name' | 'type' | 'phone'>, owner?: Id<'Account'>): Promise<BusinessId> => {
      const id = newId<'Business'>();
      const at = now();
      const name = checkName(text(who.name));
      const phone = readContact(who.phone);
      await transactAsSeller(db, { actor: by.actor, businessIds: [id] }, async (tx) => {
        const slug = `${slugify(name) || 'co-so'}-${id.slice(-8)}`;
        const row = { id, slug, name, type: who.type, phone, status: 'draft' as const };
        await insertBusinesses(tx, [{ ...row, createdAt: at, updatedAt: at }]);
        if (owner) await addMember(tx, id, owner, 'owner', at);
        await audit.record(tx, {
          action: 'business.begun',
          subject: { kind: 'business', id },
          after: { name, type: who.type },
          onBehalfOf: owner ? undefined : id,
          address: by.address,
        });
      });
      return id;
    },
    saveWho: (by: By, id: BusinessId, who: Who) => save(by, id, whoChange(id, who), 'business.described'),
    saveWhere: async (by: By, id: BusinessId, where: Where): Promise<void> => {
      const { code } = await places.getWardIn(where.provinceCode, where.wardCode);
      const addressLine = checkStreet(text(where.addressLine, 300));
      await save(by, id, { wardCode: code, addressLine }, 'business.placed');
    },
  };
}

/** Where the business is paid. Only its owners say so, and all of them hear of it. */
function createBanking({ db, now, audit, notices, vault, banks, logReading }: Deps) {
  const bins = new Set(banks.map(({ bin }) => bin));
  return {
    /** A new row each time: the newest is the account of today, the rest is the log. All owners are told. */
    setBankAccount: (by: By, id: BusinessId, draft: BankDraft): Promise<void> => {
      const { bankBin, number, holderName } = checkBankAccount({ ...draft, holderName: text(draft.holderName) }, bins);
      const accountId = newId<'BankAccount'>();
      return transactBy(db, by, async (tx) => {
        const { name, status } = await lockOwn(tx, id);
        if (status === 'closed') throw refuse('business-state-forbids', { status });
        await insertBankAccount(tx, {
          id: accountId,
          businessId: id,
          bankBin,
          numberSealed: vault.seal(number, sealOf('bank_accounts.number_sealed', accountId)),
          numberLast4: lastFour(number),
          holderName,
          setBy: by.actor,
          setAt: now(),
        });
        const after = { bankBin, last4: lastFour(number), holderName };
        const subject = { kind: 'business', id };
        await audit.record(tx, { action: 'business.bank-account-changed', subject, after, address: by.address });
        await notices.tell(tx, {
          kind: 'business.bank-account-changed',
          to: { businessId: id, roles: ['owner'] },
          values: { business: name, last4: lastFour(number) },
          path: '/ban-hang/co-so',
        });
      });
    },
    /** Account numbers in full, for whoever pays. Each reading is written down before the number leaves. */
    readAccountNumbers: async (
      tx: Tx,
      ids: readonly Id<'BankAccount'>[],
      { reason, address }: { readonly reason: string; readonly address?: string | undefined },
    ): Promise<ReadonlyMap<Id<'BankAccount'>, string>> => {
      const numbers = new Map<Id<'BankAccount'>, string>();
      for (const { id, businessId, numberSealed } of await listSealedNumbers(tx, ids)) {
        const subject = { kind: 'business', id: businessId };
        await logReading(tx, { subject, field: 'bankAccount', reason, ...(address !== undefined && { address }) });
        numbers.set(id, vault.open(numberSealed, sealOf('bank_accounts.number_sealed', id)));
      }
      return numbers;
    },
  };
}

type Applicant = Parameters<typeof gapsIn>[0] & { readonly id: BusinessId };

function createSubmission({ db, now, audit, notices, queues }: Deps) {
  const missing = async (tx: Tx | typeof db, business: Applicant) => {
    const rules = await listPaperRules(tx, business.type);
    return gapsIn(business, await listPapers(tx, business.id), checklistOn(rules, localDate(now())), now());
  };

  return {
    /** What is still missing, step by step. */
    listGaps: (business: Applicant) => missing(db, business),
    /** Sends the application to the officers. 422 `application-incomplete` names every gap. */
    submit: (by: By, id: BusinessId): Promise<void> =>
      transactBy(db, by, async (tx) => {
        const business = await lockOwn(tx, id);
        checkTransition(business.status, 'submitted');
        checkComplete(await missing(tx, business));
        const at = now();
        await updateBusiness(tx, id, { status: 'submitted', submittedAt: at }, at);
        const mode = withholdingOf(business.type);
        const validFrom = localDate(at);
        await insertWithholding(tx, {
          id: newId(),
          businessId: id,
          mode,
          validFrom,
          reason: 'application',
          setBy: by.actor,
          setAt: at,
        });
        const subject = { kind: 'business', id };
        await audit.record(tx, {
          action: 'business.submitted',
          subject,
          onBehalfOf: by.onBehalfOf,
          address: by.address,
        });
        await queues.put(tx, {
          queue: 'businesses',
          subject,
          title: business.name,
          path: `/quan-tri/co-so/${id}`,
          businessId: id,
          dueAt: new Date(at.getTime() + reviewDays * 86_400_000),
        });
        await notices.tell(tx, {
          kind: 'business.submitted',
          to: { businessId: id },
          values: { business: business.name },
          path: `/ban-hang/dang-ky/${id}`,
        });
      }),
  };
}

export const createApplications = (deps: Deps) => ({
  ...createSteps(deps),
  ...createBanking(deps),
  ...createSubmission(deps),
});
