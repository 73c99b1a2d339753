-- breaking: no
-- A leg that is paid by transfer is reserved first and paid while the goods are held. What was taken before is what was received.
INSERT INTO exchange_leg_moves (from_state, to_state) VALUES
  ('quoted', 'reserving'),
  ('price-changed', 'reserving'),
  ('reserving', 'awaiting-transfer'),
  ('resolving', 'awaiting-transfer'),
  ('awaiting-transfer', 'captured'),
  ('awaiting-transfer', 'cancelling'),
  ('refund-owed', 'refunded');
--> statement-breakpoint
UPDATE exchange_legs SET received_vnd = accepted_vnd WHERE captured_at IS NOT NULL;
