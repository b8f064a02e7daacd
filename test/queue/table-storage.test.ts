import { conformance } from './conformance.ts';
import { Database, tableStorage } from './table-storage.ts';

conformance('a store shaped like a database server', async () => {
  const database = new Database();
  const storage = tableStorage(database);
  return {
    storage,
    crash: async (store) => storage.cut(store),
    bodies: async () => [...database.messages.values()].filter(({ large }) => large).length + database.arriving.size,
    cleanUp: () => Promise.resolve(),
  };
});
