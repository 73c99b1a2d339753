-- breaking: no
ALTER TABLE "imports" ADD COLUMN "assisted" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "import_rows_days" ON "import_rows" USING btree ("import_id","row") WHERE "import_rows"."outcome" = 'waiting' and "import_rows"."verdict" = 'new' and "import_rows"."values" ? 'producedOn';