import {
  milliseconds,
  silentLogger,
  systemClock,
  systemRandom,
  type Clock,
  type Duration,
  type Logger,
  type Random,
} from '@exprsn/core'
import { systemDisk, type Disk } from '@exprsn/core/disk'
import { folderStore, type ObjectStore } from '@exprsn/core/storage'
import { storeErrors } from '../errors.ts'
import { folderFiles } from '../files/folder-files.ts'
import { objectFiles } from '../files/object-files.ts'
import type { SegmentFiles } from '../files/segment-files.ts'
import { parseQuery } from '../query/parse-query.ts'
import type { QueryLimits } from '../query/scan-context.ts'
import type { LogStoreOptions, RetentionOptions } from './store-options.ts'

/** What a store was told, checked, with what it was not told; times in milliseconds. */
export interface StoreSettings {
  readonly files: SegmentFiles
  /** Where the log, the lock and what others hand over are; undefined without a folder. */
  readonly path: string | undefined
  readonly disk: Disk
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly retention: RetentionOptions
  readonly sealAfter: number
  readonly maintenanceInterval: number
  readonly adoptInterval: number
  readonly compactAt: number
  readonly maxLine: number
  readonly limits: QueryLimits
  /** Where saved searches are, and what their keys begin with. */
  readonly documents: ObjectStore
  readonly documentPrefix: string
}

/** Checks the options of a store. @throws `LOGS_STORE_OPTION_INVALID`, `LOGS_QUERY_INVALID` */
export function resolveSettings(options: LogStoreOptions): StoreSettings {
  const {
    path,
    store,
    prefix = '',
    disk = systemDisk,
    clock = systemClock,
    random = systemRandom,
    logger = silentLogger,
    retention = {},
    maxGroups = 1_000_000,
    maxSortedLines = 100_000,
  } = options
  if (path === undefined && store === undefined)
    throw storeErrors.LOGS_STORE_OPTION_INVALID({ option: 'path', value: undefined })
  if (retention.age !== undefined) durationOf('retention.age', retention.age)
  for (const { query, age } of retention.streams ?? []) {
    durationOf('retention.streams', age)
    parseQuery(query, 0)
  }
  return {
    files: store === undefined ? folderFiles(disk, path!, random) : objectFiles(store, prefix),
    documents: store ?? folderStore({ path: `${path!}/saved`, disk, clock, random }),
    documentPrefix: store === undefined ? '' : `${prefix}saved/`,
    path,
    disk,
    clock,
    random,
    logger,
    retention,
    sealAfter: durationOf('sealAfter', options.sealAfter ?? '1m'),
    maintenanceInterval: durationOf('maintenanceInterval', options.maintenanceInterval ?? '1m'),
    adoptInterval: durationOf('adoptInterval', options.adoptInterval ?? '500ms'),
    compactAt: options.compactAt ?? 8,
    maxLine: options.maxLine ?? 64 * 2 ** 20,
    limits: {
      timeout: durationOf('queryTimeout', options.queryTimeout ?? '30s'),
      groups: maxGroups,
      lines: maxSortedLines,
    },
  }
}

function durationOf(option: string, value: Duration): number {
  try {
    return milliseconds(value)
  } catch (cause) {
    throw storeErrors.LOGS_STORE_OPTION_INVALID({ option, value }, { cause })
  }
}
