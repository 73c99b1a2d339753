-- breaking: no
-- What partners had said before there was a place for it. Until when they said it would hold comes with their next revision.
UPDATE products p SET claimed_decision = m.record -> 'ocop' ->> 'decisionNo'
FROM federation_mirrors m
WHERE m.partner_key = p.partner_key AND m.uri = p.origin_uri AND p.claimed_star IS NOT NULL;
