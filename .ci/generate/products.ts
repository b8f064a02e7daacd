import type { Put } from './indexes.ts';
export async function writeProducts(_put: Put): Promise<void> {}
