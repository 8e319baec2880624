import { ExprsnError, type Random } from '@exprsn/core'
import type { Keyring } from '@exprsn/core/crypto'
import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { repositoryErrors } from '../errors.ts'
import type { RepositoryStore } from '../object/repository-store.ts'
import { loadVerified, sha256 } from '../object/load-verified.ts'
import { createKeyFile, decodeKeyFile, openKeyFile, type KeyFile } from './key-file.ts'
import { createKeyringFile, decodeKeyringFile, openKeyringFile, type KeyringFile } from './keyring-file.ts'
import type { MasterKey } from './master-key.ts'
import { startScrypt } from './scrypt.ts'
import type { ScryptCost } from './scrypt-cost.ts'

/** What opens a repository: a password, which restic knows, too, or a keyring, which it does not. */
export type RepositorySecret = string | Keyring

/** One password or keyring that opens the repository. */
export interface KeySlot {
  readonly id: ContentId
  readonly kind: 'password' | 'keyring'
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

/** Where slots lie: keyrings beside what restic knows. */
const folders = { password: 'keys/', keyring: 'x-exprsn/keys/' } as const

/** Whether an object with this key may lie in a store that is no repository yet: an interrupted creation leaves it. */
export function isKeySlot(key: string): boolean {
  return key.startsWith(folders.password) || key.startsWith(folders.keyring)
}

/** Options of {@link openKey}. */
export interface OpenKeyOptions {
  /** Called when a key begins to be derived from the password. */
  readonly onDerivation?: (() => void) | undefined
  /** What a password is likely to cost. @default what is usual */
  readonly cost?: ScryptCost | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens the repository's key with a password or a keyring, trying each slot.
 *
 * @throws `BACKUP_REPOSITORY_PASSWORD`, `BACKUP_REPOSITORY_KEYRING`, `BACKUP_REPOSITORY_NO_KEY`
 */
export async function openKey(
  store: RepositoryStore,
  secret: RepositorySecret,
  options: OpenKeyOptions = {},
): Promise<OpenedKey> {
  return typeof secret === 'string'
    ? openByPassword(store, secret, options)
    : openByKeyring(store, secret, options.signal)
}

async function openByPassword(
  store: RepositoryStore,
  password: string,
  { onDerivation, cost, signal }: OpenKeyOptions,
): Promise<OpenedKey> {
  const pool = startScrypt(cost)
  try {
    const files = await loadSlots(store, folders.password, decodeKeyFile, signal)
    if (files.length === 0) throw repositoryErrors.BACKUP_REPOSITORY_NO_KEY()
    for (const { id, file } of files) {
      const master = await openKeyFile(file, password, { onDerivation, pool })
      if (master !== undefined) return { master, slot: id }
    }
    throw repositoryErrors.BACKUP_REPOSITORY_PASSWORD({ tried: files.length })
  } finally {
    void pool?.close()
  }
}

async function openByKeyring(store: RepositoryStore, keyring: Keyring, signal?: AbortSignal): Promise<OpenedKey> {
  const files = await loadSlots(store, folders.keyring, decodeKeyringFile, signal)
  for (const { id, file } of files) {
    const master = await openKeyringFile(file, keyring, signal)
    if (master !== undefined) return { master, slot: id }
  }
  throw repositoryErrors.BACKUP_REPOSITORY_KEYRING({ tried: files.length })
}

/** What a new slot is made from. */
export interface NewSlot {
  readonly secret: RepositorySecret
  /** Of a password. @default {@link defaultScryptCost} */
  readonly cost?: ScryptCost | undefined
  readonly random: Random
  readonly now: number
  readonly hostname: string
  readonly username: string
  readonly signal?: AbortSignal | undefined
}

/** Stores one more slot for the master key; returns its id. */
export async function putSlot(
  store: RepositoryStore,
  master: MasterKey,
  { secret, ...facts }: NewSlot,
): Promise<ContentId> {
  const [folder, file] =
    typeof secret === 'string'
      ? ([folders.password, await createKeyFile(master, { ...facts, password: secret })] as const)
      : ([folders.keyring, await createKeyringFile(master, { ...facts, keyring: secret })] as const)
  const bytes = Buffer.from(JSON.stringify(file))
  const id = sha256(bytes)
  await store.put(folder + id, bytes, { sha256: id, signal: facts.signal })
  return id
}

/** Removes a slot of either kind. */
export async function deleteSlot(store: RepositoryStore, id: ContentId, signal?: AbortSignal): Promise<void> {
  for (const folder of Object.values(folders)) await store.delete(folder + id, signal)
}

/** Every slot there is. */
export async function listKeys(store: RepositoryStore, current: ContentId, signal?: AbortSignal): Promise<KeySlot[]> {
  const passwords = await loadSlots(store, folders.password, decodeKeyFile, signal)
  const keyrings = await loadSlots(store, folders.keyring, decodeKeyringFile, signal)
  const describe =
    (kind: KeySlot['kind']) =>
    ({ id, file: { created, username, hostname } }: Slot<KeyFile | KeyringFile>): KeySlot => ({
      ...{ id, kind, created, username, hostname },
      current: id === current,
    })
  return [...passwords.map(describe('password')), ...keyrings.map(describe('keyring'))]
}

/** Makes the repository open with one more password or keyring. */
export async function addKey(
  { store, key, random, clock, hostname, username }: RepositoryContext,
  secret: RepositorySecret,
  options: { readonly cost?: ScryptCost | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<ContentId> {
  return putSlot(store, key, { ...options, secret, random, now: clock.now(), hostname, username })
}

interface Slot<File> {
  readonly id: ContentId
  readonly file: File
}

async function loadSlots<File>(
  store: RepositoryStore,
  folder: string,
  decode: (bytes: Uint8Array) => File | undefined,
  signal: AbortSignal | undefined,
): Promise<Slot<File>[]> {
  const slots: Slot<File>[] = []
  for (const { key } of await store.list(folder, signal)) {
    const id = key.slice(folder.length)
    const file = decode(await loadVerified(store, key, id, signal).catch(emptyWhenDamaged))
    if (file !== undefined) slots.push({ id, file })
  }
  return slots
}

/** A damaged slot is one way in less: another may open. */
function emptyWhenDamaged(error: unknown): Uint8Array {
  if (ExprsnError.is(error) && error.code === 'BACKUP_OBJECT_CORRUPT') return new Uint8Array(0)
  throw error
}
