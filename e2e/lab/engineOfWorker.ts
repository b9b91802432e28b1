/** Before each file of engine tests: the engine that belongs to the worker it runs in. */
const engines = process.env['FLOTILLA_TEST_ENGINES']?.split(',');
const own = engines?.[Number(process.env['VITEST_POOL_ID']) - 1];
if (own !== undefined) process.env['FLOTILLA_TEST_DOCKER_HOST'] = own;
else if (engines !== undefined)
  throw new Error(`No engine was started for worker ${process.env['VITEST_POOL_ID']} of ${engines.length}.`);
