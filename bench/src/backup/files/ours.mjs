// One run of ours as a whole process: `init <repository>`, `backup <repository> <cache> <files>`, `restore <repository> <into>`,
// `check <repository>` or `keep-latest <repository>`. JavaScript, as what is deployed: reading types away costs Node 30 ms.
import { checkRepository, createBackup, filesSource, openRepository } from '@exprsn/backup'
import { folderStore } from '@exprsn/core/storage'

const [task, path, place, files] = process.argv.slice(2)
const repository = openRepository({ store: folderStore({ path }), password: 'secret', create: 'if-missing' })

switch (task) {
  case 'backup': {
    const sources = { files: filesSource({ paths: [files] }) }
    await using backup = createBackup({ repository, sources, cacheFolder: place })
    const { id, bytes, seconds } = await backup.run('files')
    console.log(JSON.stringify({ id, bytes, seconds }))
    break
  }
  case 'restore': {
    await using backup = createBackup({ repository, sources: { files: filesSource({ paths: ['/'] }) } })
    const { id } = await (await repository).snapshot('latest')
    const { problems } = await backup.restore('files', { from: id, into: place })
    console.log(JSON.stringify({ problems: problems.length }))
    break
  }
  case 'check': {
    const { ok, problems } = await checkRepository(await repository, { level: 3 })
    console.log(JSON.stringify(problems))
    process.exitCode = ok ? 0 : 1
    break
  }
  case 'keep-latest': {
    const open = await repository
    const snapshots = await open.snapshots()
    await open.forget(snapshots.slice(0, -1).map(({ id }) => id))
    const { removed, repack } = await open.prune({ maxUnused: 0 })
    console.log(JSON.stringify({ removed: removed.length, repacked: repack.length }))
    break
  }
}
await (await repository).close()
