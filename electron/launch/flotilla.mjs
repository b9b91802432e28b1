#!/usr/bin/env node
// `npm run -s flotilla -- …`: the command line from a clone. Standard output holds nothing but the command's own words.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endWithNpm } from './endWithNpm.mjs';
import { installPackages, root } from './installPackages.mjs';
import { buildProduct } from './buildProduct.mjs';

endWithNpm();
installPackages();
if (buildProduct({ quiet: true })) await import(pathToFileURL(join(root, 'dist/cli/flotilla.mjs')).href);
else process.exitCode = 1;
