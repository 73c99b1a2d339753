-- breaking: no
CREATE TABLE "assist_team_members" (
	"team_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "assist_team_members_team_id_account_id_pk" PRIMARY KEY("team_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "assist_teams" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"ward_code" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"team_id" uuid NOT NULL,
	"assistant_id" uuid NOT NULL,
	"scopes" text[] NOT NULL,
	"phone" text NOT NULL,
	"wording" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"code_hash" text NOT NULL,
	"code_until" timestamp (3) with time zone NOT NULL,
	"wrong_codes" integer DEFAULT 0 NOT NULL,
	"given_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"revoked_by" text,
	"link_hash" text NOT NULL,
	CONSTRAINT "consents_scopes" CHECK (cardinality("consents"."scopes") > 0 and "consents"."scopes" <@ array['profile', 'products', 'stock', 'orders-read']),
	CONSTRAINT "consents_year" CHECK ("consents"."expires_at" <= "consents"."asked_at" + interval '367 days')
);
--> statement-breakpoint
CREATE TABLE "bank_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"bank_bin" text NOT NULL,
	"number_sealed" text NOT NULL,
	"number_last4" text NOT NULL,
	"holder_name" text NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "business_invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"role" text NOT NULL,
	"phone" text,
	"email" text,
	"token_hash" text NOT NULL,
	"invited_by" text NOT NULL,
	"invited_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"accepted_by" uuid,
	"accepted_at" timestamp (3) with time zone,
	"withdrawn_at" timestamp (3) with time zone,
	CONSTRAINT "business_invitations_role" CHECK ("business_invitations"."role" in ('owner', 'manager', 'packer')),
	CONSTRAINT "business_invitations_to" CHECK (("business_invitations"."phone" is null) <> ("business_invitations"."email" is null))
);
--> statement-breakpoint
CREATE TABLE "business_measures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"ground" text NOT NULL,
	"reason" text NOT NULL,
	"authority" text,
	"request_number" text,
	"requested_at" timestamp (3) with time zone,
	"basis" text,
	"notice_at" timestamp (3) with time zone NOT NULL,
	"effective_at" timestamp (3) with time zone NOT NULL,
	"applied_at" timestamp (3) with time zone,
	"lifted_at" timestamp (3) with time zone,
	"lift_reason" text,
	"decided_by" text NOT NULL,
	"lifted_by" text,
	CONSTRAINT "business_measures_authority" CHECK (("business_measures"."ground" = 'authority') = ("business_measures"."request_number" is not null and "business_measures"."requested_at" is not null and "business_measures"."authority" is not null)),
	CONSTRAINT "business_measures_notice" CHECK ("business_measures"."ground" <> 'notice' or "business_measures"."effective_at" >= "business_measures"."notice_at" + interval '5 days'),
	CONSTRAINT "business_measures_applied" CHECK ("business_measures"."applied_at" is null or "business_measures"."applied_at" >= "business_measures"."effective_at")
);
--> statement-breakpoint
CREATE TABLE "business_papers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"file_id" uuid NOT NULL,
	"number" text NOT NULL,
	"issuer" text NOT NULL,
	"issued_on" date NOT NULL,
	"expires_on" date,
	"sent_by" text NOT NULL,
	"sent_at" timestamp (3) with time zone NOT NULL,
	"replaced_at" timestamp (3) with time zone,
	"verdict" text DEFAULT 'waiting' NOT NULL,
	"verdict_reason" text,
	"reviewed_by" text,
	"reviewed_at" timestamp (3) with time zone,
	CONSTRAINT "business_papers_kind" CHECK ("business_papers"."kind" in ('registration', 'personal-id', 'food-safety', 'self-declaration', 'test-report', 'ocop-decision')),
	CONSTRAINT "business_papers_dates" CHECK ("business_papers"."expires_on" is null or "business_papers"."issued_on" <= "business_papers"."expires_on"),
	CONSTRAINT "business_papers_verdict" CHECK (("business_papers"."verdict" = 'waiting') = ("business_papers"."reviewed_by" is null) and ("business_papers"."verdict" <> 'refused' or "business_papers"."verdict_reason" is not null))
);
--> statement-breakpoint
CREATE TABLE "business_reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"verdict" text NOT NULL,
	"reason" text,
	"remarks" jsonb NOT NULL,
	"reviewed_by" text NOT NULL,
	"reviewed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "business_reviews_reason" CHECK ("business_reviews"."verdict" = 'approved' or length("business_reviews"."reason") > 0)
);
--> statement-breakpoint
CREATE TABLE "paper_rules" (
	"business_type" text NOT NULL,
	"kind" text NOT NULL,
	"need" text NOT NULL,
	"valid_from" date NOT NULL,
	"ground" text NOT NULL,
	CONSTRAINT "paper_rules_business_type_kind_valid_from_pk" PRIMARY KEY("business_type","kind","valid_from")
);
--> statement-breakpoint
CREATE TABLE "withholding_modes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"mode" text NOT NULL,
	"valid_from" date NOT NULL,
	"reason" text NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "withholding_modes_mode" CHECK ("withholding_modes"."mode" in ('exchange', 'self', 'none'))
);
--> statement-breakpoint
CREATE TABLE "former_wards" (
	"name" text NOT NULL,
	"district" text NOT NULL,
	"ward_code" text NOT NULL,
	CONSTRAINT "former_wards_district_name_pk" PRIMARY KEY("district","name")
);
--> statement-breakpoint
ALTER TABLE "businesses" DROP CONSTRAINT "businesses_own_or_partner";--> statement-breakpoint
ALTER TABLE "business_members" ADD COLUMN "since" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "personal_number_sealed" text;--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "personal_number_last4" text;--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "representative" text;--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "submitted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "approved_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "holiday_from" date;--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "holiday_to" date;--> statement-breakpoint
ALTER TABLE "assist_team_members" ADD CONSTRAINT "assist_team_members_team_id_assist_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."assist_teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assist_teams" ADD CONSTRAINT "assist_teams_ward_code_wards_code_fk" FOREIGN KEY ("ward_code") REFERENCES "public"."wards"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_team_id_assist_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."assist_teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bank_accounts" ADD CONSTRAINT "bank_accounts_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "business_invitations" ADD CONSTRAINT "business_invitations_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "business_measures" ADD CONSTRAINT "business_measures_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "business_papers" ADD CONSTRAINT "business_papers_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "business_papers" ADD CONSTRAINT "business_papers_file_id_stored_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."stored_files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "business_reviews" ADD CONSTRAINT "business_reviews_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "withholding_modes" ADD CONSTRAINT "withholding_modes_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "former_wards" ADD CONSTRAINT "former_wards_ward_code_wards_code_fk" FOREIGN KEY ("ward_code") REFERENCES "public"."wards"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "assist_team_members_account" ON "assist_team_members" USING btree ("account_id");--> statement-breakpoint
CREATE UNIQUE INDEX "assist_teams_code" ON "assist_teams" USING btree ("code");--> statement-breakpoint
CREATE INDEX "assist_teams_ward" ON "assist_teams" USING btree ("ward_code");--> statement-breakpoint
CREATE INDEX "consents_business" ON "consents" USING btree ("business_id","asked_at");--> statement-breakpoint
CREATE INDEX "consents_assistant" ON "consents" USING btree ("assistant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "consents_link" ON "consents" USING btree ("link_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "consents_given" ON "consents" USING btree ("business_id","assistant_id") WHERE "consents"."given_at" is not null and "consents"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "bank_accounts_business" ON "bank_accounts" USING btree ("business_id","set_at");--> statement-breakpoint
CREATE UNIQUE INDEX "business_invitations_token" ON "business_invitations" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "business_invitations_business" ON "business_invitations" USING btree ("business_id");--> statement-breakpoint
CREATE INDEX "business_measures_business" ON "business_measures" USING btree ("business_id","notice_at");--> statement-breakpoint
CREATE INDEX "business_measures_due" ON "business_measures" USING btree ("effective_at") WHERE "business_measures"."applied_at" is null and "business_measures"."lifted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "business_measures_open" ON "business_measures" USING btree ("business_id","kind") WHERE "business_measures"."lifted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "business_papers_current" ON "business_papers" USING btree ("business_id","kind") WHERE "business_papers"."replaced_at" is null;--> statement-breakpoint
CREATE INDEX "business_papers_expiry" ON "business_papers" USING btree ("expires_on") WHERE "business_papers"."replaced_at" is null;--> statement-breakpoint
CREATE INDEX "business_reviews_business" ON "business_reviews" USING btree ("business_id","reviewed_at");--> statement-breakpoint
CREATE INDEX "withholding_modes_business" ON "withholding_modes" USING btree ("business_id","valid_from");--> statement-breakpoint
CREATE UNIQUE INDEX "businesses_tax_code" ON "businesses" USING btree ("tax_code") WHERE "businesses"."partner_key" is null and "businesses"."status" not in ('rejected', 'closed');--> statement-breakpoint
CREATE INDEX "businesses_waiting" ON "businesses" USING btree ("submitted_at") WHERE "businesses"."status" = 'submitted';--> statement-breakpoint
ALTER TABLE "business_members" ADD CONSTRAINT "business_members_role" CHECK ("business_members"."role" in ('owner', 'manager', 'packer'));--> statement-breakpoint
ALTER TABLE "businesses" ADD CONSTRAINT "businesses_registered" CHECK ("businesses"."partner_key" is not null or "businesses"."code" is not null or "businesses"."status" in ('draft', 'submitted', 'rejected'));--> statement-breakpoint
-- A person's number is sealed from here on; SQL has no key, so of numbers that were kept in clear the last four stay.
UPDATE "businesses" SET "personal_number_last4" = right("tax_code", 4), "tax_code" = NULL WHERE length("tax_code") = 12 AND "partner_key" IS NULL;--> statement-breakpoint
ALTER TABLE "businesses" ADD CONSTRAINT "businesses_no_person_in_clear" CHECK (length("businesses"."tax_code") <> 12 or "businesses"."partner_key" is not null);--> statement-breakpoint
ALTER TABLE "businesses" ADD CONSTRAINT "businesses_holiday" CHECK (("businesses"."holiday_from" is null) = ("businesses"."holiday_to" is null) and "businesses"."holiday_from" <= "businesses"."holiday_to");--> statement-breakpoint
ALTER TABLE "businesses" ADD CONSTRAINT "businesses_own_or_partner" CHECK ("businesses"."partner_key" is null or "businesses"."code" is null);