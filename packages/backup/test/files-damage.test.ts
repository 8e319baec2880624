import { makeTemporaryFolder, readFile, removeTree, systemDisk } from '@exprsn/core/disk'
import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { SeededRandom } from '@exprsn/core/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openRepository, type Repository } from '../src/repository/index.ts'
import { filesSource } from '../src/sources/index.ts'
import { backUp, restore } from './run-source.ts'

let folder: string
let store: ObjectStore
let repository: Repository
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
  store = memoryStore()
  const scrypt = { N: 1_024, r: 8, p: 1 }
  repository = await openRepository({ store, password: 'secret', create: 'new', scrypt })
})
afterEach(async () => {
  await repository.close()
  await removeTree(systemDisk, folder)
})

it('a restore never writes what was damaged: it names the blob and the pack', async () => {
  await systemDisk.makeFolder(`${folder}/source`)
  const file = await systemDisk.open(`${folder}/source/file`, 'create-new')
  const content = new SeededRandom(1).bytes(300_000)
  await file.write(content, 0)
  await file.close()
  const source = filesSource({ paths: [`${folder}/source`], threads: 0 })
  const { snapshot } = await backUp(repository, source)
  const packs: string[] = []
  for await (const { key } of store.list({ prefix: 'data/' })) packs.push(key)
  for (const key of packs) {
    const bytes = Uint8Array.from(await (await store.get(key)).bytes())
    if (bytes.length < 300_000) continue
    bytes[150_000]! ^= 1
    await store.put(key, bytes)
  }
  await expect(restore(repository, source, { snapshot, into: `${folder}/back` })).rejects.toMatchObject({
    code: 'BACKUP_BLOB_CORRUPT',
    details: { type: 'data' },
  })
  const left = await readFile(systemDisk, `${folder}/back${folder}/source/file`).catch(() => new Uint8Array())
  expect(left.length).toBe(0)
})
