import type { Clock } from '../../clock/clock.ts'
import type { Disk } from '../../disk/disk.ts'
import type { Random } from '../../random/random.ts'
import type { DurableFolders } from './durable-folders.ts'

/** What the parts of a folder store share. */
export interface FolderContext {
  readonly folder: string
  readonly disk: Disk
  readonly folders: DurableFolders
  readonly durable: boolean
  readonly clock: Clock
  readonly random: Random
  /** Names for temporary files; no two processes draw the same. */
  readonly createId: () => string
}
