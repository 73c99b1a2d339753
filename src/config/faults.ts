import { CannotStart } from './cannot-start.ts';

/** One thing wrong with the configuration. `en` and `vi` go on after the variable's name. */
export type Fault = {
  readonly variable: string;
  readonly en: string;
  readonly vi: string;
  /** A line that would be right, as one types it. */
  readonly example: string;
};

/** All that is wrong with the configuration, at once: whoever sets a server up mends it in one round. */
export class ConfigError extends CannotStart {
  override readonly name = 'ConfigError';
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    const list = (language: 'vi' | 'en', eg: string) =>
      faults.map((fault) => `  ${fault.variable} ${fault[language]}\n    ${eg} ${fault.example}`).join('\n');
    super('configuration-faults', {
      vi: `Cấu hình có ${faults.length} lỗi, hãy sửa rồi chạy lại:\n${list('vi', 'ví dụ:')}`,
      en: `The configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}; mend and start again:\n${list('en', 'for example:')}`,
    });
    this.faults = faults;
  }
}
