-- breaking: no
ALTER TABLE "stored_files" ADD COLUMN "state" text DEFAULT 'kept' NOT NULL;--> statement-breakpoint
ALTER TABLE "stored_files" ADD COLUMN "width" integer;--> statement-breakpoint
ALTER TABLE "stored_files" ADD COLUMN "height" integer;--> statement-breakpoint
ALTER TABLE "stored_files" ADD COLUMN "colour" text;--> statement-breakpoint
ALTER TABLE "stored_files" ADD COLUMN "renditions" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "pictures" ADD COLUMN "file_id" uuid;--> statement-breakpoint
ALTER TABLE "pictures" ADD COLUMN "colour" text;--> statement-breakpoint
ALTER TABLE "pictures" ADD CONSTRAINT "pictures_file_id_stored_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."stored_files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "stored_files_unsettled" ON "stored_files" USING btree ("sent_at") WHERE "stored_files"."state" <> 'kept' or "stored_files"."kind" = 'picture';--> statement-breakpoint
CREATE INDEX "pictures_file" ON "pictures" USING btree ("file_id");--> statement-breakpoint
ALTER TABLE "stored_files" ADD CONSTRAINT "stored_files_state" CHECK ("stored_files"."state" in ('sending', 'kept', 'removed'));--> statement-breakpoint
ALTER TABLE "stored_files" ADD CONSTRAINT "stored_files_colour" CHECK ("stored_files"."colour" ~ '^#[0-9a-f]{6}$');