import { texts } from './texts.ts';

/** Choosing and sending pictures. `{before}` and `{after}` are filled in by the browser. */
export const fileTexts = texts({
  vi: {
    'picture.hint': 'Ảnh JPEG, PNG hoặc WebP, tối đa 20 MB. Chụp ngang, đủ sáng, thấy rõ sản phẩm.',
    'picture.working': 'Đang thu nhỏ ảnh…',
    'picture.ready': 'Đã sẵn sàng gửi: {after} MB thay vì {before} MB.',
    'picture.refused': 'Không nhận loại ảnh này. Chọn ảnh JPEG, PNG hoặc WebP.',
  },
  en: {
    'picture.hint': 'JPEG, PNG or WebP, 20 MB at most. Hold the phone sideways, in good light, close to the product.',
    'picture.working': 'Shrinking the picture…',
    'picture.ready': 'Ready to send: {after} MB instead of {before} MB.',
    'picture.refused': 'This kind of picture is not taken. Choose JPEG, PNG or WebP.',
  },
  km: {
    'picture.hint': 'រូបភាព JPEG, PNG ឬ WebP មិនលើសពី 20 MB។ ថតផ្ដេក ក្នុងពន្លឺល្អ ឱ្យឃើញផលិតផលច្បាស់។',
    'picture.working': 'កំពុងបង្រួមរូបភាព…',
    'picture.ready': 'រួចរាល់សម្រាប់ផ្ញើ៖ {after} MB ជំនួស {before} MB។',
    'picture.refused': 'មិនទទួលរូបភាពប្រភេទនេះទេ។ សូមជ្រើស JPEG, PNG ឬ WebP។',
  },
});
