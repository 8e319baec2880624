import { s3Store, type S3StoreOptions } from '@exprsn/core/drivers/s3'
import { makeTemporaryFolder, removeTree, systemDisk, writeFileAtomic } from '@exprsn/core/disk'
import type { ObjectStore } from '@exprsn/core/storage'
import { SeededRandom, simulateS3, type S3Simulator } from '@exprsn/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRepository, type Repository } from '../src/repository/index.ts'
import { filesSource } from '../src/sources/index.ts'
import { checkRepository } from '../src/verify/index.ts'
import { listing } from './nasty-tree.ts'
import { backUp, restore } from './run-source.ts'

const temporary = Array.from({ length: 20 }, (_, number) => ({
  ...{ accessKeyId: `key-${number}`, secretAccessKey: `secret-${number}`, sessionToken: `token-${number}` },
}))
/** Packs that may be stored without being listed: `indexPacks` of the writer, and those under way. */
const unlisted = 16 + 3

let folder: string
let simulator: S3Simulator
let endpoint: string
const closing: { close(): Promise<void> }[] = []
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
  const random = new SeededRandom(1)
  await systemDisk.makeFolder(`${folder}/source`)
  for (let number = 0; number < 100; number++)
    await writeFileAtomic(systemDisk, `${folder}/source/${number}`, random.bytes(10_000))
  simulator = simulateS3({ buckets: ['clean', 'bucket'], credentials: temporary })
  endpoint = (await simulator.start()).endpoint
})
afterEach(async () => {
  for (const each of closing.splice(0).toReversed()) await each.close()
  await simulator.close()
  await removeTree(systemDisk, folder)
})

const source = () => filesSource({ paths: [`${folder}/source`], threads: 0 })

async function open(
  credentials: S3StoreOptions['credentials'],
  { bucket = 'bucket', watch = (store: ObjectStore) => store } = {},
): Promise<Repository> {
  const store = s3Store({ bucket, endpoint, region: 'us-east-1', credentials })
  closing.push(store)
  const repository = await openRepository({
    ...{ store: watch(store), password: 'secret', create: 'if-missing', packSize: 20_000 },
    scrypt: { N: 1_024, r: 8, p: 1 },
  })
  closing.push(repository)
  return repository
}

/** Packs that the bucket took, in order. */
function packsStored(from = 0): string[] {
  return simulator.requests
    .slice(from)
    .filter(({ operation, key, status }) => operation === 'PutObject' && key?.startsWith('data/') && status === 200)
    .map(({ key }) => key!)
}

/** Lets the time of credentials be over with some of the packs. */
function expiring(isOver: (packs: number) => string | undefined): (store: ObjectStore) => ObjectStore {
  let packs = 0
  return (store) => ({
    ...store,
    put(key, body, options) {
      const over = key.startsWith('data/') ? isOver(++packs) : undefined
      if (over !== undefined) simulator.expire(over)
      return store.put(key, body, options)
    },
  })
}

async function expectWhole(repository: Repository, result: Awaited<ReturnType<typeof backUp>>): Promise<void> {
  await restore(repository, source(), { snapshot: result.snapshot, into: `${folder}/back` })
  expect(listing(`${folder}/back${folder}/source`)).toBe(listing(`${folder}/source`))
}

describe('credentials that expire while a backup runs', () => {
  it('are asked for again, and the run goes on as if nothing had been', async () => {
    const clean = await backUp(await open(temporary[19], { bucket: 'clean' }), source())
    const cleanPacks = packsStored().length
    const before = simulator.requests.length
    let asked = 0
    const watch = expiring((packs) => (packs % 10 === 0 ? `key-${asked - 1}` : undefined))
    const repository = await open(async () => temporary[asked++]!, { watch })
    const result = await backUp(repository, source())
    expect(result).toMatchObject({ files: clean.files, problems: [] })
    expect(asked).toBeGreaterThan(3)
    const stored = packsStored(before)
    expect(stored).toHaveLength(cleanPacks)
    expect(new Set(stored).size).toBe(stored.length)
    expect(await checkRepository(repository, { level: 3 })).toMatchObject({ ok: true })
    await expectWhole(repository, result)
  })

  it('end it with what to do where nobody can be asked, and the next run stores what is missing', async () => {
    await backUp(await open(temporary[19], { bucket: 'clean' }), source())
    const cleanPacks = packsStored().length
    const before = simulator.requests.length
    const watch = expiring((packs) => (packs === 35 ? 'key-0' : undefined))
    const failing = await open(temporary[0], { watch })
    await expect(backUp(failing, source())).rejects.toMatchObject({
      code: 'CORE_STORAGE_CREDENTIALS_EXPIRED',
      help: expect.stringMatching(/credentials.* as a function/),
    })
    const storedBefore = packsStored(before).length
    expect(storedBefore).toBeGreaterThan(unlisted)
    const repository = await open(temporary[1])
    expect(await repository.snapshots()).toEqual([])
    const result = await backUp(repository, source())
    expect(packsStored(before).length).toBeLessThanOrEqual(cleanPacks + unlisted)
    expect(packsStored(before).length - storedBefore).toBeLessThan(cleanPacks)
    expect(await checkRepository(repository, { level: 3 })).toMatchObject({ ok: true })
    await expectWhole(repository, result)
  })
})
