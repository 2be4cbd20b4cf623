/**
 * Preloaded before the command: a disk that is full as soon as CNNC_TEST_DISK more bytes were written to files whose path holds
 * CNNC_TEST_FULL. What fits is written before the error, as a real disk does.
 */
'use strict';
const fs = require('node:fs/promises');
const { syncBuiltinESMExports } = require('node:module');

let left = Number(process.env.CNNC_TEST_DISK);
const open = fs.open;
fs.open = async (path, ...rest) => {
  const file = await open(path, ...rest);
  if (!String(path).includes(process.env.CNNC_TEST_FULL)) return file;
  const write = file.write.bind(file);
  file.write = async (bytes, at, length) => {
    if (length <= left) {
      left -= length;
      return write(bytes, at, length);
    }
    if (left > 0) await write(bytes, at, left);
    left = 0;
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28, syscall: 'write' });
  };
  return file;
};
syncBuiltinESMExports();
