/* Loaded into a relay: writes into STALL_FILE the longest stretch that its thread worked without a turn for anybody. Milliseconds of processor time. */
import { readFileSync, writeFileSync } from 'node:fs';

const { STALL_FILE } = process.env;
const worked = () => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e6;
let longest = 0;
let before = worked();
let began = false;
setTimeout(() => (began = true), 3000).unref();
setInterval(() => {
  const now = worked();
  if (began && now - before > longest) {
    longest = now - before;
    writeFileSync(`${STALL_FILE}.${process.pid}`, String(longest));
  }
  before = now;
}, 1).unref();
