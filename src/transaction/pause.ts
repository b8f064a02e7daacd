/** Waits, holding nothing but the session; ends at once when the client leaves. */
export const pause = (milliseconds: number, closed: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      closed.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    if (closed.aborted) over();
    else closed.addEventListener('abort', over, { once: true });
  });
