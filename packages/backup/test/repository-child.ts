import { folderStore } from '@exprsn/core/storage'
import { openRepository } from '../src/repository/index.ts'
import { backupOnce } from './simulations/repository/backup-once.ts'
import type { Files } from './simulations/repository/model.ts'

/** Backs up, forgets and prunes for ever; prints the version of each snapshot once it is acknowledged. */
const [path, firstVersion] = process.argv.slice(2)
const repository = await openRepository({ store: folderStore({ path: path! }), password: 'secret', packSize: 2_048 })
const known = new Map<string, Files>()

for (let version = Number(firstVersion); ; version++) {
  const files: Files = new Map([
    ['one/version', `version ${version} `.repeat(200)],
    ['one/same', 'the same '.repeat(100)],
    ['two/pair', `pair ${Math.floor(version / 2)} `.repeat(150)],
  ])
  known.set(String(version), files)
  await backupOnce(repository, String(version), files, known)
  console.log(`saved ${version}`)
  if (version % 3 !== 0) continue
  const snapshots = await repository.snapshots()
  const removed = snapshots.slice(0, -4)
  for (const { id, tags } of removed) {
    console.log(`forgetting ${tags[0]}`)
    await repository.forget([id])
  }
  await repository.prune({ maxUnused: 0 })
}
