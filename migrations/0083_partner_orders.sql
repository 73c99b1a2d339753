-- breaking: no
CREATE TABLE "partner_orders" (
	"group_id" uuid PRIMARY KEY NOT NULL,
	"partner_key" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"quote_id" uuid NOT NULL,
	"buyer_code" text NOT NULL,
	"agreed" jsonb NOT NULL,
	"cancel_reason" text,
	"rev" bigserial NOT NULL,
	"tx" "xid8" NOT NULL,
	"document" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "partner_quotes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"partner_key" text NOT NULL,
	"terms" jsonb NOT NULL,
	"terms_hash" text NOT NULL,
	"destination" jsonb NOT NULL,
	"needs_age" boolean NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "entries" DROP CONSTRAINT "entries_account_known";--> statement-breakpoint
ALTER TABLE "order_groups" ADD COLUMN "partner_key" text;--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "partner_key" text;--> statement-breakpoint
ALTER TABLE "partner_orders" ADD CONSTRAINT "partner_orders_group_id_order_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."order_groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_orders" ADD CONSTRAINT "partner_orders_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_quotes" ADD CONSTRAINT "partner_quotes_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "partner_orders_key" ON "partner_orders" USING btree ("partner_key","key");--> statement-breakpoint
CREATE UNIQUE INDEX "partner_orders_quote" ON "partner_orders" USING btree ("quote_id");--> statement-breakpoint
CREATE INDEX "partner_orders_feed" ON "partner_orders" USING btree ("partner_key","tx","rev");--> statement-breakpoint
CREATE INDEX "partner_quotes_expiry" ON "partner_quotes" USING btree ("expires_at");--> statement-breakpoint
ALTER TABLE "order_groups" ADD CONSTRAINT "order_groups_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entries" ADD CONSTRAINT "entries_account_known" CHECK ("entries"."account" in ('clearing:bank', 'clearing:stripe', 'clearing:vnpay', 'disputed', 'deposits', 'suspense', 'refunds-due', 'payable', 'payouts-due', 'provider-fees', 'commission', 'commission-vat', 'withheld-vat', 'withheld-pit', 'freight', 'promotion', 'losses') or "entries"."account" ~ '^receivable:.+$');--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_partner" CHECK (("payments"."method" = 'partner') = ("payments"."partner_key" is not null));