-- breaking: no
-- Journals are chained behind the sales and not within them: a lock that every checkout took until its commit would let
-- one in at a time. Nobody but this function writes the chain and the balances that are carried forward with it.
REVOKE INSERT, UPDATE, DELETE ON journal_links, account_balances FROM cho_noi_app;
--> statement-breakpoint
CREATE FUNCTION seal_journals(since uuid, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  place bigint;
  head bytea;
  waiting uuid[];
  one record;
  done integer := 0;
BEGIN
  -- The letters "books" read as a number; any fixed one would do.
  PERFORM pg_advisory_xact_lock(422843804531);
  SELECT seq, hash INTO place, head FROM journal_links ORDER BY seq DESC LIMIT 1;
  place := coalesce(place, 0);
  -- Chosen before the first is linked: a plan made while the chain was empty would read through it once a journal.
  waiting := ARRAY(SELECT j.id FROM journals j
    WHERE j.id >= since AND NOT EXISTS (SELECT FROM journal_links l WHERE l.journal_id = j.id) ORDER BY j.id LIMIT most);
  FOR one IN
    SELECT j.id, concat_ws(E'\x1f', j.id, j.key, j.kind, j.reference, (extract(epoch from j.at) * 1000)::bigint, j.actor,
      (SELECT string_agg(concat_ws(E'\x1f', e.id, e.account, coalesce(e.business_id::text, '-'), e.amount_vnd), E'\x1e' ORDER BY e.id)
        FROM entries e WHERE e.journal_id = j.id)) AS canonical
    FROM unnest(waiting) WITH ORDINALITY AS w (id, nth) JOIN journals j ON j.id = w.id ORDER BY w.nth
  LOOP
    head := sha256(coalesce(head, ''::bytea) || convert_to(one.canonical, 'UTF8'));
    done := done + 1;
    INSERT INTO journal_links (seq, journal_id, hash) VALUES (place + done, one.id, head);
  END LOOP;
  INSERT INTO account_balances AS b (account, business_id, balance_vnd, entry_count)
    SELECT e.account, e.business_id, sum(e.amount_vnd), count(*) FROM journal_links l JOIN entries e ON e.journal_id = l.journal_id
    WHERE l.seq > place GROUP BY e.account, e.business_id
    ON CONFLICT ON CONSTRAINT account_balances_one DO UPDATE
      SET balance_vnd = b.balance_vnd + excluded.balance_vnd, entry_count = b.entry_count + excluded.entry_count;
  RETURN done;
END $$;
--> statement-breakpoint
-- Balances are made anew from the entries when the nightly comparison finds that they differ.
CREATE FUNCTION rebuild_balances() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(422843804531);
  DELETE FROM account_balances;
  INSERT INTO account_balances (account, business_id, balance_vnd, entry_count)
    SELECT e.account, e.business_id, sum(e.amount_vnd), count(*) FROM journal_links l JOIN entries e ON e.journal_id = l.journal_id
    GROUP BY e.account, e.business_id;
END $$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION seal_journals(uuid, integer), rebuild_balances() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION seal_journals(uuid, integer), rebuild_balances() TO cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER journal_links_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_links FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CALL guard_rows('journal_links', NULL);
--> statement-breakpoint
CALL guard_rows('account_balances');
