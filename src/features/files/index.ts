export { filePersonalData } from './personal-data.ts';
export { filePages, fileRoutes } from './routes.ts';
export { checkArchive, workbookLimits } from './rules/archive.ts';
export { createFiles, type Files } from './service.ts';
export type { FileStore, Imaging, MadeRendition, PictureLook } from './types.ts';
export { checkWorkbook } from './workbook.ts';
