import { ExprsnError } from '@exprsn/core'
import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { repositoryErrors } from '../errors.ts'
import type { RepositoryStore } from '../object/repository-store.ts'
import { loadVerified, sha256 } from '../object/sealed-objects.ts'
import type { ScryptCost } from './derive-key.ts'
import { createKeyFile, decodeKeyFile, openKeyFile, type KeyFile } from './key-file.ts'
import type { MasterKey } from './master-key.ts'

/** One password that opens the repository. */
export interface KeySlot {
  readonly id: ContentId
  readonly created: string
  readonly username: string
  readonly hostname: string
  /** Whether this is the slot that the repository was opened with. */
  readonly current: boolean
}

/** A master key and the slot it came from. */
export interface OpenedKey {
  readonly master: MasterKey
  readonly slot: ContentId
}

/**
 * Opens the repository's key with a password, trying each slot.
 *
 * @throws `BACKUP_REPOSITORY_PASSWORD`, `BACKUP_REPOSITORY_NO_KEY`
 */
export async function openKey(store: RepositoryStore, password: string, signal?: AbortSignal): Promise<OpenedKey> {
  const files = await loadKeyFiles(store, signal)
  if (files.length === 0) throw repositoryErrors.BACKUP_REPOSITORY_NO_KEY()
  for (const { id, file } of files) {
    const master = await openKeyFile(file, password)
    if (master !== undefined) return { master, slot: id }
  }
  throw repositoryErrors.BACKUP_REPOSITORY_PASSWORD({ tried: files.length })
}

/** Stores a key file; returns its id. */
export async function putKeyFile(store: RepositoryStore, file: KeyFile, signal?: AbortSignal): Promise<ContentId> {
  const bytes = Buffer.from(JSON.stringify(file))
  const id = sha256(bytes)
  await store.put(`keys/${id}`, bytes, { sha256: id, signal })
  return id
}

/** Every slot there is. */
export async function listKeys(store: RepositoryStore, current: ContentId, signal?: AbortSignal): Promise<KeySlot[]> {
  const files = await loadKeyFiles(store, signal)
  return files.map(({ id, file: { created, username, hostname } }) => ({
    id,
    created,
    username,
    hostname,
    current: id === current,
  }))
}

/** Makes the repository open with one more password. */
export async function addKey(
  { store, key, random, clock, hostname, username }: RepositoryContext,
  password: string,
  cost?: ScryptCost,
): Promise<ContentId> {
  const now = clock.now()
  return putKeyFile(store, await createKeyFile(key, { password, random, now, hostname, username, cost }))
}

async function loadKeyFiles(
  store: RepositoryStore,
  signal: AbortSignal | undefined,
): Promise<{ readonly id: ContentId; readonly file: KeyFile }[]> {
  const files: { id: ContentId; file: KeyFile }[] = []
  for (const { key } of await store.list('keys/', signal)) {
    const id = key.slice('keys/'.length)
    const file = decodeKeyFile(await loadVerified(store, key, id, signal).catch(emptyWhenDamaged))
    if (file !== undefined) files.push({ id, file })
  }
  return files
}

/** A damaged slot is one way in less: another may open. */
function emptyWhenDamaged(error: unknown): Uint8Array {
  if (ExprsnError.is(error) && error.code === 'BACKUP_OBJECT_CORRUPT') return new Uint8Array(0)
  throw error
}
