import type { Clock, Logger, Random } from '@exprsn/core'
import type { CompressionSettings } from './object/compression.ts'
import type { RepositoryConfig } from './config/config.ts'
import type { MasterKey } from './key/master-key.ts'
import type { RepositoryStore } from './object/repository-store.ts'
import type { SealedObjects } from './object/sealed-objects.ts'

/** What the parts of an open repository share. */
export interface RepositoryContext {
  readonly store: RepositoryStore
  readonly objects: SealedObjects
  readonly key: MasterKey
  readonly config: RepositoryConfig
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly hostname: string
  readonly username: string
  /** Bytes at which a pack is closed. */
  readonly packSize: number
  readonly compression: CompressionSettings | undefined
  /** Whether restic's locks are taken and honoured. */
  readonly resticLocks: boolean
  /** Milliseconds for which new objects are locked; undefined: they are not. */
  readonly lock: number | undefined
  /** Milliseconds after which a session that says nothing is taken for dead. */
  readonly sessionTimeout: number
  /** Milliseconds that a listing of the store may lag behind. */
  readonly listDelay: number
}
