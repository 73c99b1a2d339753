-- breaking: no
CREATE TABLE "federation_recall_sends" (
	"recall_id" uuid NOT NULL,
	"partner_key" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"tried_at" timestamp (3) with time zone,
	"acknowledged_at" timestamp (3) with time zone,
	"fault" text,
	CONSTRAINT "federation_recall_sends_recall_id_partner_key_pk" PRIMARY KEY("recall_id","partner_key")
);
--> statement-breakpoint
CREATE TABLE "federation_recalls" (
	"id" uuid PRIMARY KEY NOT NULL,
	"product_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "federation_recalls_reason" CHECK ("federation_recalls"."reason" in ('taken-down', 'star-lost'))
);
--> statement-breakpoint
ALTER TABLE "federation_recall_sends" ADD CONSTRAINT "federation_recall_sends_recall_id_federation_recalls_id_fk" FOREIGN KEY ("recall_id") REFERENCES "public"."federation_recalls"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "federation_recall_sends" ADD CONSTRAINT "federation_recall_sends_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "federation_recalls_opened" ON "federation_recalls" USING btree ("opened_at" DESC NULLS FIRST);