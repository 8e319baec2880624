// Backs a folder up without threads and with two, and prints what each came to; then how walks in a thread end that are stopped,
// and whose repository fails.
import { filesSource, openRepository, type Repository } from '@exprsn/backup'
import { makeTemporaryFolder, removeTree, systemDisk, writeFileAtomic } from '@exprsn/core/disk'
import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { backUp, silent } from './run-source.ts'

Object.assign(silent, {
  warn(details: { readonly err: unknown }) {
    throw details.err
  },
})
const paths = [process.argv[2]!]
const scrypt = { N: 1_024, r: 8, p: 1 }
const open = (store: ObjectStore) =>
  openRepository({ store, password: 'secret', create: 'new', scrypt, packSize: 1_048_576 })

async function backedUp(threads: number) {
  await using repository = await open(memoryStore())
  const cacheFolder = await makeTemporaryFolder(systemDisk)
  const source = filesSource({ paths, threads })
  const { files, bytes, problems } = await backUp(repository, source, { cacheFolder })
  const tree = await folderTree(repository)
  let read = 0
  for await (const { node } of repository.entries('latest', '/', { recursive: true }))
    for (const id of node.content ?? []) read += (await repository.reader.read('data', id)).length
  const again = await backUp(repository, source, { cacheFolder })
  await removeTree(systemDisk, cacheFolder)
  return { tree, files, bytes, problems, read, again: [(await folderTree(repository)) === tree, again.filesRead] }
}

/** Of the folder alone: one above it may be the system's temporary one, whose time others change. */
async function folderTree(repository: Repository): Promise<string | undefined> {
  for await (const { path, node } of repository.entries('latest', '/', { recursive: true }))
    if (path === paths[0]) return node.subtree
  throw new Error(`${paths[0]} is not in the snapshot`)
}

/** Stops when the first pack arrives. */
async function stopped(): Promise<unknown> {
  const stop = new AbortController()
  const store = memoryStore()
  const put: ObjectStore['put'] = (key, ...rest) => {
    if (key.startsWith('data/')) stop.abort('enough')
    return store.put(key, ...rest)
  }
  await using repository = await open({ ...store, put })
  return await backUp(repository, filesSource({ paths, threads: 2 }), { signal: stop.signal }).catch(
    (reason: unknown) => reason,
  )
}

/** The store takes no packs. */
async function refused(): Promise<unknown> {
  const store = memoryStore()
  const put: ObjectStore['put'] = async (key, ...rest) => {
    if (key.startsWith('data/')) throw new Error('full')
    return store.put(key, ...rest)
  }
  await using repository = await open({ ...store, put })
  return await backUp(repository, filesSource({ paths, threads: 2 })).catch((error: unknown) => String(error))
}

/** A folder with one file: little memory is handed out from a pool, which cannot move to another thread. */
async function small(): Promise<unknown> {
  const folder = await makeTemporaryFolder(systemDisk)
  await writeFileAtomic(systemDisk, `${folder}/file`, Buffer.from('content'))
  await using repository = await open(memoryStore())
  const cacheFolder = await makeTemporaryFolder(systemDisk)
  const { files } = await backUp(repository, filesSource({ paths: [folder], threads: 2 }), { cacheFolder })
  await Promise.all([folder, cacheFolder].map((path) => removeTree(systemDisk, path)))
  return files
}

const [inline, threaded] = [await backedUp(0), await backedUp(2)]
console.log(
  JSON.stringify({ inline, threaded, stopped: await stopped(), refused: await refused(), small: await small() }),
)
