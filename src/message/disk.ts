import { type FileHandle, open } from 'node:fs/promises';

/*
 * A call to the file system cannot be cancelled. A disk that has stopped responding (a lost file server, a drive that
 * keeps retrying) can block it indefinitely, and no stream, signal or close changes that. So every wait for such a
 * call has a limit: after it the wait ends with `DiskStalled`, and whatever the call returns later is cleaned up.
 */

/** Milliseconds. A slow disk takes seconds to sync a large body; a client waits ten minutes after its final dot (RFC 5321 4.5.3.2.6). */
export const DISK_TIMEOUT = 60_000;

export class DiskStalled extends Error {
  readonly code = 'ETIMEDOUT';
  constructor() {
    super(`the disk did not answer within ${DISK_TIMEOUT / 1000} s`);
  }
}

const ignore = (): void => undefined;

/** The result of the call. Rejects with `DiskStalled` once the disk has taken too long; `late` gets a result that arrives after that. */
export const inTime = <T>(call: Promise<T>, late: (result: T) => void = ignore): Promise<T> =>
  new Promise((resolve, reject) => {
    let stalled = false;
    const timer = setTimeout(() => {
      stalled = true;
      reject(new DiskStalled());
    }, DISK_TIMEOUT);
    // The call itself keeps the process alive while it lasts.
    timer.unref();
    const answered = (result: T): void => {
      clearTimeout(timer);
      if (stalled) late(result);
      else resolve(result);
    };
    call.then(answered, (error: unknown) => {
      clearTimeout(timer);
      reject(error);
    });
  });

/** Closes a file without waiting. The handle itself waits for calls that still use it. */
export const abandon = (handle: FileHandle): void => {
  handle.close().catch(ignore);
};

/** Opens a file in time; one that opens later is closed at once. */
export const openInTime = (file: string, flags: string | number): Promise<FileHandle> => inTime(open(file, flags, 0o600), abandon);

/**
 * Keeps the file open while `work` runs and always closes it: a handle that is garbage-collected while open ends
 * the process on Node 26. `work` must limit its own calls.
 */
export const withFile = async <T>(file: string, flags: string | number, work: (handle: FileHandle) => Promise<T>): Promise<T> => {
  const handle = await openInTime(file, flags);
  const result = await work(handle).catch((error: unknown) => {
    abandon(handle);
    throw error;
  });
  await inTime(handle.close());
  return result;
};
