import { systemDisk, type Disk } from '@exprsn/core/disk'
import type { ObjectStore } from '@exprsn/core/storage'
import type { BackupSource } from '../../repository/index.ts'
import { sourcesErrors } from '../errors.ts'
import type { VersionChoice } from './chosen-versions.ts'
import type { FolderTarget } from './restore-as-files.ts'
import type { BucketTarget } from './restore-objects.ts'

/** Options of {@link bucketSource}. */
export interface BucketSourceOptions {
  /** The store that is backed up. */
  readonly store: ObjectStore
  /** Only keys below this one, such as `uploads`; in the snapshot they lie without it. @default '' */
  readonly prefix?: string | undefined
  /**
   * Saves what the store keeps of the past, too: replaced and deleted versions, beside the present one as
   * `<name>@<time>` and `<name>@<time>.deleted`. Without it only what is there now. @default false
   */
  readonly versions?: boolean | undefined
  /** Objects that are read at a time, 1 to 64. A large one takes about 10 MB of memory. @default 4 */
  readonly concurrency?: number | undefined
  /** Where folders are restored. @default systemDisk */
  readonly disk?: Disk | undefined
}

/**
 * The objects of a store as a source for backups, with media types and metadata. An object of which etag, size and time
 * are those of the last snapshot is not read again. Objects that vanish meanwhile, and those the store denies, are named
 * in the snapshot; every other failure ends the run.
 *
 * Restoring takes `{ store, prefix }` of which the prefix holds nothing yet, or the path of a folder that is empty or not
 * there yet. Into a folder objects come as files with content and time; where there are `a` and `a/b`, the object `a`
 * comes as `a.object`. Metadata stays in the snapshot then.
 *
 * Of a snapshot with versions the latest are restored; with `at` (a `Date`) what was there at that moment, with
 * `versions: 'all'` everything, the oldest first, with new ids and times, into a bucket that keeps versions. Both stand beside
 * `store` and `prefix`, or beside `folder` where a folder is restored.
 *
 * @throws `BACKUP_BUCKET_OPTION_INVALID`; on restore `BACKUP_BUCKET_TARGET_NOT_EMPTY`, `BACKUP_BUCKET_NO_VERSIONS`,
 *   `BACKUP_BUCKET_VERSIONS_UNSUPPORTED` and the errors of `filesSource`; the store's and the repository's own errors
 * @example
 * ```ts
 * import { bucketSource } from '@exprsn/backup'
 * import { memoryStore } from '@exprsn/core/storage'
 *
 * const media = bucketSource({ store: memoryStore(), prefix: 'media' })
 * console.log(media.kind) // bucket
 * ```
 */
export function bucketSource(options: BucketSourceOptions): BackupSource {
  const { store, versions = false, concurrency = 4, disk = systemDisk } = options
  const prefix = prefixOf(options.prefix)
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 64)
    throw sourcesErrors.BACKUP_BUCKET_OPTION_INVALID({ option: 'concurrency', reason: 'it is no number from 1 to 64' })
  if (versions && store.versions === undefined)
    throw sourcesErrors.BACKUP_BUCKET_OPTION_INVALID({ option: 'versions', reason: 'this store never keeps any' })

  // What does the work is loaded when it begins: a program that opens a repository derives its key meanwhile.
  return {
    kind: 'bucket',
    async backup(context) {
      const { backUpObjects } = await import('./back-up-objects.ts')
      return backUpObjects({ store, prefix, versions, concurrency }, context)
    },
    async restore(context) {
      const target = bucketOf(context.into)
      if (target !== undefined) return (await import('./restore-objects.ts')).restoreObjects(context, target)
      const { restoreAsFiles } = await import('./restore-as-files.ts')
      return restoreAsFiles(context, folderOf(context.into), disk)
    },
  }
}

function prefixOf(prefix: unknown): string {
  const invalid = (reason: string) => sourcesErrors.BACKUP_BUCKET_OPTION_INVALID({ option: 'prefix', reason })
  if (prefix === undefined || prefix === '') return ''
  if (typeof prefix !== 'string') throw invalid('it is no text')
  const parts = prefix.replace(/\/$/, '').split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    throw invalid('one of its parts is empty, "." or ".."')
  return `${parts.join('/')}/`
}

function bucketOf(into: unknown): BucketTarget | undefined {
  if (typeof into !== 'object' || into === null || !('store' in into)) return undefined
  const { store, prefix } = into as { readonly store: ObjectStore; readonly prefix?: unknown }
  return { store, prefix: prefixOf(prefix), versions: choiceOf(into) }
}

function folderOf(into: unknown): FolderTarget {
  if (typeof into !== 'object' || into === null || !('folder' in into)) return { into, versions: 'latest' }
  return { into: into.folder, versions: choiceOf(into) }
}

function choiceOf(into: object): VersionChoice {
  const { at, versions = 'latest' } = into as { readonly at?: unknown; readonly versions?: unknown }
  const invalid = (option: string, reason: string) => sourcesErrors.BACKUP_BUCKET_OPTION_INVALID({ option, reason })
  if (versions !== 'latest' && versions !== 'all') throw invalid('versions', 'it is neither "latest" nor "all"')
  if (at === undefined) return versions
  if (versions === 'all') throw invalid('at', 'all versions are asked for')
  if (!(at instanceof Date) || Number.isNaN(at.getTime())) throw invalid('at', 'it is no date')
  return { at }
}
