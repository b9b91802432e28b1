// `npm run build`
import { installPackages } from './installPackages.mjs';
import { buildProduct } from './buildProduct.mjs';

installPackages();
process.exitCode = buildProduct() ? 0 : 1;
