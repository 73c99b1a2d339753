-- breaking: no
DROP INDEX "products_own_sku";--> statement-breakpoint
CREATE INDEX "variants_code" ON "variants" USING btree (lower(replace("sku", ' ', '')));--> statement-breakpoint
CREATE UNIQUE INDEX "products_own_sku" ON "products" USING btree ("business_id",lower(replace("sku", ' ', ''))) WHERE "products"."partner_key" is null;