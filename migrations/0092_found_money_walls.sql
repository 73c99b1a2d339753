-- breaking: no
-- Money that is found at the provider belongs to a leg that a restored database has as lapsed: it goes on from there.
INSERT INTO exchange_leg_moves (from_state, to_state) VALUES
  ('lapsed', 'resolving'),
  ('lapsed', 'voiding');
