import { type Id, newSecret } from '#core/ids.ts';
import type { MemberRole, StaffRole } from '#core/roles.ts';
import { type Format, formatIn } from './format.ts';
import { type Translate, translateIn } from './i18n/translate.ts';
import { type Locale, pathIn } from './locale.ts';

export type Tells = 'phone' | 'mail' | 'nothing';

/** What holds for every page of this process. */
export type Site = {
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** Every page then says that sellers, prices and certificates are made up. */
  readonly demo: boolean;
  /** By what people without an account are told of their orders: phones, letters, or nothing yet. */
  readonly tells: Tells;
};

export type Visitor = {
  readonly accountId: Id<'Account'>;
  readonly name: string;
  readonly seller: boolean;
  readonly staff: boolean;
  /** Null for everybody who is not of the staff. */
  readonly staffRole: StaffRole | null;
  /** In any of the visitor's businesses. */
  readonly memberRoles: readonly MemberRole[];
};

/** What holds for one page: language, who looks, and where. Parts take it first and are otherwise pure. */
export type View = {
  readonly site: Site;
  readonly locale: Locale;
  readonly t: Translate;
  readonly format: Format;
  /** The address without its language, with its query: the language switch leads to the same place. */
  readonly path: string;
  readonly visitor: Visitor | null;
  /** Pieces in the cart, as the cookie says; the cart page itself counts. */
  readonly cartCount: number;
  /** Proves that a form came from a page of ours. Empty on pages without forms. */
  readonly csrf: string;
  /** Of this showing of the page: a form of it that is sent twice does its work once. */
  readonly formKey: string;
  /** A path of ours in the language of the page. */
  readonly link: (path: string) => string;
  /** A text that exists in Vietnamese and perhaps in English; Khmer falls back to Vietnamese. */
  readonly either: (vi: string, en: string) => string;
};

type Facts = Pick<View, 'site' | 'locale' | 'path' | 'visitor' | 'cartCount' | 'csrf'>;

export const createView = (facts: Facts): View => ({
  ...facts,
  formKey: newSecret(),
  t: translateIn(facts.locale),
  format: formatIn(facts.locale),
  link: (path) => pathIn(facts.locale, path),
  either: (vi, en) => (facts.locale === 'en' && en !== '' ? en : vi),
});
