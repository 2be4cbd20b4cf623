/**
 * Preloaded before the command: counts what it does to files whose path holds CNNC_TEST_FOLDER (opens, writes, syncs, renames, removals) and ends the
 * process by SIGKILL in front of number CNNC_TEST_KILL. The count so far stands in the file CNNC_TEST_COUNT when the process ends by itself.
 */
'use strict';
const fs = require('node:fs/promises');
const { appendFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { CNNC_TEST_FOLDER: folder, CNNC_TEST_KILL: last, CNNC_TEST_COUNT: report } = process.env;
let count = 0;
const now = () => {
  if (++count === Number(last)) process.kill(process.pid, 'SIGKILL');
};
const isWatched = (path) => String(path).includes(folder);
for (const name of ['mkdir', 'rename', 'unlink', 'rm', 'writeFile']) {
  const real = fs[name];
  fs[name] = (path, ...rest) => {
    if (isWatched(path)) now();
    return real(path, ...rest);
  };
}
const open = fs.open;
fs.open = async (path, ...rest) => {
  if (isWatched(path)) now();
  const file = await open(path, ...rest);
  if (!isWatched(path)) return file;
  for (const name of ['write', 'sync', 'close']) {
    const real = file[name].bind(file);
    file[name] = (...args) => {
      now();
      return real(...args);
    };
  }
  return file;
};
syncBuiltinESMExports();
if (report) process.on('exit', () => appendFileSync(report, `${count}\n`));
