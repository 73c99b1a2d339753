-- breaking: no
CREATE TABLE "partner_conformance" (
	"id" uuid PRIMARY KEY NOT NULL,
	"partner_key" text NOT NULL,
	"level" text NOT NULL,
	"profile" text NOT NULL,
	"keyid" text NOT NULL,
	"ran_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"received_from" text NOT NULL,
	"signed" jsonb NOT NULL,
	"junit" text,
	CONSTRAINT "partner_conformance_level" CHECK ("partner_conformance"."level" in ('bronze', 'silver', 'gold'))
);
--> statement-breakpoint
CREATE TABLE "partner_invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"partner_key" text NOT NULL,
	"code_hash" text NOT NULL,
	"domain" text NOT NULL,
	"legal_entity" text NOT NULL,
	"tax_code" text NOT NULL,
	"fingerprint" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"redeemed_at" timestamp (3) with time zone,
	"withdrawn_at" timestamp (3) with time zone,
	CONSTRAINT "partner_invitations_ended" CHECK ("partner_invitations"."redeemed_at" is null or "partner_invitations"."withdrawn_at" is null)
);
--> statement-breakpoint
CREATE TABLE "partner_promotions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"partner_key" text NOT NULL,
	"verbs" text[] NOT NULL,
	"reason" text NOT NULL,
	"proposed_by" text NOT NULL,
	"proposed_at" timestamp (3) with time zone NOT NULL,
	"outcome" text,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "partner_promotions_outcome" CHECK ("partner_promotions"."outcome" in ('approved', 'refused')),
	CONSTRAINT "partner_promotions_four_eyes" CHECK ("partner_promotions"."outcome" <> 'approved' or "partner_promotions"."decided_by" <> "partner_promotions"."proposed_by"),
	CONSTRAINT "partner_promotions_decided" CHECK (("partner_promotions"."outcome" is null) = ("partner_promotions"."decided_by" is null) and ("partner_promotions"."outcome" is null) = ("partner_promotions"."decided_at" is null))
);
--> statement-breakpoint
CREATE TABLE "partner_review_items" (
	"review_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"uri" text NOT NULL,
	"listing" jsonb NOT NULL,
	"offer" jsonb,
	"verdict" text,
	"note" text,
	"judged_by" text,
	"judged_at" timestamp (3) with time zone,
	CONSTRAINT "partner_review_items_review_id_position_pk" PRIMARY KEY("review_id","position"),
	CONSTRAINT "partner_review_items_verdict" CHECK ("partner_review_items"."verdict" in ('fit', 'unfit')),
	CONSTRAINT "partner_review_items_judged" CHECK (("partner_review_items"."verdict" is null) = ("partner_review_items"."judged_by" is null) and ("partner_review_items"."verdict" is null) = ("partner_review_items"."judged_at" is null))
);
--> statement-breakpoint
CREATE TABLE "partner_reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"partner_key" text NOT NULL,
	"opened_by" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "partner_revoked_keys" (
	"keyid" text PRIMARY KEY NOT NULL,
	"partner_key" text NOT NULL,
	"revoked_by" text NOT NULL,
	"revoked_at" timestamp (3) with time zone NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "partners" ADD COLUMN "key_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "partners" ADD COLUMN "next_keyid" text;--> statement-breakpoint
ALTER TABLE "partners" ADD COLUMN "next_jwk" jsonb;--> statement-breakpoint
ALTER TABLE "partners" ADD COLUMN "next_key_from" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "partners" ADD COLUMN "profile_asked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "partner_conformance" ADD CONSTRAINT "partner_conformance_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_invitations" ADD CONSTRAINT "partner_invitations_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_promotions" ADD CONSTRAINT "partner_promotions_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_review_items" ADD CONSTRAINT "partner_review_items_review_id_partner_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."partner_reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_reviews" ADD CONSTRAINT "partner_reviews_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_revoked_keys" ADD CONSTRAINT "partner_revoked_keys_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "partner_conformance_partner" ON "partner_conformance" USING btree ("partner_key","received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "partner_invitations_code" ON "partner_invitations" USING btree ("code_hash");--> statement-breakpoint
CREATE INDEX "partner_invitations_partner" ON "partner_invitations" USING btree ("partner_key");--> statement-breakpoint
CREATE UNIQUE INDEX "partner_invitations_one_open" ON "partner_invitations" USING btree ("partner_key") WHERE "partner_invitations"."redeemed_at" is null and "partner_invitations"."withdrawn_at" is null;--> statement-breakpoint
CREATE INDEX "partner_promotions_partner" ON "partner_promotions" USING btree ("partner_key","proposed_at");--> statement-breakpoint
CREATE UNIQUE INDEX "partner_promotions_one_open" ON "partner_promotions" USING btree ("partner_key") WHERE "partner_promotions"."outcome" is null;--> statement-breakpoint
CREATE INDEX "partner_reviews_partner" ON "partner_reviews" USING btree ("partner_key","opened_at");--> statement-breakpoint
CREATE UNIQUE INDEX "partners_next_keyid" ON "partners" USING btree ("next_keyid");--> statement-breakpoint
ALTER TABLE "partners" ADD CONSTRAINT "partners_next_key" CHECK (("partners"."next_keyid" is null) = ("partners"."next_jwk" is null) and ("partners"."next_keyid" is null) = ("partners"."next_key_from" is null));