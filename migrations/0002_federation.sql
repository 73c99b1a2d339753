-- breaking: no
CREATE TABLE "federation_changes" (
	"uri" text PRIMARY KEY NOT NULL,
	"lane" text NOT NULL,
	"seq" bigserial NOT NULL,
	"tx" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"product_id" uuid NOT NULL,
	"op" text NOT NULL,
	"hash" text NOT NULL,
	"record" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "federation_feeds" (
	"lane" text PRIMARY KEY NOT NULL,
	"epoch" uuid NOT NULL,
	"horizon_tx" "xid8" DEFAULT '0' NOT NULL,
	"horizon_seq" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "federation_lanes" (
	"partner_key" text NOT NULL,
	"lane" text NOT NULL,
	"checkpoint" text,
	"state" text,
	"outcome" jsonb,
	"attempted_at" timestamp (3) with time zone,
	"succeeded_at" timestamp (3) with time zone,
	CONSTRAINT "federation_lanes_partner_key_lane_pk" PRIMARY KEY("partner_key","lane")
);
--> statement-breakpoint
CREATE TABLE "federation_mirrors" (
	"partner_key" text NOT NULL,
	"uri" text NOT NULL,
	"lane" text NOT NULL,
	"listing_uri" text,
	"rev" bigint NOT NULL,
	"hash" text NOT NULL,
	"record" jsonb NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "federation_mirrors_partner_key_uri_pk" PRIMARY KEY("partner_key","uri")
);
--> statement-breakpoint
CREATE TABLE "federation_nonces" (
	"keyid" text NOT NULL,
	"nonce" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "federation_nonces_keyid_nonce_pk" PRIMARY KEY("keyid","nonce")
);
--> statement-breakpoint
CREATE TABLE "federation_quarantine" (
	"id" uuid PRIMARY KEY NOT NULL,
	"partner_key" text NOT NULL,
	"lane" text NOT NULL,
	"source_id" text NOT NULL,
	"reason" text NOT NULL,
	"detail" text NOT NULL,
	"payload" text NOT NULL,
	"first_seen_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "partners" (
	"key" text PRIMARY KEY NOT NULL,
	"name_vi" text NOT NULL,
	"name_en" text NOT NULL,
	"province_slug" text,
	"adapter" text NOT NULL,
	"base_url" text NOT NULL,
	"cadence_seconds" integer NOT NULL,
	"state" text DEFAULT 'inactive' NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"origin" text,
	"keyid" text,
	"jwk" jsonb,
	"breaker" jsonb,
	"prices_as_of" timestamp (3) with time zone,
	"turn" integer DEFAULT 0 NOT NULL,
	"turned_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "partners_state" CHECK ("partners"."state" in ('inactive', 'active', 'suspended')),
	CONSTRAINT "partners_adapter" CHECK ("partners"."adapter" in ('native', 'woocommerce', 'haravan', 'sapo', 'magento2', 'google-merchant', 'csv', 'json-ld')),
	CONSTRAINT "partners_cadence" CHECK ("partners"."cadence_seconds" >= 1),
	CONSTRAINT "partners_introduced" CHECK ("partners"."state" = 'inactive' or ("partners"."origin" is not null and "partners"."keyid" is not null and "partners"."jwk" is not null))
);
--> statement-breakpoint
ALTER TABLE "federation_lanes" ADD CONSTRAINT "federation_lanes_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "federation_mirrors" ADD CONSTRAINT "federation_mirrors_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "federation_quarantine" ADD CONSTRAINT "federation_quarantine_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "federation_changes_feed" ON "federation_changes" USING btree ("lane","tx","seq");--> statement-breakpoint
CREATE INDEX "federation_changes_product" ON "federation_changes" USING btree ("product_id");--> statement-breakpoint
CREATE INDEX "federation_mirrors_listing" ON "federation_mirrors" USING btree ("partner_key","listing_uri");--> statement-breakpoint
CREATE INDEX "federation_nonces_expiry" ON "federation_nonces" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "federation_quarantine_source" ON "federation_quarantine" USING btree ("partner_key","lane","source_id");--> statement-breakpoint
CREATE UNIQUE INDEX "partners_origin" ON "partners" USING btree ("origin");--> statement-breakpoint
CREATE UNIQUE INDEX "partners_keyid" ON "partners" USING btree ("keyid");