export { checkArchive, workbookLimits } from './rules/archive.ts';
export { createFiles } from './service.ts';
export { checkWorkbook } from './workbook.ts';
