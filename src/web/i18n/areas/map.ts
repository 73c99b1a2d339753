import { texts } from './texts.ts';

/** Who produces where. */
export const mapTexts = texts({
  vi: {
    'map.title': 'Bản đồ cơ sở',
    'map.lead': 'Mỗi xã, phường một ghe: chạm vào để xem ai làm ra món gì ở đó.',
    'map.legend':
      'Ghe càng lớn, xã phường đó càng nhiều cơ sở. Vị trí là trung bình của các cơ sở, không phải ranh giới.',
    'map.businesses': '{{count}} cơ sở',
    'map.allGoods': 'Xem tất cả {{count}} sản phẩm',
    'map.of': 'Vị trí của {{ward}} giữa các xã, phường có cơ sở trên sàn',
    'map.others': 'Các cơ sở cùng xã, phường',
    'map.wardTitle': 'Sản vật {{ward}}',
    'map.wardLead': '{{businesses}} cơ sở ở {{ward}} bán {{products}} sản phẩm trên sàn.',
  },
  en: {
    'map.title': 'Map of producers',
    'map.lead': 'Each ward a boat: tap one to see who makes what there.',
    'map.legend': 'The larger the boat, the more businesses. It lies at the mean of their places and is no border.',
    'map.businesses': 'Businesses: {{count}}',
    'map.allGoods': 'All {{count}} products',
    'map.of': 'Where {{ward}} is among the wards with businesses on the exchange',
    'map.others': 'Businesses of this ward',
    'map.wardTitle': 'Goods of {{ward}}',
    'map.wardLead': 'Businesses in {{ward}}: {{businesses}}. Products on the exchange: {{products}}.',
  },
  km: {
    'map.title': 'ផែនទីអ្នកផលិត',
    'map.lead': 'ឃុំ សង្កាត់មួយ ទូកមួយ៖ ចុចដើម្បីមើលថាអ្នកណាធ្វើអ្វីនៅទីនោះ។',
    'map.legend': 'ទូកកាន់តែធំ អ្នកផលិតកាន់តែច្រើន។ ទីតាំងជាមធ្យមភាគ មិនមែនព្រំដែនទេ។',
    'map.businesses': 'អ្នកផលិត {{count}}',
    'map.allGoods': 'មើលទំនិញទាំង {{count}}',
    'map.of': 'ទីតាំងរបស់ {{ward}} ក្នុងចំណោមឃុំ សង្កាត់ដែលមានអ្នកផលិត',
    'map.others': 'អ្នកផលិតក្នុងឃុំ សង្កាត់នេះ',
    'map.wardTitle': 'ទំនិញពី {{ward}}',
    'map.wardLead': 'អ្នកផលិត {{businesses}} នៅ {{ward}} លក់ទំនិញ {{products}} លើផ្សារ។',
  },
});
