// One run of ours as a whole process: `init <repository>`, `backup <repository> <cache> <files>` or
// `restore <repository> <into> <snapshot>`.
import { createBackup, filesSource, openRepository } from '@exprsn/backup'
import { folderStore } from '@exprsn/core/storage'

const [task, path, place, argument] = process.argv.slice(2) as [string, string, string, string]
const repository = openRepository({ store: folderStore({ path }), password: 'secret', create: 'if-missing' })
if (task === 'init') {
  await repository
} else if (task === 'backup') {
  const sources = { files: filesSource({ paths: [argument] }) }
  const backup = createBackup({ repository, sources, cacheFolder: place })
  const { id, files, bytes, seconds } = await backup.run('files')
  console.log(JSON.stringify({ id, files, bytes, seconds }))
  await backup.close()
} else {
  const backup = createBackup({ repository, sources: { files: filesSource({ paths: ['/'] }) } })
  const result = await backup.restore('files', { from: argument, into: place })
  console.log(JSON.stringify({ problems: result.problems.length }))
  await backup.close()
}
await (await repository).close()
