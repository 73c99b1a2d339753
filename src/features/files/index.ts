export { checkArchive, workbookLimits } from './rules/archive.ts';
export { createFiles, type Files } from './service.ts';
export { checkWorkbook } from './workbook.ts';
