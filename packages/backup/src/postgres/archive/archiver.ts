import { silentLogger, type Clock, type Logger } from '@exprsn/core'
import type { Disk } from '@exprsn/core/disk'
import type { Lsn } from '../../replication/lsn.ts'
import type { Repository } from '../../repository/index.ts'
import { asFailure } from '../../wal/as-failure.ts'
import { archiveSpool, type ArchivedSpool } from './archive-spool.ts'
import { emptyArchive, loadArchive, scannedArchive, type WalArchive } from './wal-archive.ts'

/** Options of {@link createArchiver}. */
export interface ArchiverOptions {
  readonly repository: Promise<Repository>
  readonly source: string
  readonly spool: string
  readonly disk: Disk
  readonly clock: Clock
  readonly logger?: Logger | undefined
}

/** Where the archive stands. */
export interface ArchiverStatus {
  /** One past the last byte in the repository, of the newest timeline; 0 while nothing is there. */
  readonly archived: Lsn
  /** The newest timeline in the repository; 0 while nothing is there. */
  readonly timeline: number
  /** Milliseconds since 1970 of the last pass that went through. */
  readonly lastSuccess: number | undefined
  /** Why the last pass failed. */
  readonly failure: Error | undefined
  /** Segments in which something is no WAL. */
  readonly damaged: readonly { readonly name: string; readonly error: Error }[]
}

/** Takes WAL from the spool into the repository: one pass at a time. */
export interface Archiver {
  /** Stores what is there. Calls that come while one runs share the next. */
  archive(options?: {
    readonly partial?: boolean | undefined
    readonly signal?: AbortSignal | undefined
  }): Promise<WalArchive>
  /** The archive as the repository has it now. */
  load(signal?: AbortSignal): Promise<WalArchive>
  /** Changes the archive in another way, with no pass beside it. */
  exclusively(work: (before: WalArchive) => Promise<WalArchive>): Promise<WalArchive>
  status(): ArchiverStatus
}

/** Nothing happens before the first call. */
export function createArchiver(options: ArchiverOptions): Archiver {
  const { clock, source, logger = silentLogger } = options
  let known: WalArchive = emptyArchive
  let tail: Promise<unknown> = Promise.resolve()
  let lastSuccess: number | undefined
  let failure: Error | undefined
  const damaged = new Map<string, ArchivedSpool['damaged'][number]>()

  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = tail.then(work)
    tail = result.catch(() => {})
    return result
  }

  const pass = async (partial: boolean, signal: AbortSignal | undefined): Promise<WalArchive> => {
    const repository = await options.repository
    try {
      for (let more = true; more;) {
        const result = await archiveSpool({ ...options, repository, partial, before: known, signal })
        known = result.archive
        more = result.more
        for (const each of result.damaged) damaged.set(each.name, each)
        if (result.stored > 0) logger.debug({ source, segments: result.stored }, 'WAL archived')
      }
      lastSuccess = clock.now()
      failure = undefined
      return known
    } catch (error) {
      if (signal?.aborted !== true) failure = asFailure(error)
      throw error
    }
  }

  return {
    archive: ({ partial = false, signal } = {}) => inTurn(() => pass(partial, signal)),
    load: async (signal) => {
      const archive = await loadArchive(await options.repository, source, { before: known, signal })
      known = archive
      return archive
    },
    exclusively: (work) => inTurn(async () => (known = await work(known))),
    status: () => ({ ...endOf(known), lastSuccess, failure, damaged: [...damaged.values()] }),
  }
}

function endOf(archive: WalArchive): Pick<ArchiverStatus, 'archived' | 'timeline'> {
  const last = scannedArchive(archive).ranges.at(-1)
  if (last === undefined) return { archived: 0n, timeline: 0 }
  const { timeline, end, partial } = last
  const archived = partial === undefined ? end : (archive.segments.get(partial.name.slice(0, 24))?.end ?? end)
  return { archived, timeline }
}
