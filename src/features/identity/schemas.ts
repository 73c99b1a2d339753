import { Type } from '@fastify/type-provider-typebox';
import { KEY_SCOPES, STAFF_ROLES } from '#core/roles.ts';
import { IdOf, Instant, Nullable, Text } from '#http/schema.ts';
import { PURPOSES } from './types.ts';

const Login = Text('Phone number or e-mail', 200, '0912345678');
const Password = Type.String({
  minLength: 1,
  maxLength: 4_000,
  description: 'Password, taken whole: at least 8 characters, 1000 at most, no rules of composition',
  examples: ['nuoc lon cho day ghe'],
});
const Name = Text('Name', 200, 'Nguyễn Thị Bé');
const OneCode = Type.String({
  minLength: 1,
  maxLength: 20,
  description: 'Six digits of the app, or a recovery code',
  examples: ['492039'],
});
/** Lists of words as the wire has them; their values are checked against the states of the slice. */
const oneOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>(Type.String({ enum: [...values], description, examples: [values[0]] }));

/** The same, or null: a validator wants null among the words too. */
const noneOr = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number] | null>({
    type: ['string', 'null'],
    enum: [...values, null],
    description,
    examples: [values[0]],
  });

export const SignUpBody = Type.Object(
  {
    name: Name,
    login: Login,
    password: Password,
    consents: Type.Array(oneOf(PURPOSES, 'What is agreed to'), {
      description: 'What was ticked; `terms` is needed, and nothing may be ticked beforehand',
      maxItems: 10,
      examples: [['terms']],
    }),
  },
  { title: 'SignUp', additionalProperties: false },
);
export const Credentials = Type.Object(
  { login: Login, password: Password },
  {
    title: 'Credentials',
    additionalProperties: false,
    examples: [{ login: 'nguoiban@cho-noi.example', password: 'mat-khau-cua-ban' }],
  },
);
export const SignedUp = Type.Object(
  { accountId: IdOf('Account', 'The new account, signed in') },
  { title: 'SignedUp' },
);
export const NextStep = Type.Object(
  {
    needs: oneOf(['factor', 'enrolment'] as const, 'A code or passkey is owed, or setting one up'),
  },
  { title: 'NextStep', description: 'The password was right; the session opens nothing else until this is done' },
);
export const LoginBody = Type.Object({ login: Login }, { title: 'LoginOnly', additionalProperties: false });
export const LinkBody = Type.Object(
  {
    token: Type.String({
      minLength: 20,
      maxLength: 100,
      description: 'From the link that was sent',
      examples: ['dG9rZW4tb2YtdGhlLWxpbmstdGhhdC13YXMtc2VudA'],
    }),
    password: Password,
  },
  { title: 'NewPasswordByLink', additionalProperties: false },
);
export const PasswordBody = Type.Object({ password: Password }, { title: 'PasswordOnly', additionalProperties: false });
export const CodeBody = Type.Object({ code: OneCode }, { title: 'FactorCode', additionalProperties: false });
export const NameBody = Type.Object({ name: Name }, { title: 'NameOnly', additionalProperties: false });

const when = (description: string) => Type.Unsafe<Date>(Instant(description));
const maybeWhen = (description: string) => Type.Unsafe<Date | null>(Nullable(Instant(description)));

export const Me = Type.Object(
  {
    accountId: IdOf('Account', 'The account'),
    name: Text('Name', 200, 'Nguyễn Thị Bé'),
    phone: Nullable(Text('Phone in E.164', 20, '+84912345678')),
    phoneProved: Type.Boolean({ description: 'A code that was sent there came back', examples: [true] }),
    email: Nullable(Text('E-mail', 200, 'be@thu.example')),
    emailProved: Type.Boolean({ description: 'A code that was sent there came back', examples: [true] }),
    staffRole: Nullable(Text('Role among the staff', 20, 'moderator')),
    businessIds: Type.Array(IdOf('Business', 'A business'), {
      description: 'Businesses it is a member of',
      maxItems: 1_000,
    }),
  },
  { title: 'Me' },
);

export const SessionView = Type.Object(
  {
    sessionId: IdOf('Session', 'The session, by which it is ended'),
    current: Type.Boolean({ description: 'The one that asks', examples: [true] }),
    device: Text('What the browser says it is', 100, 'Chrome · Android'),
    address: Text('From where it was opened', 60, '203.0.113.7'),
    twoFactors: Type.Boolean({ description: 'Opened with a second factor', examples: [false] }),
    createdAt: when('Opened'),
    lastSeenAt: when('Last used, to within some minutes'),
  },
  { title: 'Session' },
);
export const SessionList = Type.Object(
  { items: Type.Array(SessionView, { description: 'Those used last first', maxItems: 200 }) },
  { title: 'SessionList' },
);
export const SessionParams = Type.Object({ sessionId: IdOf('Session', 'The session') });

export const FactorList = Type.Object(
  {
    totpSince: maybeWhen('An app gives codes since'),
    passkeys: Type.Array(
      Type.Object(
        {
          passkeyId: IdOf('Passkey', 'The passkey'),
          name: Text('What its owner calls it', 100, 'Điện thoại của Bé'),
          createdAt: when('Added'),
          lastUsedAt: maybeWhen('Last used'),
        },
        { title: 'Passkey' },
      ),
      { description: 'Passkeys of the account', maxItems: 50 },
    ),
    recoveryCodesLeft: Type.Integer({ minimum: 0, maximum: 100, description: 'Codes not used yet', examples: [10] }),
  },
  { title: 'FactorList' },
);
export const TotpBegun = Type.Object(
  {
    secret: Text('The seed, for who types it in; shown once', 100, 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'),
    uri: Text('What a QR code carries to the app', 500, 'otpauth://totp/Ch%E1%BB%A3%20N%E1%BB%95i:be%40thu.example'),
  },
  { title: 'TotpBegun' },
);
export const RecoveryCodes = Type.Object(
  {
    recoveryCodes: Type.Array(Text('Works once', 20, 'k3m9q-2xab7'), {
      description: 'To be kept on paper; shown once. Empty when the account had a factor already.',
      maxItems: 10,
    }),
  },
  { title: 'RecoveryCodes' },
);
export const PasskeyParams = Type.Object({ passkeyId: IdOf('Passkey', 'The passkey') });

/** Shapes of WebAuthn, which browsers make and the library checks: objects with members of their own names. */
export const PasskeyOptions = Type.Object(
  { challenge: Text('To be signed, once, within five minutes', 200, 'c2lnbiB0aGlzLCBvbmNl') },
  {
    title: 'PasskeyOptions',
    description: 'Options of WebAuthn Level 3 as JSON, for `navigator.credentials`',
    additionalProperties: true,
  },
);
export const PasskeyAnswer = Type.Object(
  {
    name: Type.Optional(Text('What its owner calls it', 100, 'Điện thoại của Bé')),
    answer: Type.Object(
      {
        id: Text('Credential id', 1_400, 'bDVnQ0t4'),
        rawId: Text('The same', 1_400, 'bDVnQ0t4'),
        type: Type.Literal('public-key', { description: 'Always this', examples: ['public-key'] }),
        response: Type.Object(
          {},
          { additionalProperties: true, description: 'As the browser gave it', examples: [{}] },
        ),
        clientExtensionResults: Type.Object(
          {},
          { additionalProperties: true, description: 'As the browser gave it', examples: [{}] },
        ),
      },
      { description: '`PublicKeyCredential.toJSON()`', additionalProperties: true },
    ),
  },
  { title: 'PasskeyAnswer', additionalProperties: false },
);

export const ConsentList = Type.Object(
  {
    policyVersion: Text('Of the words in force', 20, '2026-11-27'),
    items: Type.Array(
      Type.Object(
        {
          purpose: oneOf(PURPOSES, 'What for'),
          granted: Type.Boolean({ description: 'Agreed to, as it stands', examples: [false] }),
          policyVersion: Nullable(Text('The words that were agreed to or taken back', 20, '2026-11-27')),
          since: maybeWhen('Since when'),
        },
        { title: 'PurposeConsent' },
      ),
      { description: 'Every purpose, agreed to or not', maxItems: 10 },
    ),
  },
  { title: 'PurposeList' },
);
export const ConsentParams = Type.Object({ purpose: oneOf(PURPOSES, 'What for') });
export const ConsentBody = Type.Object(
  { granted: Type.Boolean({ description: 'Agree, or take back', examples: [true] }) },
  { title: 'PurposeChange', additionalProperties: false },
);
export const PersonalExport = Type.Object(
  { madeAt: Instant('When it was made') },
  {
    title: 'PersonalExport',
    description:
      'Everything that is held about the account, a member a part: account, consents, sessions, factors, orders …',
    additionalProperties: true,
  },
);

export const ErasureBody = Type.Object(
  {
    sure: Type.Literal(true, {
      description: 'That this is for good and was understood; a call that was made by a slip does not carry it',
      examples: [true],
    }),
  },
  { title: 'ErasureWish', additionalProperties: false },
);

export const StaffUser = Type.Object(
  {
    accountId: IdOf('Account', 'The account'),
    name: Text('Name', 200, 'Trần Văn Giỏi'),
    phone: Nullable(Text('Phone in E.164', 20, '+84912345678')),
    email: Nullable(Text('E-mail', 200, 'gioi@thu.example')),
    role: noneOr(STAFF_ROLES, 'Role among the staff'),
    state: oneOf(['active', 'invited', 'disabled'] as const, 'Whether the person may come in'),
    createdAt: when('Since'),
  },
  { title: 'StaffUser' },
);
export const StaffUserList = Type.Object(
  { items: Type.Array(StaffUser, { description: 'Everybody with a role', maxItems: 1_000 }) },
  { title: 'StaffUserList' },
);
export const InviteBody = Type.Object(
  { name: Name, login: Login, role: oneOf(STAFF_ROLES, 'Role among the staff') },
  { title: 'Invitation', additionalProperties: false },
);
export const Invited = Type.Object(
  {
    accountId: IdOf('Account', 'The account, which has no password yet'),
    path: Text(
      'The link that was sent, to be handed over where no message arrives; works once, for 72 hours',
      200,
      '/loi-moi?ma=…',
    ),
  },
  { title: 'Invited' },
);
export const RoleBody = Type.Object(
  { role: noneOr(STAFF_ROLES, 'Role among the staff; null takes it away') },
  { title: 'RoleChange', additionalProperties: false },
);
export const AccountParams = Type.Object({ accountId: IdOf('Account', 'The account') });

export const KeyView = Type.Object(
  {
    keyId: IdOf('ApiKey', 'The key'),
    businessId: IdOf('Business', 'The business it acts for'),
    name: Text('What its owner calls it', 100, 'Phần mềm kho'),
    prefix: Text('How the key begins', 20, 'cnk_4fT9aB'),
    scopes: Type.Array(oneOf(KEY_SCOPES, 'What it may do'), { description: 'What it may do', maxItems: 20 }),
    state: oneOf(['live', 'expired', 'revoked'] as const, 'Whether it opens anything'),
    createdAt: when('Made'),
    expiresAt: when('Over'),
    lastUsedAt: maybeWhen('Last used, to the minute'),
  },
  { title: 'ApiKey' },
);
export const KeyList = Type.Object(
  { items: Type.Array(KeyView, { description: 'Newest first', maxItems: 200 }) },
  { title: 'ApiKeyList' },
);
export const MadeKey = Type.Object(
  {
    key: Text('The key itself. It is shown this once; only its hash is kept.', 100, 'cnk_4fT9aB…'),
    details: KeyView,
  },
  { title: 'MadeApiKey' },
);
export const KeyBody = Type.Object(
  {
    businessId: IdOf('Business', 'The business it is to act for'),
    name: Text('What its owner calls it', 100, 'Phần mềm kho'),
    scopes: Type.Array(oneOf(KEY_SCOPES, 'What it may do'), {
      minItems: 1,
      maxItems: 20,
      description: 'What it may do',
      examples: [['orders:read', 'stock:write']],
    }),
    days: Type.Integer({ minimum: 1, maximum: 366, description: 'How long it works', examples: [90] }),
  },
  { title: 'ApiKeyWish', additionalProperties: false },
);
export const KeyParams = Type.Object({ keyId: IdOf('ApiKey', 'The key') });
