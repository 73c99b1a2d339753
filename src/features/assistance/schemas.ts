import { Type } from '@fastify/type-provider-typebox';
import { ASSIST_SCOPES } from '#core/roles.ts';
import { Count, IdOf, Instant, Nullable, Text } from '#http/schema.ts';
import { CONSENT_STATES } from './types.ts';

const Ward = Type.Object({ code: Text('Ward code', 5, '31804'), name: Text('Ward', 120, 'Phường Vĩnh Phước') });
const Scopes = Type.Array(Type.Enum([...ASSIST_SCOPES], { description: 'What may be done' }), {
  description: 'What the assistant may do; never accounts, payouts or members',
  minItems: 1,
  maxItems: ASSIST_SCOPES.length,
  uniqueItems: true,
  examples: [['profile', 'products']],
});
const Months = Type.Integer({ minimum: 1, maximum: 12, description: 'For how many months', examples: [6] });

export const TeamParams = Type.Object({ teamId: IdOf('AssistTeam', 'The team') });
export const TeamMemberParams = Type.Object({
  teamId: IdOf('AssistTeam', 'The team'),
  accountId: IdOf('Account', 'The assistant'),
});
export const ConsentParams = Type.Object({ consentId: IdOf('Consent', 'The consent') });
export const OwnConsentParams = Type.Object({
  businessId: IdOf('Business', 'The household'),
  consentId: IdOf('Consent', 'The consent'),
});
export const BusinessParams = Type.Object({ businessId: IdOf('Business', 'The household') });

export const TeamList = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        teamId: IdOf('AssistTeam', 'The team'),
        code: Text('Code of the team', 40, 'CNS-VP-01'),
        name: Text('Name', 200, 'Tổ công nghệ số khóm Biển Dưới'),
        ward: Ward,
        members: Type.Array(
          Type.Object({ accountId: IdOf('Account', 'The assistant'), name: Text('Name', 200, 'Lê Văn Tổ') }),
          { description: 'Who is in it', maxItems: 500 },
        ),
      }),
      { description: 'Teams by code', maxItems: 2_000 },
    ),
  },
  { title: 'AssistTeamList' },
);
const Team = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 40, description: 'Code of the team', examples: ['CNS-VP-01'] }),
    name: Type.String({ minLength: 1, maxLength: 200, description: 'Name', examples: ['Tổ công nghệ số Biển Dưới'] }),
    wardCode: Text('Its ward', 5, '31804'),
  },
  { additionalProperties: false },
);
export const TeamsBody = Type.Object(
  {
    teams: Type.Array(Team, {
      description: 'Teams to add; known codes are left as they are',
      minItems: 1,
      maxItems: 1_000,
    }),
  },
  { title: 'AssistTeams', additionalProperties: false },
);
export const TeamsAdded = Type.Object({ added: Count('How many were new', 775) }, { title: 'AssistTeamsAdded' });
export const AssignBody = Type.Object(
  { login: Text('Phone or e-mail that the person signs in with', 200, '0912345678') },
  { title: 'AssignAssistant', additionalProperties: false },
);

const consent = {
  consentId: IdOf('Consent', 'The consent'),
  businessId: IdOf('Business', 'The household'),
  household: Text('Household', 200, 'Hộ Cô Sáu'),
  assistant: Nullable(Text('Assistant', 200, 'Lê Văn Tổ')),
  team: Text('Team', 200, 'Tổ công nghệ số khóm Biển Dưới'),
  scopes: Scopes,
  state: Type.Enum([...CONSENT_STATES], { description: 'Whether it holds' }),
  askedAt: Instant('When it was asked for'),
  givenAt: Nullable(Instant('When it was given')),
  expiresAt: Instant('Until when'),
};
export const ConsentList = Type.Object(
  { items: Type.Array(Type.Object(consent), { description: 'Newest first', maxItems: 100 }) },
  { title: 'ConsentList' },
);
export const AskBody = Type.Object(
  {
    phone: Text('The household’s phone, to which the code goes', 30, '0912345678'),
    name: Type.Optional(
      Text('Name of a household that is to be begun; absent to find one by its phone', 200, 'Hộ Cô Sáu'),
    ),
    scopes: Scopes,
    months: Months,
  },
  { title: 'AskConsent', additionalProperties: false },
);
export const Asked = Type.Object({ consentId: IdOf('Consent', 'The consent') }, { title: 'ConsentAsked' });
export const CodeBody = Type.Object(
  { code: Text('The six digits of the household’s message', 20, '482915') },
  { title: 'ConsentCode', additionalProperties: false },
);
export const Confirmed = Type.Object({ businessId: IdOf('Business', 'The household') }, { title: 'ConsentGiven' });
export const ActList = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        happenedAt: Instant('When'),
        action: Text('What was done', 100, 'business.described'),
        assistant: Nullable(Text('Who did it', 200, 'Lê Văn Tổ')),
        household: Text('In whose name', 200, 'Hộ Cô Sáu'),
      }),
      { description: 'Newest first', maxItems: 50 },
    ),
  },
  { title: 'AssistedActs' },
);
