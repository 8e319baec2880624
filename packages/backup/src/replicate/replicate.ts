import type { OnProgress } from '../progress/progress.ts'
import type { Repository } from '../repository/index.ts'

/** Options of {@link replicate}. */
export interface ReplicateOptions {
  /** Objects that are copied at the same time. @default 4 */
  readonly parallel?: number | undefined
  /** Told of what was copied. */
  readonly onProgress?: OnProgress | undefined
  /** Ends the copying; what is done stays. */
  readonly signal?: AbortSignal | undefined
}

/** What a replication did. */
export interface ReplicateReport {
  /** Whether the replica now holds every snapshot with everything that it needs. */
  readonly ok: boolean
  /** Packs that were copied. */
  readonly packs: number
  /** Bytes that were copied. */
  readonly bytes: number
  /** Snapshots that the replica did not hold before. */
  readonly snapshots: number
  /** Keys that the source does not hold, or holds damaged. */
  readonly unreadable: readonly string[]
  /** Keys that the replica's own listing does not show in the right size after the copy. */
  readonly unverified: readonly string[]
  readonly seconds: number
}

/**
 * Copies what a replica lacks: packs, then indexes, then snapshots, so that at every moment each snapshot that the replica
 * shows is whole. Objects are copied as they are, checked on the way, and looked for afterwards. Snapshots that were
 * forgotten in the source stay in the replica until they are forgotten there. The replica may be pruned meanwhile.
 *
 * @throws `BACKUP_SESSION_LOST` when it stood still for longer than `sessionTimeout` while somebody pruned the replica: what it
 *   counted on may be gone, and the next call goes on; and what both stores throw
 */
export async function replicate(
  repository: Repository,
  replica: Repository,
  options: ReplicateOptions = {},
): Promise<ReplicateReport> {
  // What copies is loaded when it is asked for: a program that opens a repository derives its key meanwhile.
  const { runReplication } = await import('./run-replication.ts')
  return runReplication(repository, replica, options)
}
