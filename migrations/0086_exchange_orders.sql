-- breaking: no
CREATE TABLE "exchange_cart_lines" (
	"cart_id" text NOT NULL,
	"variant_id" uuid NOT NULL,
	"partner_key" text NOT NULL,
	"quantity" integer NOT NULL,
	"seen_price_vnd" bigint NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "exchange_cart_lines_cart_id_variant_id_pk" PRIMARY KEY("cart_id","variant_id"),
	CONSTRAINT "exchange_cart_lines_quantity" CHECK ("exchange_cart_lines"."quantity" between 1 and 1000)
);
--> statement-breakpoint
CREATE TABLE "exchange_disclosures" (
	"leg_id" text PRIMARY KEY NOT NULL,
	"partner_key" text NOT NULL,
	"members" text[] NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "exchange_leg_moves" (
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	CONSTRAINT "exchange_leg_moves_from_state_to_state_pk" PRIMARY KEY("from_state","to_state")
);
--> statement-breakpoint
CREATE TABLE "exchange_leg_refunds" (
	"cause" text PRIMARY KEY NOT NULL,
	"leg_id" text NOT NULL,
	"amount_vnd" bigint NOT NULL,
	"status" text NOT NULL,
	"provider_reference" text,
	"origin_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	CONSTRAINT "exchange_leg_refunds_amount" CHECK ("exchange_leg_refunds"."amount_vnd" > 0),
	CONSTRAINT "exchange_leg_refunds_status" CHECK ("exchange_leg_refunds"."status" in ('queued', 'sent', 'confirmed', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "exchange_leg_steps" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "exchange_leg_steps_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"leg_id" text NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"reason" text,
	"actor" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "exchange_legs" (
	"id" text PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"cart_id" text NOT NULL,
	"partner_key" text NOT NULL,
	"state" text NOT NULL,
	"step" text,
	"state_since" timestamp (3) with time zone NOT NULL,
	"reason" text,
	"delivery" jsonb NOT NULL,
	"phone" text NOT NULL,
	"terms" jsonb,
	"shipping_code" text,
	"accepted_vnd" bigint,
	"accepted_at" timestamp (3) with time zone,
	"age_confirmed_at" timestamp (3) with time zone,
	"session_id" text,
	"redirect_url" text,
	"payment_reference" text,
	"authorised_at" timestamp (3) with time zone,
	"captured_at" timestamp (3) with time zone,
	"order_id" text,
	"order_code" text,
	"order_rev" bigint,
	"order_state" text,
	"tracking_number" text,
	"confirm_by" timestamp (3) with time zone,
	"confirmed_at" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "exchange_legs_state" CHECK ("exchange_legs"."state" in ('draft', 'quoted', 'price-changed', 'authorising', 'authorised', 'reserving', 'reserved', 'capturing', 'captured', 'confirming', 'confirmed', 'fulfilling', 'done', 'resolving', 'voiding', 'cancelling', 'refunding', 'lapsed', 'void', 'refunded', 'refund-owed')),
	CONSTRAINT "exchange_legs_step" CHECK (("exchange_legs"."state" = 'resolving') = ("exchange_legs"."step" is not null)),
	CONSTRAINT "exchange_legs_accepted" CHECK ("exchange_legs"."state" in ('draft', 'quoted', 'price-changed', 'lapsed') or num_nonnulls("exchange_legs"."terms", "exchange_legs"."shipping_code", "exchange_legs"."accepted_vnd", "exchange_legs"."accepted_at") = 4),
	CONSTRAINT "exchange_legs_bought" CHECK ("exchange_legs"."state" not in ('captured', 'confirming', 'confirmed', 'fulfilling', 'done', 'refunding', 'refunded', 'refund-owed') or ("exchange_legs"."captured_at" is not null and "exchange_legs"."accepted_vnd" > 0))
);
--> statement-breakpoint
CREATE TABLE "exchange_order_feeds" (
	"partner_key" text PRIMARY KEY NOT NULL,
	"cursor" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "exchange_settlements" (
	"partner_key" text NOT NULL,
	"day" date NOT NULL,
	"ours" jsonb NOT NULL,
	"theirs" jsonb NOT NULL,
	"their_body" text NOT NULL,
	"their_signature" jsonb NOT NULL,
	"agrees" boolean NOT NULL,
	"compared_at" timestamp (3) with time zone NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	CONSTRAINT "exchange_settlements_partner_key_day_pk" PRIMARY KEY("partner_key","day")
);
--> statement-breakpoint
ALTER TABLE "entries" DROP CONSTRAINT "entries_account_known";--> statement-breakpoint
ALTER TABLE "exchange_cart_lines" ADD CONSTRAINT "exchange_cart_lines_cart_id_carts_id_fk" FOREIGN KEY ("cart_id") REFERENCES "public"."carts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_cart_lines" ADD CONSTRAINT "exchange_cart_lines_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_cart_lines" ADD CONSTRAINT "exchange_cart_lines_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_disclosures" ADD CONSTRAINT "exchange_disclosures_leg_id_exchange_legs_id_fk" FOREIGN KEY ("leg_id") REFERENCES "public"."exchange_legs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_disclosures" ADD CONSTRAINT "exchange_disclosures_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_leg_refunds" ADD CONSTRAINT "exchange_leg_refunds_leg_id_exchange_legs_id_fk" FOREIGN KEY ("leg_id") REFERENCES "public"."exchange_legs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_leg_steps" ADD CONSTRAINT "exchange_leg_steps_leg_id_exchange_legs_id_fk" FOREIGN KEY ("leg_id") REFERENCES "public"."exchange_legs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_leg_steps" ADD CONSTRAINT "exchange_leg_steps_legal" FOREIGN KEY ("from_state","to_state") REFERENCES "public"."exchange_leg_moves"("from_state","to_state") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_legs" ADD CONSTRAINT "exchange_legs_code_codes_code_fk" FOREIGN KEY ("code") REFERENCES "public"."codes"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_legs" ADD CONSTRAINT "exchange_legs_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_order_feeds" ADD CONSTRAINT "exchange_order_feeds_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_settlements" ADD CONSTRAINT "exchange_settlements_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "exchange_leg_refunds_leg" ON "exchange_leg_refunds" USING btree ("leg_id");--> statement-breakpoint
CREATE INDEX "exchange_leg_steps_leg" ON "exchange_leg_steps" USING btree ("leg_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "exchange_legs_code" ON "exchange_legs" USING btree ("code");--> statement-breakpoint
CREATE UNIQUE INDEX "exchange_legs_session" ON "exchange_legs" USING btree ("session_id");--> statement-breakpoint
CREATE UNIQUE INDEX "exchange_legs_order" ON "exchange_legs" USING btree ("partner_key","order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "exchange_legs_waiting" ON "exchange_legs" USING btree ("cart_id","partner_key") WHERE "exchange_legs"."state" in ('draft', 'quoted', 'price-changed', 'authorising');--> statement-breakpoint
CREATE INDEX "exchange_legs_cart" ON "exchange_legs" USING btree ("cart_id");--> statement-breakpoint
CREATE INDEX "exchange_legs_phone" ON "exchange_legs" USING btree ("phone");--> statement-breakpoint
CREATE INDEX "exchange_legs_due" ON "exchange_legs" USING btree ("next_at") WHERE "exchange_legs"."next_at" is not null;--> statement-breakpoint
ALTER TABLE "entries" ADD CONSTRAINT "entries_account_known" CHECK ("entries"."account" in ('clearing:bank', 'clearing:stripe', 'clearing:vnpay', 'disputed', 'deposits', 'suspense', 'refunds-due', 'payable', 'payouts-due', 'provider-fees', 'commission', 'commission-vat', 'withheld-vat', 'withheld-pit', 'freight', 'promotion', 'losses', 'exchange-deposits') or "entries"."account" ~ '^(owed|receivable):.+$');