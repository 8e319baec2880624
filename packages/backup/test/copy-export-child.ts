// Exports or imports until it is killed: started by copy-export.test.ts as a process of its own.
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { exportTables, importTables } from '@exprsn/backup/logical'
import { folderStore, type ObjectStore } from '@exprsn/core/storage'

const { what, connection, path, tables } = JSON.parse(process.argv[2]!)
const store = folderStore({ path })
/** Says what is stored, so that the test knows when to kill, and what may not be done again. */
const telling: ObjectStore = {
  put: async (key, body, options) => {
    const info = await store.put(key, body, options)
    process.stdout.write(`stored ${key}\n`)
    return info
  },
  get: async (key, options) => {
    process.stdout.write(`read ${key}\n`)
    return store.get(key, options)
  },
  head: (key, options) => store.head(key, options),
  list: (options) => store.list(options),
  delete: (key, options) => store.delete(key, options),
}
const connector = postgresConnector(connection)
if (what === 'export')
  await exportTables({ connector, store: telling, tables, connections: 2, partSize: 65_536, compress: 'none' })
else await importTables({ connector, store: telling, connections: 2 })
process.stdout.write('done\n')
