/** Smaller chunks are not worth it and may share their memory with others. */
const WORTH_IT = 16 * 1024;

/**
 * Frees the memory of a chunk at once; nothing may still refer to it. The garbage collector is slow to free memory
 * outside its heap: on Node 26 up to 64 MiB of used chunks pile up. Does nothing for a chunk that is part of a larger
 * buffer, or on Node 20, which cannot do this.
 */
export const release = (chunk: Buffer): void => {
  const memory: ArrayBufferLike & { readonly transfer?: (length: number) => unknown } = chunk.buffer;
  if (memory.byteLength >= WORTH_IT && memory.byteLength === chunk.length) memory.transfer?.(0);
};
