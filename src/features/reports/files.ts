import { formatIn } from '#web/format.ts';
import { translateIn } from '#web/i18n/translate.ts';
import type { Locale } from '#web/locale.ts';
import type { FrozenReport } from './service.ts';
import type { ReportFormat } from './types.ts';

const types: Readonly<Record<ReportFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

async function bytesOf(report: FrozenReport, format: ReportFormat, locale: Locale, publicUrl: string): Promise<Buffer> {
  // Byte for byte what was hashed.
  if (format === 'json') return Buffer.from(report.content);
  const tongue = { t: translateIn(locale), format: formatIn(locale), locale };
  if (format === 'pdf') {
    const { reportPaper } = await import('./paper.ts');
    return reportPaper(tongue, report, `${publicUrl}/bao-cao/${report.number}`);
  }
  const { reportCsv, reportWorkbook } = await import('./workbook.ts');
  return format === 'csv' ? reportCsv(tongue, report) : reportWorkbook(tongue, report);
}

/** A frozen report as a file. All four are of the same figures and carry number and hash. */
export async function reportFile(report: FrozenReport, format: ReportFormat, locale: Locale, publicUrl: string) {
  const suffix = locale === 'vi' || format === 'json' ? '' : `-${locale}`;
  return {
    name: `${report.number}${suffix}.${format}`,
    type: types[format],
    bytes: await bytesOf(report, format, locale, publicUrl),
  };
}
