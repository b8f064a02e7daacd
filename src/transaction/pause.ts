/** Waits, holding nothing but the session; over at once when the client leaves. */
export function pause(milliseconds: number, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      closed.removeEventListener('abort', done);
      resolve();
    }
    if (closed.aborted) done();
    else closed.addEventListener('abort', done, { once: true });
  });
}
