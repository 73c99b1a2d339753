import { and, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { MemberRole } from '#core/roles.ts';
import type { Reader } from '#db/client.ts';
import { businessMembers } from '#features/businesses/tables.ts';
import { accounts } from '#features/identity/tables.ts';
import type { Reachable } from './rules.ts';
import { noticeSettings } from './tables.ts';
import { defaultSettings, type Recipient, type Settings } from './types.ts';

/** An officer's round or a business's members: more than this is a mailing, not a notice. */
const maxPeople = 500;
const usual: readonly MemberRole[] = ['owner', 'manager'];

type Found = {
  readonly accountId: Id<'Account'>;
  readonly phone: string | null;
  readonly email: string | null;
  readonly settings: Settings | null;
};

const people = (reader: Reader, whose: SQL | undefined): Promise<Found[]> =>
  reader
    .select({
      accountId: accounts.id,
      phone: accounts.phone,
      email: accounts.email,
      settings: {
        language: noticeSettings.language,
        channels: noticeSettings.channels,
        quietFrom: noticeSettings.quietFrom,
        quietUntil: noticeSettings.quietUntil,
      },
    })
    .from(accounts)
    .leftJoin(noticeSettings, eq(noticeSettings.accountId, accounts.id))
    .where(and(isNull(accounts.disabledAt), whose))
    .limit(maxPeople);

const membersOf = (businessId: Id<'Business'>, roles: readonly MemberRole[]): SQL =>
  inArray(
    accounts.id,
    sql`(select ${businessMembers.accountId} from ${businessMembers} where ${and(
      eq(businessMembers.businessId, businessId),
      inArray(businessMembers.role, [...roles]),
    )})`,
  );

const nobodyKnown = { accountId: null, phone: null, email: null, settings: defaultSettings };

/** Who a notice is for today, and how each can be reached. */
export async function listReachable(reader: Reader, to: Recipient): Promise<readonly Reachable[]> {
  if ('phone' in to) {
    const { phone, email = null, language = defaultSettings.language } = to;
    return [{ ...nobodyKnown, phone, email, settings: { ...defaultSettings, language } }];
  }
  if ('email' in to) return [{ ...nobodyKnown, email: to.email }];
  const whose =
    'accountId' in to
      ? eq(accounts.id, to.accountId)
      : 'businessId' in to
        ? membersOf(to.businessId, to.roles ?? usual)
        : or(eq(accounts.staffRole, to.staffRole), eq(accounts.staffRole, 'admin'));
  const found = await people(reader, whose);
  return found.map(({ settings, ...person }) => ({ ...person, settings: settings ?? defaultSettings }));
}
