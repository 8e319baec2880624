import type { OnProgress } from '../progress/progress.ts'
import type { ContentId, Repository } from '../repository/index.ts'
import type { CheckReport } from '../verify/check-repository.ts'

/** Options of {@link repairRepository}. */
export interface RepairOptions {
  /** Replicas that lost or damaged objects are brought back from, in this order. @default none */
  readonly from?: readonly Repository[] | undefined
  /** Only says what is wrong. @default false */
  readonly dryRun?: boolean | undefined
  /** Told of what was repaired. */
  readonly onProgress?: OnProgress | undefined
  /** Ends the repair; what is done stays. */
  readonly signal?: AbortSignal | undefined
}

/** What a repair did. */
export interface RepairReport {
  /** What was found before. */
  readonly before: CheckReport
  /** What is left: `affected` names the files that are lost. The same as `before` in a dry run. */
  readonly after: CheckReport
  /** Keys of objects that a replica gave back. */
  readonly healed: readonly string[]
  /** Packs that an index knows again. */
  readonly indexedPacks: number
  /** Damaged or missing packs that were given up; what could be read in them lies in new packs. */
  readonly lostPacks: readonly ContentId[]
}

/**
 * Repairs a repository, never at the cost of what can still be read: objects come back from replicas by their hash; packs
 * that no index knows are indexed from their own headers; of a damaged pack, the sound blobs are saved into a new one.
 * What is lost is named file by file in `after.affected`; the next backups do not build on such snapshots, so that they
 * bring back what the source still has.
 */
export async function repairRepository(repository: Repository, options: RepairOptions = {}): Promise<RepairReport> {
  // What repairs is loaded when it is asked for: a program that opens a repository derives its key meanwhile.
  const { runRepair } = await import('./run-repair.ts')
  return runRepair(repository, options)
}
