import { skipPictures } from './catalogue.ts';
import { makeDataFolder, openExchange } from './exchange.ts';
import { importProducts } from './importing.ts';
import { compareList } from './listing.ts';

const folder = await makeDataFolder();
try {
  const exchange = await openExchange(folder);
  try {
    await skipPictures(exchange);
    console.log(await importProducts(exchange, 20_000));
    await skipPictures(exchange);
    await exchange.settled();
    console.log('settled');
    console.log(await compareList(exchange, folder, { rounds: 3, seconds: 2 }));
  } finally {
    await exchange.close();
  }
} finally {
  await folder.remove();
}
