import type { OnProgress } from '../progress/progress.ts'
import type { ContentId, Repository } from '../repository/index.ts'
import { verifyErrors } from './errors.ts'
import type { AffectedEntry, RepositoryProblem } from './problem.ts'

/**
 * How thoroughly to look:
 * - 0: every pack that the index lists is there and has the right size (one listing of the store)
 * - 1: and its header agrees with the index; every folder of every snapshot can be read and knows where its content is
 * - 2: and the packs whose turn it is today are read in full: all of them within `coverDays`
 * - 3: and every pack is read in full
 */
export type CheckLevel = 0 | 1 | 2 | 3

/** Options of {@link checkRepository}. */
export interface CheckOptions {
  /** @default 1 */
  readonly level?: CheckLevel | undefined
  /** Level 2 reads every pack once in so many days, when it runs every day. @default 30 */
  readonly coverDays?: number | undefined
  /** Threads that check packs which are read in full; with 0 this one does. @default processors, at most 4; 0 for little */
  readonly threads?: number | undefined
  /** Told of what was checked. */
  readonly onProgress?: OnProgress | undefined
  /** Ends the check. */
  readonly signal?: AbortSignal | undefined
}

/** What a check found. */
export interface CheckReport {
  readonly ok: boolean
  readonly level: CheckLevel
  readonly problems: readonly RepositoryProblem[]
  /** Files and folders that cannot be restored as they were; the first thousand. */
  readonly affected: readonly AffectedEntry[]
  /** Ids of the snapshots that they belong to, all of them. */
  readonly affectedSnapshots: readonly ContentId[]
  readonly snapshots: number
  readonly packs: number
  /** Packs that were read in full. */
  readonly packsRead: number
  /** Bytes of packs that were read in full. */
  readonly bytesRead: number
  /** Packs in the store that no index lists: what interrupted backups left. No problem, `prune` removes them. */
  readonly unindexedPacks: number
  readonly seconds: number
}

/**
 * Checks a repository. It changes nothing, and may run beside backups.
 *
 * @throws `BACKUP_VERIFY_OPTION_INVALID`, and what the store throws; damage is in the report.
 * @example
 * ```ts
 * import { checkRepository, openRepository } from '@exprsn/backup'
 * import { memoryStore } from '@exprsn/core/storage'
 *
 * const scrypt = { N: 1024, r: 8, p: 1 } // cheap, for this example only
 * const repository = await openRepository({ store: memoryStore(), password: 'x', create: 'new', scrypt })
 * const { ok, problems } = await checkRepository(repository, { level: 3 })
 * console.log(ok, problems.length) // true 0
 * ```
 */
export async function checkRepository(repository: Repository, options: CheckOptions = {}): Promise<CheckReport> {
  const { coverDays = 30 } = options
  if (!Number.isInteger(coverDays) || coverDays < 1)
    throw verifyErrors.BACKUP_VERIFY_OPTION_INVALID({ reason: 'coverDays is not a whole number from 1' })
  if (options.threads !== undefined && !(Number.isInteger(options.threads) && options.threads >= 0))
    throw verifyErrors.BACKUP_VERIFY_OPTION_INVALID({ reason: 'threads is no number from 0' })
  // What checks is loaded when it is asked for: a program that opens a repository derives its key meanwhile.
  const { runCheck } = await import('./run-check.ts')
  return runCheck(repository, options)
}
