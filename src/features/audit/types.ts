import type { Id } from '#core/ids.ts';

/** What an act was done to: `{ kind: 'business', id }`. Kinds are nouns of the glossary in the singular. */
export type Subject = { readonly kind: string; readonly id: string };

/**
 * One act of a person who answers for it: of the staff, of an assistant, or of a member where money, identity or
 * certificates change. `action` is `<noun>.<past participle>`: `business.approved`. `before` and `after` hold only the
 * fields that changed, never a secret and never a whole identity number.
 */
export type Act = {
  readonly action: string;
  readonly subject: Subject;
  readonly before?: unknown;
  readonly after?: unknown;
  /** The reason given, in the officer's own words or from a list. */
  readonly reason?: string | undefined;
  /** The business for which an assistant acted. */
  readonly onBehalfOf?: Id<'Business'> | undefined;
  /** Address of the client, when a person did it over HTTP. */
  readonly address?: string | undefined;
};

/** Which acts an auditor wants to see. Whatever is left out does not narrow. */
export type LogFilter = {
  /** A person's name or part of it, or exactly what the log calls them: `account:<id>`, `system:orders`. */
  readonly actor?: string | undefined;
  /** The action, or how it begins: `certificate` finds `certificate.verified`. */
  readonly action?: string | undefined;
  readonly subjectKind?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly from?: Date | undefined;
  /** The first instant that is not meant any more. */
  readonly until?: Date | undefined;
};
export const EXPORT_FORMATS = ['csv', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
