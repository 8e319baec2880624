// One run of ours as a whole process: `backup <options of the source as JSON> <repository> <cache>` or `restore … <into>`.
import { createBackup, openRepository } from '@exprsn/backup'
import { postgresSource } from '@exprsn/backup/drivers/postgres'
import { folderStore } from '@exprsn/core/storage'

const [task, options, path, cacheFolder, into] = process.argv.slice(2)
const repository = openRepository({ store: folderStore({ path }), password: 'secret', create: 'if-missing' })
const backup = createBackup({
  ...{ repository, cacheFolder },
  sources: { db: postgresSource({ ...JSON.parse(options), receiveWal: false }) },
})
if (task === 'backup') {
  const { bytes, stored, seconds } = await backup.run('db')
  console.log(JSON.stringify({ bytes, stored, seconds }))
} else {
  const { cluster } = await backup.restore('db', { into, until: 'immediate', durable: false })
  console.log(JSON.stringify({ dataFolder: cluster.dataFolder }))
}
await backup.close()
