-- breaking: no
CREATE TABLE "queue_filters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"queue" text NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_items" (
	"id" uuid PRIMARY KEY NOT NULL,
	"queue" text NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"title" text NOT NULL,
	"searched" text NOT NULL,
	"path" text NOT NULL,
	"business_id" uuid,
	"facts" jsonb NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone,
	"claimed_by" uuid,
	"claimed_until" timestamp (3) with time zone,
	"settled_at" timestamp (3) with time zone,
	"settled_by" text,
	"outcome" text,
	CONSTRAINT "review_items_outcome" CHECK ("review_items"."outcome" in ('approved', 'changes-requested', 'rejected', 'withdrawn', 'done')),
	CONSTRAINT "review_items_settled" CHECK (("review_items"."settled_at" is null) = ("review_items"."outcome" is null)),
	CONSTRAINT "review_items_claim" CHECK (("review_items"."claimed_by" is null) = ("review_items"."claimed_until" is null))
);
--> statement-breakpoint
ALTER TABLE "queue_filters" ADD CONSTRAINT "queue_filters_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_items" ADD CONSTRAINT "review_items_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_items" ADD CONSTRAINT "review_items_claimed_by_accounts_id_fk" FOREIGN KEY ("claimed_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "queue_filters_name" ON "queue_filters" USING btree ("account_id","queue","name");--> statement-breakpoint
CREATE UNIQUE INDEX "review_items_subject" ON "review_items" USING btree ("subject_kind","subject_id") WHERE "review_items"."settled_at" is null;--> statement-breakpoint
CREATE INDEX "review_items_open" ON "review_items" USING btree ("queue","opened_at","id") WHERE "review_items"."settled_at" is null;--> statement-breakpoint
CREATE INDEX "review_items_due" ON "review_items" USING btree ("queue","due_at") WHERE "review_items"."settled_at" is null;