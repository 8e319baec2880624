import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { openRepository, type OpenRepositoryOptions, type Repository } from '../src/repository/index.ts'
import { backupOnce, readBack } from './simulations/repository/backup-once.ts'
import type { Files } from './simulations/repository/model.ts'

/** Cheap, for tests only. */
export const cheapScrypt = { N: 1_024, r: 8, p: 1 }

/** A small repository with some snapshots, and the means to damage it. */
export interface SampleRepository {
  readonly store: ObjectStore
  readonly repository: Repository
  /** What the snapshots hold, by their tags `0`, `1`, … */
  readonly known: ReadonlyMap<string, Files>
  /** A handle that has loaded nothing yet. */
  reopen(): Promise<Repository>
  keys(prefix?: string): Promise<string[]>
  /** Flips a bit of an object; a negative index counts from its end. */
  flip(key: string, index: number): Promise<void>
  /** One more snapshot. */
  backup(tag: string, files: Files): Promise<string>
}

/** The files of a version: one changes, one stays. */
export function sampleFiles(version: number): Files {
  return new Map([
    ['one/changed', `version ${version} `.repeat(100)],
    ['one/same', 'the same '.repeat(100)],
    ['two/own', `only in ${version} `.repeat(80)],
  ])
}

/** Makes one in memory, with packs of a few blobs. */
export async function sampleRepository(
  count = 2,
  options: Partial<OpenRepositoryOptions> = {},
): Promise<SampleRepository> {
  const store = options.store ?? memoryStore()
  const settings = { store, password: 'secret', scrypt: cheapScrypt, packSize: 1_024, ...options }
  const repository = await openRepository({ ...settings, create: 'new' })
  const known = new Map<string, Files>()
  const backup = async (tag: string, files: Files): Promise<string> => {
    known.set(tag, files)
    return backupOnce(repository, tag, files, known)
  }
  for (let version = 0; version < count; version++) await backup(String(version), sampleFiles(version))
  const keys = async (prefix = ''): Promise<string[]> => {
    const found: string[] = []
    for await (const { key } of store.list({ prefix })) found.push(key)
    return found
  }
  return {
    store,
    repository,
    known,
    keys,
    backup,
    reopen: () => openRepository({ ...settings, create: 'never' }),
    async flip(key, index) {
      const bytes = await (await store.get(key)).bytes()
      bytes[index < 0 ? bytes.length + index : index]! ^= 1
      await store.put(key, bytes)
    },
  }
}

/** Every snapshot that a repository shows, read back in full, by tag. */
export async function readAll(repository: Repository): Promise<Map<string, Files>> {
  const found = new Map<string, Files>()
  for (const { id, tags } of await repository.snapshots()) found.set(tags[0]!, await readBack(repository, id))
  return found
}
