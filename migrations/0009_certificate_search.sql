-- breaking: no
-- Documents that were made before certificates could be searched have none of them; whoever reads one may count on the member.
UPDATE "search_documents" SET "document" = jsonb_set("document", '{facts,certificate}', '[]'), "version" = "version" + 1
WHERE NOT "document" -> 'facts' ? 'certificate';
