CREATE TABLE "business_members" (
	"business_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "business_members_business_id_account_id_pk" PRIMARY KEY("business_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "businesses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"tax_code" text,
	"ward_code" text,
	"address_line" text,
	"phone" text,
	"email" text,
	"story_vi" text DEFAULT '' NOT NULL,
	"story_en" text DEFAULT '' NOT NULL,
	"founded_year" integer,
	"latitude" double precision,
	"longitude" double precision,
	"supports" text[] DEFAULT '{}' NOT NULL,
	"status" text NOT NULL,
	"partner_key" text,
	"origin_uri" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "businesses_type" CHECK ("businesses"."type" in ('cooperative', 'enterprise', 'household', 'cooperative_group', 'farm')),
	CONSTRAINT "businesses_status" CHECK ("businesses"."status" in ('draft', 'submitted', 'approved', 'rejected', 'suspended', 'closed')),
	CONSTRAINT "businesses_own_or_partner" CHECK (("businesses"."partner_key" is null) = ("businesses"."code" is not null))
);
--> statement-breakpoint
CREATE TABLE "cart_lines" (
	"cart_id" text NOT NULL,
	"variant_id" uuid NOT NULL,
	"quantity" integer NOT NULL,
	"seen_price_vnd" bigint NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "cart_lines_cart_id_variant_id_pk" PRIMARY KEY("cart_id","variant_id"),
	CONSTRAINT "cart_lines_quantity" CHECK ("cart_lines"."quantity" > 0)
);
--> statement-breakpoint
CREATE TABLE "carts" (
	"id" text PRIMARY KEY NOT NULL,
	"status" text NOT NULL,
	"delivery" jsonb,
	"group_code" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "certificates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"kind" text NOT NULL,
	"product_id" uuid NOT NULL,
	"issuer" text NOT NULL,
	"decision_number" text NOT NULL,
	"issued_on" date NOT NULL,
	"legal_basis" text NOT NULL,
	"star" smallint,
	"valid_until" timestamp (3) with time zone NOT NULL,
	"status" text NOT NULL,
	"submitted_by" text NOT NULL,
	"submitted_at" timestamp (3) with time zone NOT NULL,
	"verified_by" text,
	"verified_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"revocation_reason" text,
	CONSTRAINT "certificates_star" CHECK (("certificates"."kind" = 'ocop') = ("certificates"."star" is not null) and "certificates"."star" in (3, 4, 5)),
	CONSTRAINT "certificates_four_eyes" CHECK ("certificates"."verified_by" is null or "certificates"."verified_by" <> "certificates"."submitted_by"),
	CONSTRAINT "certificates_verified" CHECK ("certificates"."status" not in ('verified', 'expired') or "certificates"."verified_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"phone" text,
	"email" text,
	"password_hash" text NOT NULL,
	"staff_role" text,
	"disabled_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"key" text NOT NULL,
	"window_start" timestamp (3) with time zone NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "attempts_key_window_start_pk" PRIMARY KEY("key","window_start")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id_hash" text PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"user_agent" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commission_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"rate_bps" integer NOT NULL,
	"vat_bps" integer NOT NULL,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"note" text NOT NULL,
	CONSTRAINT "commission_rules_rates" CHECK ("commission_rules"."rate_bps" between 0 and 3000 and "commission_rules"."vat_bps" between 0 and 2000)
);
--> statement-breakpoint
CREATE TABLE "entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"journal_id" uuid NOT NULL,
	"account" text NOT NULL,
	"business_id" uuid,
	"amount_vnd" bigint NOT NULL,
	CONSTRAINT "entries_amount" CHECK ("entries"."amount_vnd" <> 0),
	CONSTRAINT "entries_account_known" CHECK ("entries"."account" in ('clearing:bank', 'clearing:stripe', 'deposits', 'suspense', 'refunds-due', 'payable', 'commission', 'commission-vat', 'withheld-vat', 'withheld-pit', 'freight', 'promotion')),
	CONSTRAINT "entries_payable_has_owner" CHECK (("entries"."account" = 'payable') = ("entries"."business_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "journals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"reference" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" text DEFAULT coalesce(current_setting('app.actor', true), 'unknown') NOT NULL
);
--> statement-breakpoint
CREATE TABLE "codes" (
	"code" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "order_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"type" text NOT NULL,
	"detail" jsonb NOT NULL,
	"actor" text DEFAULT coalesce(current_setting('app.actor', true), 'unknown') NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "order_groups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"cart_id" text NOT NULL,
	"status" text NOT NULL,
	"total_vnd" bigint NOT NULL,
	"delivery" jsonb NOT NULL,
	"phone" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"paid_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "order_groups_status" CHECK ("order_groups"."status" in ('awaiting-payment', 'paid', 'partly-cancelled', 'cancelled', 'expired')),
	CONSTRAINT "order_groups_total" CHECK ("order_groups"."total_vnd" > 0)
);
--> statement-breakpoint
CREATE TABLE "order_lines" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"variant_id" uuid NOT NULL,
	"sku" text NOT NULL,
	"name" text NOT NULL,
	"label" text NOT NULL,
	"quantity" integer NOT NULL,
	"price_vnd" bigint NOT NULL,
	"total_vnd" bigint NOT NULL,
	"vat_bps" integer NOT NULL,
	CONSTRAINT "order_lines_total" CHECK ("order_lines"."quantity" > 0 and "order_lines"."total_vnd" = "order_lines"."price_vnd" * "order_lines"."quantity")
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"group_id" uuid NOT NULL,
	"business_id" uuid NOT NULL,
	"business_name" text NOT NULL,
	"status" text NOT NULL,
	"payment_status" text NOT NULL,
	"fulfilment_status" text NOT NULL,
	"subtotal_vnd" bigint NOT NULL,
	"shipping_vnd" bigint NOT NULL,
	"total_vnd" bigint NOT NULL,
	"shipping_rate_id" uuid NOT NULL,
	"commission_rule_id" uuid NOT NULL,
	"commission_vnd" bigint NOT NULL,
	"commission_vat_vnd" bigint NOT NULL,
	"confirm_by" timestamp (3) with time zone,
	"carrier" text,
	"tracking_number" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "orders_status" CHECK ("orders"."status" in ('awaiting-payment', 'placed', 'confirmed', 'completed', 'cancelled')),
	CONSTRAINT "orders_payment_status" CHECK ("orders"."payment_status" in ('unpaid', 'paid', 'part-refunded', 'refunded')),
	CONSTRAINT "orders_fulfilment_status" CHECK ("orders"."fulfilment_status" in ('none', 'packed', 'shipped', 'delivered', 'returned')),
	CONSTRAINT "orders_total" CHECK ("orders"."total_vnd" = "orders"."subtotal_vnd" + "orders"."shipping_vnd" and "orders"."subtotal_vnd" > 0 and "orders"."shipping_vnd" >= 0),
	CONSTRAINT "orders_commission" CHECK ("orders"."commission_vnd" >= 0 and "orders"."commission_vnd" + "orders"."commission_vat_vnd" <= "orders"."total_vnd")
);
--> statement-breakpoint
CREATE TABLE "bank_transfers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"provider_tx_id" text NOT NULL,
	"account_number" text NOT NULL,
	"amount_vnd" bigint NOT NULL,
	"content" text NOT NULL,
	"bank_reference" text NOT NULL,
	"payment_id" text,
	"state" text NOT NULL,
	"raw" jsonb NOT NULL,
	"happened_at" timestamp (3) with time zone,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "bank_transfers_state" CHECK ("bank_transfers"."state" in ('exact', 'short', 'completing', 'over', 'late', 'late-refund', 'duplicate', 'unmatched', 'foreign-account', 'outgoing'))
);
--> statement-breakpoint
CREATE TABLE "payment_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"provider_event_id" text NOT NULL,
	"type" text NOT NULL,
	"payment_id" text,
	"amount_vnd" bigint,
	"effect" text NOT NULL,
	"raw" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payment_shares" (
	"payment_id" text NOT NULL,
	"order_id" uuid NOT NULL,
	"amount_vnd" bigint NOT NULL,
	CONSTRAINT "payment_shares_payment_id_order_id_pk" PRIMARY KEY("payment_id","order_id"),
	CONSTRAINT "payment_shares_amount" CHECK ("payment_shares"."amount_vnd" > 0)
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" text PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"group_id" uuid NOT NULL,
	"method" text NOT NULL,
	"status" text NOT NULL,
	"amount_vnd" bigint NOT NULL,
	"received_vnd" bigint NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"session_id" text,
	"redirect_url" text,
	"provider_reference" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "payments_status" CHECK ("payments"."status" in ('pending', 'paid', 'failed', 'expired', 'underpaid', 'overpaid', 'refunded', 'part-refunded')),
	CONSTRAINT "payments_amounts" CHECK ("payments"."amount_vnd" > 0 and "payments"."received_vnd" >= 0)
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"payment_id" text NOT NULL,
	"order_id" uuid,
	"amount_vnd" bigint NOT NULL,
	"reason" text NOT NULL,
	"cause" text NOT NULL,
	"status" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"provider_reference" text,
	CONSTRAINT "refunds_amount" CHECK ("refunds"."amount_vnd" > 0)
);
--> statement-breakpoint
CREATE TABLE "provinces" (
	"scheme" text NOT NULL,
	"code" text NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"name_en" text NOT NULL,
	"successor_code" text,
	CONSTRAINT "provinces_scheme_code_pk" PRIMARY KEY("scheme","code")
);
--> statement-breakpoint
CREATE TABLE "wards" (
	"code" text PRIMARY KEY NOT NULL,
	"province_code" text NOT NULL,
	"name" text NOT NULL,
	"full_name" text NOT NULL,
	"kind" text NOT NULL,
	"legacy_district_code" text NOT NULL,
	"legacy_district_name" text NOT NULL,
	"served" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE "categories" (
	"id" smallint PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name_vi" text NOT NULL,
	"name_en" text NOT NULL,
	"group_id" smallint NOT NULL,
	"group_vi" text NOT NULL,
	"group_en" text NOT NULL,
	"sector_code" text NOT NULL,
	"sector_vi" text NOT NULL,
	"sector_en" text NOT NULL,
	"managing_body" text[] NOT NULL,
	"is_food" boolean NOT NULL,
	"is_alcohol" boolean NOT NULL,
	"is_tourism" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pictures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"product_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"alt_vi" text NOT NULL,
	"alt_en" text DEFAULT '' NOT NULL,
	"source" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"renditions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"made_on" date
);
--> statement-breakpoint
CREATE TABLE "price_history" (
	"id" uuid PRIMARY KEY NOT NULL,
	"variant_id" uuid NOT NULL,
	"price_vnd" bigint NOT NULL,
	"compare_at_vnd" bigint,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"actor" text DEFAULT coalesce(current_setting('app.actor', true), 'unknown') NOT NULL
);
--> statement-breakpoint
CREATE TABLE "prices" (
	"variant_id" uuid PRIMARY KEY NOT NULL,
	"price_vnd" bigint NOT NULL,
	"compare_at_vnd" bigint,
	"valid_from" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "prices_positive" CHECK ("prices"."price_vnd" > 0 and ("prices"."compare_at_vnd" is null or "prices"."compare_at_vnd" > 0))
);
--> statement-breakpoint
CREATE TABLE "products" (
	"id" uuid PRIMARY KEY NOT NULL,
	"sku" text NOT NULL,
	"business_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"name_vi" text NOT NULL,
	"name_en" text DEFAULT '' NOT NULL,
	"aliases" text[] DEFAULT '{}' NOT NULL,
	"category_id" smallint NOT NULL,
	"unit_vi" text NOT NULL,
	"net_weight_g" integer DEFAULT 0 NOT NULL,
	"gross_weight_g" integer DEFAULT 0 NOT NULL,
	"length_cm" integer DEFAULT 0 NOT NULL,
	"width_cm" integer DEFAULT 0 NOT NULL,
	"height_cm" integer DEFAULT 0 NOT NULL,
	"storage" text DEFAULT 'ambient' NOT NULL,
	"shelf_life_days" integer,
	"vat_bps" integer NOT NULL,
	"gtin" text,
	"ingredients_vi" text DEFAULT '' NOT NULL,
	"allergens" text[] DEFAULT '{}' NOT NULL,
	"description_vi" text DEFAULT '' NOT NULL,
	"description_en" text DEFAULT '' NOT NULL,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"season_months" smallint[] DEFAULT '{}' NOT NULL,
	"status" text NOT NULL,
	"partner_key" text,
	"origin_uri" text,
	"landing_url" text,
	"claimed_star" smallint,
	"price_as_of" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "products_status" CHECK ("products"."status" in ('draft', 'listed', 'withdrawn')),
	CONSTRAINT "products_storage" CHECK ("products"."storage" in ('ambient', 'cool', 'chilled', 'frozen', 'fresh')),
	CONSTRAINT "products_partner_whole" CHECK (("products"."partner_key" is null) = ("products"."origin_uri" is null))
);
--> statement-breakpoint
CREATE TABLE "variants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"product_id" uuid NOT NULL,
	"sku" text NOT NULL,
	"label" text NOT NULL,
	"net_weight_g" integer DEFAULT 0 NOT NULL,
	"min_order" integer DEFAULT 1 NOT NULL,
	"max_order" integer DEFAULT 999 NOT NULL,
	"position" smallint NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "variants_limits" CHECK ("variants"."min_order" >= 1 and "variants"."max_order" >= "variants"."min_order")
);
--> statement-breakpoint
CREATE TABLE "shipping_rates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"scheme" text NOT NULL,
	"fee_vnd" bigint NOT NULL,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"note" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "holds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"variant_id" uuid NOT NULL,
	"quantity" integer NOT NULL,
	"source" text NOT NULL,
	"reference" text NOT NULL,
	"status" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "holds_quantity" CHECK ("holds"."quantity" > 0)
);
--> statement-breakpoint
CREATE TABLE "stock" (
	"variant_id" uuid PRIMARY KEY NOT NULL,
	"on_hand" integer NOT NULL,
	"held" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "stock_held_within_on_hand" CHECK ("stock"."held" between 0 and "stock"."on_hand")
);
--> statement-breakpoint
CREATE TABLE "stock_movements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"variant_id" uuid NOT NULL,
	"change" integer NOT NULL,
	"reason" text NOT NULL,
	"reference" text,
	"actor" text DEFAULT coalesce(current_setting('app.actor', true), 'unknown') NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"actor" text DEFAULT coalesce(current_setting('app.actor', true), 'unknown') NOT NULL,
	"happened_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"state" text NOT NULL,
	"status" integer,
	"body" text,
	"locked_until" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_scope_key_pk" PRIMARY KEY("scope","key"),
	CONSTRAINT "idempotency_done_has_answer" CHECK ("idempotency_keys"."state" = 'running' or ("idempotency_keys"."status" is not null and "idempotency_keys"."body" is not null))
);
--> statement-breakpoint
ALTER TABLE "business_members" ADD CONSTRAINT "business_members_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cart_lines" ADD CONSTRAINT "cart_lines_cart_id_carts_id_fk" FOREIGN KEY ("cart_id") REFERENCES "public"."carts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cart_lines" ADD CONSTRAINT "cart_lines_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entries" ADD CONSTRAINT "entries_journal_id_journals_id_fk" FOREIGN KEY ("journal_id") REFERENCES "public"."journals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entries" ADD CONSTRAINT "entries_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_groups" ADD CONSTRAINT "order_groups_code_codes_code_fk" FOREIGN KEY ("code") REFERENCES "public"."codes"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_code_codes_code_fk" FOREIGN KEY ("code") REFERENCES "public"."codes"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_group_id_order_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."order_groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bank_transfers" ADD CONSTRAINT "bank_transfers_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_shares" ADD CONSTRAINT "payment_shares_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_shares" ADD CONSTRAINT "payment_shares_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_code_codes_code_fk" FOREIGN KEY ("code") REFERENCES "public"."codes"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_group_id_order_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."order_groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pictures" ADD CONSTRAINT "pictures_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_history" ADD CONSTRAINT "price_history_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prices" ADD CONSTRAINT "prices_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "variants" ADD CONSTRAINT "variants_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock" ADD CONSTRAINT "stock_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_movements" ADD CONSTRAINT "stock_movements_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "business_members_account" ON "business_members" USING btree ("account_id");--> statement-breakpoint
CREATE UNIQUE INDEX "businesses_code" ON "businesses" USING btree ("code");--> statement-breakpoint
CREATE UNIQUE INDEX "businesses_slug" ON "businesses" USING btree ("slug");--> statement-breakpoint
CREATE UNIQUE INDEX "businesses_origin" ON "businesses" USING btree ("partner_key","origin_uri");--> statement-breakpoint
CREATE INDEX "businesses_ward" ON "businesses" USING btree ("ward_code");--> statement-breakpoint
CREATE INDEX "carts_stale" ON "carts" USING btree ("updated_at") WHERE "carts"."status" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "certificates_code" ON "certificates" USING btree ("code");--> statement-breakpoint
CREATE UNIQUE INDEX "certificates_decision" ON "certificates" USING btree ("issuer","decision_number","issued_on","product_id");--> statement-breakpoint
CREATE INDEX "certificates_product" ON "certificates" USING btree ("product_id");--> statement-breakpoint
CREATE INDEX "certificates_lapse" ON "certificates" USING btree ("valid_until") WHERE "certificates"."status" = 'verified';--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_phone" ON "accounts" USING btree ("phone");--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_email" ON "accounts" USING btree ("email");--> statement-breakpoint
CREATE INDEX "sessions_account" ON "sessions" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "commission_rules_from" ON "commission_rules" USING btree ("valid_from");--> statement-breakpoint
CREATE INDEX "entries_journal" ON "entries" USING btree ("journal_id");--> statement-breakpoint
CREATE INDEX "entries_account" ON "entries" USING btree ("account","business_id");--> statement-breakpoint
CREATE UNIQUE INDEX "journals_key" ON "journals" USING btree ("key");--> statement-breakpoint
CREATE INDEX "journals_reference" ON "journals" USING btree ("reference");--> statement-breakpoint
CREATE INDEX "order_events_order" ON "order_events" USING btree ("order_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "order_groups_code" ON "order_groups" USING btree ("code");--> statement-breakpoint
CREATE UNIQUE INDEX "order_groups_cart" ON "order_groups" USING btree ("cart_id");--> statement-breakpoint
CREATE INDEX "order_groups_due" ON "order_groups" USING btree ("expires_at") WHERE "order_groups"."status" = 'awaiting-payment';--> statement-breakpoint
CREATE UNIQUE INDEX "order_lines_variant" ON "order_lines" USING btree ("order_id","variant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_code" ON "orders" USING btree ("code");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_group_business" ON "orders" USING btree ("group_id","business_id");--> statement-breakpoint
CREATE INDEX "orders_business" ON "orders" USING btree ("business_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "bank_transfers_provider" ON "bank_transfers" USING btree ("provider","provider_tx_id");--> statement-breakpoint
CREATE INDEX "bank_transfers_payment" ON "bank_transfers" USING btree ("payment_id");--> statement-breakpoint
CREATE INDEX "bank_transfers_unmatched" ON "bank_transfers" USING btree ("received_at") WHERE "bank_transfers"."state" in ('unmatched', 'foreign-account');--> statement-breakpoint
CREATE UNIQUE INDEX "payment_events_provider" ON "payment_events" USING btree ("provider","provider_event_id");--> statement-breakpoint
CREATE INDEX "payment_events_payment" ON "payment_events" USING btree ("payment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_code" ON "payments" USING btree ("code");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_session" ON "payments" USING btree ("method","session_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_one_live" ON "payments" USING btree ("group_id") WHERE "payments"."status" in ('pending', 'underpaid');--> statement-breakpoint
CREATE INDEX "payments_group" ON "payments" USING btree ("group_id");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_cause" ON "refunds" USING btree ("cause");--> statement-breakpoint
CREATE INDEX "refunds_queue" ON "refunds" USING btree ("created_at") WHERE "refunds"."status" = 'queued';--> statement-breakpoint
CREATE INDEX "wards_province" ON "wards" USING btree ("province_code");--> statement-breakpoint
CREATE UNIQUE INDEX "categories_slug" ON "categories" USING btree ("slug");--> statement-breakpoint
CREATE UNIQUE INDEX "pictures_position" ON "pictures" USING btree ("product_id","position");--> statement-breakpoint
CREATE INDEX "price_history_variant" ON "price_history" USING btree ("variant_id","valid_from");--> statement-breakpoint
CREATE UNIQUE INDEX "products_slug" ON "products" USING btree ("slug");--> statement-breakpoint
CREATE UNIQUE INDEX "products_own_sku" ON "products" USING btree ("sku") WHERE "products"."partner_key" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "products_origin" ON "products" USING btree ("partner_key","origin_uri");--> statement-breakpoint
CREATE INDEX "products_business" ON "products" USING btree ("business_id");--> statement-breakpoint
CREATE INDEX "products_category" ON "products" USING btree ("category_id");--> statement-breakpoint
CREATE INDEX "products_newest" ON "products" USING btree ("created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE "products"."status" = 'listed';--> statement-breakpoint
CREATE UNIQUE INDEX "variants_position" ON "variants" USING btree ("product_id","position");--> statement-breakpoint
CREATE UNIQUE INDEX "variants_sku" ON "variants" USING btree ("product_id","sku");--> statement-breakpoint
CREATE INDEX "shipping_rates_from" ON "shipping_rates" USING btree ("scheme","valid_from");--> statement-breakpoint
CREATE INDEX "holds_reference" ON "holds" USING btree ("reference");--> statement-breakpoint
CREATE INDEX "holds_due" ON "holds" USING btree ("expires_at") WHERE "holds"."status" = 'held';--> statement-breakpoint
CREATE INDEX "stock_movements_variant" ON "stock_movements" USING btree ("variant_id","at");--> statement-breakpoint
CREATE INDEX "events_type_at" ON "events" USING btree ("type","happened_at");