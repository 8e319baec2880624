import { ExprsnError } from '@exprsn/core'
import type { Repository } from '../repository/index.ts'
import type { RepositoryContext } from '../repository/context.ts'
import { contextOf } from '../repository/repository-context.ts'
import { formatInstant } from '../repository/tree/instant.ts'
import { decodeEntry, encodeEntry, type StoredEntry } from './log-entry.ts'
import { evidenceErrors } from './errors.ts'
import { signingKey } from './signing-key.ts'

/** The end of the log: keep it elsewhere, and a repository that was set back to an earlier state gives itself away. */
export interface LogHead {
  readonly sequence: number
  /** SHA-256 of the last entry. */
  readonly hash: string
}

/** What is wrong with the log, or with what it says about the repository. */
export interface LogProblem {
  /**
   * - `entry-missing`, `entry-damaged`: a gap, or an entry that was changed
   * - `head-missing`: the end that was kept elsewhere is not part of the log any more
   * - `snapshot-removed`: the last entry names a snapshot that is gone without having been forgotten through this package
   */
  readonly kind: 'entry-missing' | 'entry-damaged' | 'head-missing' | 'snapshot-removed'
  /** The number of the entry, or the id of the snapshot. */
  readonly subject: string
}

/** What {@link verifySnapshotLog} found. */
export interface SnapshotLogReport {
  readonly ok: boolean
  readonly entries: number
  readonly head: LogHead | undefined
  readonly problems: readonly LogProblem[]
  /** Snapshots that no entry names yet: made by restic, or by a run that ended before it could write one. */
  readonly unrecorded: readonly string[]
  /** The public half of the key that signs, in PEM: enough to check the signatures without the password. */
  readonly publicKey: string
}

const prefix = 'x-exprsn/log/'
const none = '0'.repeat(64)
const keyOf = (sequence: number): string => prefix + String(sequence).padStart(12, '0')

/**
 * Adds an entry to the signed, hash-chained log that lies beside the repository (restic does not look there): which
 * snapshots there are now. Writers that meet are told apart by a conditional put, and follow each other.
 */
export async function recordSnapshots(
  repository: Repository,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<LogHead> {
  const context = contextOf(repository)
  const { sign } = signingKey(context)
  for (;;) {
    const last = await readLast(context, signal)
    const { snapshots } = last?.entry ?? { snapshots: undefined }
    const now = (await repository.snapshots({}, { signal })).map(({ id }) => id).sort()
    if (last !== undefined && snapshots?.join() === now.join()) return headOf(last)
    const sequence = (last?.entry.sequence ?? 0) + 1
    const time = formatInstant(BigInt(Math.floor(context.clock.now())) * 1_000_000n)
    const bytes = encodeEntry({ sequence, previous: last?.hash ?? none, time, snapshots: now }, sign)
    if (!(await putNew(context, keyOf(sequence), bytes, signal))) continue
    return headOf(decodeEntry(bytes, signingKey(context).verify)!)
  }
}

/**
 * Checks every signature and link of the log, and that nothing it names is gone.
 *
 * @example
 * ```ts
 * import { openRepository, recordSnapshots, verifySnapshotLog } from '@exprsn/backup'
 * import { memoryStore } from '@exprsn/core/storage'
 *
 * const scrypt = { N: 1024, r: 8, p: 1 } // cheap, for this example only
 * const repository = await openRepository({ store: memoryStore(), password: 'x', create: 'new', scrypt })
 * await recordSnapshots(repository)
 * const { entries, problems } = await verifySnapshotLog(repository)
 * console.log(entries, problems.length) // 1 0
 * ```
 */
export async function verifySnapshotLog(
  repository: Repository,
  { head, signal }: { readonly head?: LogHead | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<SnapshotLogReport> {
  const context = contextOf(repository)
  const { entries, problems } = await readLog(context, signal)
  const found = [...problems]
  for (const [index, { entry }] of entries.entries()) {
    const before = entries[index - 1]
    const linked = entry.previous === (before?.hash ?? none) && entry.sequence === (before?.entry.sequence ?? 0) + 1
    if (!linked) found.push({ kind: 'entry-missing', subject: String(entry.sequence - 1) })
  }
  if (head !== undefined && !entries.some(({ hash, entry }) => hash === head.hash && entry.sequence === head.sequence))
    found.push({ kind: 'head-missing', subject: String(head.sequence) })
  const last = entries.at(-1)
  const present = new Set((await repository.snapshots({}, { signal })).map(({ id }) => id))
  for (const id of last?.entry.snapshots ?? [])
    if (!present.has(id)) found.push({ kind: 'snapshot-removed', subject: id })
  const recorded = new Set(last?.entry.snapshots)
  return {
    ok: found.length === 0,
    entries: entries.length,
    head: last && headOf(last),
    problems: found,
    unrecorded: [...present].filter((id) => !recorded.has(id)),
    publicKey: signingKey(context).verify.export({ type: 'spki', format: 'pem' }) as string,
  }
}

function headOf({ entry, hash }: StoredEntry): LogHead {
  return { sequence: entry.sequence, hash }
}

/** The newest entry that can be read: the next one is linked to it, and a check shows what lies between. */
async function readLast(context: RepositoryContext, signal: AbortSignal | undefined): Promise<StoredEntry | undefined> {
  const { verify } = signingKey(context)
  const keys = (await context.store.list(prefix, signal)).map(({ key }) => key)
  const newest = keys.at(-1)
  if (newest === undefined) return undefined
  const entry = decodeEntry(await context.store.get(newest, { signal }), verify)
  if (entry !== undefined) return entry
  throw evidenceErrors.BACKUP_LOG_DAMAGED({ key: newest })
}

async function readLog(
  context: RepositoryContext,
  signal: AbortSignal | undefined,
): Promise<{ readonly entries: StoredEntry[]; readonly problems: LogProblem[] }> {
  const { verify } = signingKey(context)
  const entries: StoredEntry[] = []
  const problems: LogProblem[] = []
  for (const { key } of await context.store.list(prefix, signal)) {
    const entry = decodeEntry(await context.store.get(key, { signal }), verify)
    if (entry !== undefined && keyOf(entry.entry.sequence) === key) entries.push(entry)
    else problems.push({ kind: 'entry-damaged', subject: String(Number(key.slice(prefix.length))) })
  }
  return { entries, problems }
}

/** Whether the object was stored by this call: another writer may have been first. */
async function putNew(
  { store }: RepositoryContext,
  key: string,
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await store.put(key, bytes, { ifNoneMatch: '*', signal })
    return true
  } catch (error) {
    if (ExprsnError.is(error) && error.code === 'CORE_STORAGE_CONFLICT')
      return Buffer.compare(await store.get(key, { signal }), bytes) === 0
    if (!ExprsnError.is(error) || error.code !== 'CORE_STORAGE_CONDITION_UNSUPPORTED') throw error
    await store.put(key, bytes, { signal })
    return true
  }
}
