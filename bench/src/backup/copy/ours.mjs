// One export in a process of its own: `node ours.mjs <settings as JSON>`.
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { exportTables } from '@exprsn/backup/logical'
import { folderStore } from '@exprsn/core/storage'

const { connection, into, compress } = JSON.parse(process.argv[2])
await exportTables({
  connector: postgresConnector(connection),
  store: folderStore({ path: into }),
  compress,
  partSize: 64 * 2 ** 20,
})
