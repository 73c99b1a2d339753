-- breaking: no
-- A refund that is being sent keeps the name by which its provider knows it.
UPDATE refunds SET attempt_key = id::text;
--> statement-breakpoint
-- Money that came by bank transfer goes back by hand, as it did before this was written down.
UPDATE refunds SET way = 'transfer' FROM payments WHERE payments.id = refunds.payment_id AND payments.method = 'vietqr';
