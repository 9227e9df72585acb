/**
 * A database of the browser, opened when it is first asked: the app keeps one, the tablet another.
 *
 * Each has a store of single values beside whatever else it keeps.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";

interface ValuesSchema extends DBSchema {
  values: { key: string; value: unknown };
}

export interface BrowserStore<S extends DBSchema, Values> {
  database(): Promise<IDBPDatabase<S>>;
  recall<K extends keyof Values & string>(name: K): Promise<Values[K] | undefined>;
  remember<K extends keyof Values & string>(name: K, value: Values[K]): Promise<void>;
  forget(...names: (keyof Values & string)[]): Promise<void>;
}

/** The database `name` in its first shape, which `make` gives it; its values are `Values`. */
export function browserStore<S extends DBSchema, Values>(
  name: string,
  make: (db: IDBPDatabase<S>) => void,
): BrowserStore<S, Values> {
  let opening: Promise<IDBPDatabase<S>> | undefined;

  function database(): Promise<IDBPDatabase<S>> {
    opening ??= openDB<S>(name, 1, {
      upgrade: make,
      // A newer page wants to change the shape: let go, so that it need not wait for this one.
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase | null)?.close();
        opening = undefined;
      },
      terminated: () => {
        opening = undefined;
      },
    });
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  }

  async function values(): Promise<IDBPDatabase<ValuesSchema>> {
    return (await database()) as unknown as IDBPDatabase<ValuesSchema>;
  }

  return {
    database,
    async recall<K extends keyof Values & string>(key: K): Promise<Values[K] | undefined> {
      return (await (await values()).get("values", key)) as Values[K] | undefined;
    },
    async remember(key, value) {
      await (await values()).put("values", value, key);
    },
    async forget(...keys) {
      const db = await values();
      for (const key of keys) await db.delete("values", key);
    },
  };
}
