import { expect } from 'vitest';

/** Files of engine tests that run on the machine's own engine, which may be older: what engines of different ages differ in most. */
const ON_OWN =
  /[/](createAppsService|lifecycle|createImagesService|createBuildService|buildKitBuilder|updateLimits|metrics|createLogService)[.]engine[.]test[.]ts$/;

/** Before each file of engine tests: the engine that belongs to the worker it runs in, of the age that the file wants. */
const own = process.env['FLOTILLA_TEST_ENGINES']?.split(',');
const newer = process.env['FLOTILLA_TEST_NEW_ENGINES']?.split(',');
const engines = newer !== undefined && !ON_OWN.test(expect.getState().testPath ?? '') ? newer : own;
const engine = engines?.[Number(process.env['VITEST_POOL_ID']) - 1];
if (engine !== undefined) process.env['FLOTILLA_TEST_DOCKER_HOST'] = engine;
else if (engines !== undefined)
  throw new Error(`No engine was started for worker ${process.env['VITEST_POOL_ID']} of ${engines.length}.`);
