// Archives WAL until it is killed: started by postgres-faults.test.ts as a process of its own.
import { join } from 'node:path'
import { createBackup, openRepository } from '@exprsn/backup'
import { postgresSource } from '@exprsn/backup/drivers/postgres'
import { folderStore } from '@exprsn/core/storage'

const { connection, folder } = JSON.parse(process.argv[2]!)
const backup = createBackup({
  repository: openRepository({ store: folderStore({ path: join(folder, 'repository') }), password: 'secret' }),
  cacheFolder: join(folder, 'cache'),
  sources: { db: postgresSource({ connection, archiveEvery: 50 }) },
})
backup.start()
process.stdout.write('started\n')
setInterval(() => {}, 1_000)
