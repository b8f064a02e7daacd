/** Smaller ones are not worth it, and may share their memory with others. */
const WORTH_IT = 16 * 1024;

/**
 * Gives the memory of a chunk back at once. Nobody may hold a part of it. The garbage collector takes its time with
 * memory outside its heap: on Node 26 up to 64 MiB of chunks that were read lie about. Does nothing for a chunk that
 * is part of a larger buffer, nor on Node 20, which has no means.
 */
export const release = (chunk: Buffer): void => {
  const memory: ArrayBufferLike & { readonly transfer?: (length: number) => unknown } = chunk.buffer;
  if (memory.byteLength >= WORTH_IT && memory.byteLength === chunk.length) memory.transfer?.(0);
};
