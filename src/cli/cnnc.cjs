#!/usr/bin/env node
/**
 * The command's entry. Pictures are decoded on libuv's threads, whose number is fixed as soon as the first ES module loads:
 * it is set here, before any. Compiled code is kept from start to start where Node can.
 */
'use strict';
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, require('node:os').availableParallelism() + 2));
require('node:module').enableCompileCache?.();
import('./cnnc.mjs').catch((error) => {
  console.error(error.code === 'ERR_MODULE_NOT_FOUND' ? `cnnc is not set up yet: ${error.message}\ntype: npm run setup` : error);
  process.exitCode = 3;
});
