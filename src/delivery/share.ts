/** What one of several processes may have at once of what all are allowed together: never nothing. */
export const share = (total: number, processes: number): number => Math.max(1, Math.floor(total / processes));
