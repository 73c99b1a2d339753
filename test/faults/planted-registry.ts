/** What breaks each thing that the register of partner exchanges must hold, by the name of its check. */
export const plantedInRegistry: Readonly<Record<string, readonly string[]>> = {
  'a partner stands where the log of its steps ends': [`update partners set state = 'retired' where key = 'can-tho'`],
  'every step of a partner is a legal one, from where the one before ended': [
    `insert into partner_transitions (partner_key, from_state, to_state, actor, at) values ('can-tho', 'inactive', 'active', 'test', now())`,
  ],
  'nobody lets a partner in alone': [
    'alter table partner_promotions drop constraint partner_promotions_four_eyes',
    `insert into partner_promotions (id, partner_key, verbs, reason, proposed_by, proposed_at, outcome, decided_by, decided_at)
      values (gen_random_uuid(), 'can-tho', '{pull}', '', 'account:1', now(), 'approved', 'account:1', now())`,
  ],
  'a revoked key speaks for nobody': [
    `insert into partner_revoked_keys (keyid, partner_key, revoked_by, revoked_at, reason) values ('planted', 'can-tho', 'test', now(), '')`,
    `update partners set state = 'active', adapter = 'native', keyid = 'planted', jwk = '{}', origin = 'can-tho.example' where key = 'can-tho'`,
  ],
  'a partner that ended, or was never invited, may do nothing': [
    `insert into partner_grants (partner_key, verb, granted_by, granted_at) values ('can-tho', 'order', 'test', now())`,
  ],
  'a code is used once, by a partner that has moved on': [
    `update partners set state = 'invited', origin = 'can-tho.example', keyid = 'planted' where key = 'can-tho'`,
    `insert into partner_invitations (id, partner_key, code_hash, domain, legal_entity, tax_code, fingerprint, created_by, created_at, expires_at, redeemed_at)
      values (gen_random_uuid(), 'can-tho', 'planted', '', '', '', '', 'test', now(), now(), now())`,
  ],
  'a partner that is shut out is shown nowhere': [
    `update products set partner_key = 'can-tho', origin_uri = 'ocop://planted' where id = (select id from products where status = 'listed' order by id limit 1)`,
  ],
};
