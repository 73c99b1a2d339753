import { contract } from './contract.ts';
import { systemOf } from './shop.ts';

contract(systemOf('sapo'));
